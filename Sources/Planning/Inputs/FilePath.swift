import Expressions
import Files
import Operations

/// Paths as strings: how a file input is found, and what expressions see of it.
enum FilePath {
  /// The folder a file lies in, or an empty string for the current one.
  static func folder(of file: String) -> String {
    guard let slash = file.lastIndex(of: "/") else { return "" }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  /// `path` as seen from where `folder` is.
  static func resolve(_ path: String, in folder: String) -> String {
    guard !folder.isEmpty, !UserPath.isAbsolute(path) else { return path }
    var relative = path[...]
    while relative.hasPrefix("./") { relative = relative.dropFirst(2) }
    return folder.hasSuffix("/") ? folder + relative : "\(folder)/\(relative)"
  }

  /// What an input of type file is: `path`, `name`, `extension` (without its dot) and `size`.
  static func value(
    of path: String, from sources: InputSources
  ) throws(InputSources.FileFlaw) -> Value {
    LocalFile(path: path, size: try sources.size(path)).value
  }
}

import Expressions

/// Paths as text: how a file input is found, and what expressions see of it.
enum FilePath {
  /// The folder a file lies in, or an empty text for the current one.
  static func folder(of file: String) -> String {
    guard let slash = file.lastIndex(of: "/") else { return "" }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  /// `path` as seen from where `folder` is.
  static func resolve(_ path: String, in folder: String) -> String {
    guard !folder.isEmpty, !path.hasPrefix("/") else { return path }
    var relative = path[...]
    while relative.hasPrefix("./") { relative = relative.dropFirst(2) }
    return folder.hasSuffix("/") ? folder + relative : "\(folder)/\(relative)"
  }

  /// What an input of type file is: `path`, `name`, `extension` (without its dot) and `size`.
  static func value(
    of path: String, from sources: InputSources
  ) throws(InputSources.FileFlaw) -> Value {
    let size = try sources.size(path)
    let name = path.split(separator: "/").last.map { String($0) } ?? path
    return [
      "path": .string(path),
      "name": .string(name),
      "extension": .string(fileExtension(of: name)),
      "size": .int(Int64(size)),
    ]
  }

  /// What follows the last dot; empty for names such as `Makefile` and `.profile`.
  private static func fileExtension(of name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return String(name[name.index(after: dot)...])
  }
}

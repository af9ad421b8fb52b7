/// Paths as users write them.
package enum UserPath {
  /// `path` with `~` at its start replaced by the folder `home`, and otherwise unchanged.
  ///
  /// Shells do the same, but not in files and not behind `--option=`.
  package static func expand(_ path: String, home: String?) throws(FileError) -> String {
    guard !path.isEmpty else { throw FileError(path, .emptyPath) }
    guard !path.utf8.contains(0) else { throw FileError(path, .nulInPath) }
    guard path.hasPrefix("~") else { return path }
    let name = path.prefix { $0 != "/" }
    guard name == "~" else { throw FileError(path, .otherHome(String(name))) }
    guard var home, home.hasPrefix("/"), !home.utf8.contains(0) else {
      throw FileError(path, .noHome)
    }
    while home.count > 1, home.hasSuffix("/") { home.removeLast() }
    let rest = path[name.endIndex...]
    return home == "/" && !rest.isEmpty ? String(rest) : home + rest
  }

  /// Whether `path` begins with a folder of its own: `/`, or `~`.
  package static func isAbsolute(_ path: String) -> Bool {
    path.hasPrefix("/") || path.hasPrefix("~")
  }

  /// The folder that `path` names a file in.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

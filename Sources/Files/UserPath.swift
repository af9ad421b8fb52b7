import SystemPackage

/// Paths as users write them.
///
/// They stay strings: users read them again, and a `FilePath` would lose double slashes and a slash
/// at the end, and must not be made of a text with a NUL character.
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

  /// `path` from the root, without `.`, `..` and double slashes; symbolic links are not followed.
  ///
  /// Relative paths begin in the folder `current`.
  package static func absolute(
    _ path: String, home: String?, current: String = Folder.current
  ) throws(FileError) -> String {
    let path = FilePath(try expand(path, home: home))
    return FilePath(current).pushing(path).lexicallyNormalized().string
  }

  /// Whether `path` begins with a folder of its own: `/`, or `~`.
  package static func isAbsolute(_ path: String) -> Bool {
    path.hasPrefix("/") || path.hasPrefix("~")
  }

  /// The folder that `path` names a file in; `current`, which is the current folder, for a bare name.
  package static func folder(of path: String, current: String = ".") -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return current }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The name at the end of `path`, whether or not a slash follows it; `path` when it has none.
  package static func name(of path: String) -> String {
    guard !path.utf8.contains(0) else { return path }
    return FilePath(path).lastComponent?.string ?? path
  }

  /// What follows the last dot of the name at the end of `path`; empty for names such as `Makefile`
  /// and `.profile`.
  package static func fileExtension(of path: String) -> String {
    guard !path.utf8.contains(0) else { return "" }
    return FilePath(path).extension ?? ""
  }

  /// `path` behind `folder`, with one slash between them; the other when one is empty.
  package static func join(_ folder: String, _ path: String) -> String {
    if folder.isEmpty { return path }
    if path.isEmpty { return folder }
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  /// `path` as seen from where `folder` is, unless it has a folder of its own; `./` at its start goes.
  package static func resolve(_ path: String, in folder: String) -> String {
    guard !folder.isEmpty, !isAbsolute(path) else { return path }
    var relative = path[...]
    while relative.hasPrefix("./") { relative = relative.dropFirst(2) }
    return folder.hasSuffix("/") ? folder + relative : "\(folder)/\(relative)"
  }
}

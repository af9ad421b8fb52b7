import Files

/// Paths of playbooks relative to the folder of the first one, with `/` between their parts.
enum PlayedPath {
  /// `path`, as written in the file `naming`, or nil when it leads out of the folder.
  static func resolve(_ path: String, from naming: String) -> String? {
    var parts = naming.split(separator: "/").dropLast().map(String.init)
    for part in path.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(String(part))
      } else if parts.popLast() == nil {
        return nil
      }
    }
    return parts.joined(separator: "/")
  }

  /// The folder that `path` is in; empty for a bare name.
  static func folder(of path: String) -> String {
    UserPath.folder(of: path, current: "")
  }

  /// What follows the last slash; empty for a path that ends in one.
  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  static func join(_ folder: String, _ path: String) -> String {
    UserPath.join(folder, path)
  }

  /// `path` below `folder`, both absolute and resolved, or nil when it is not there.
  static func relative(_ path: String, to folder: String) -> String? {
    let prefix = join(folder, "/").replacing("//", with: "/")
    return path.hasPrefix(prefix) && path != prefix ? String(path.dropFirst(prefix.count)) : nil
  }
}

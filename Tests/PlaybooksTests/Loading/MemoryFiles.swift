import Playbooks

/// Playbook files that exist only in a test.
///
/// Paths are absolute; the working folder is `/work`.
struct MemoryFiles: Sendable {
  var files: [String: String] = [:]
  /// Symbolic links, by their path.
  var links: [String: String] = [:]
  var unreadable: [String: PlaybookFiles.Problem] = [:]

  var playbookFiles: PlaybookFiles {
    PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in try resolve(path) },
      read: { path, limit throws(PlaybookFiles.Problem) in
        if let problem = unreadable[path] { throw problem }
        guard let text = files[path] else { throw .notAFile }
        guard text.utf8.count <= limit else { throw .tooLarge }
        return Array(text.utf8)
      },
      names: { folder in names(in: folder) })
  }

  private func resolve(_ path: String) throws(PlaybookFiles.Problem) -> String {
    var parts: [String] = []
    for part in (path.hasPrefix("/") ? path : "/work/" + path).split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(String(part))
      }
      let reached = "/" + parts.joined(separator: "/")
      if let target = links[reached] { parts = target.split(separator: "/").map(String.init) }
    }
    let resolved = "/" + parts.joined(separator: "/")
    guard files[resolved] != nil || names(in: resolved) != nil else { throw .missing }
    return resolved
  }

  private func names(in folder: String) -> [String]? {
    let folder = folder.hasPrefix("/") ? folder : folder == "." ? "/work" : "/work/" + folder
    let prefix = folder == "/" ? folder : folder + "/"
    let inside = (Array(files.keys) + Array(links.keys)).filter { $0.hasPrefix(prefix) }
    guard !inside.isEmpty else { return nil }
    return Set(inside.compactMap { $0.dropFirst(prefix.count).split(separator: "/").first })
      .map(String.init).sorted()
  }
}

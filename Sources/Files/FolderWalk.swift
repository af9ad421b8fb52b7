/// The files of a folder and of those in it.
extension Folder {
  /// How deep folders are entered.
  private static let deepest = 64

  /// The paths of the files below `folder` whose name is wanted, sorted; each begins with `folder`.
  ///
  /// What begins with a dot is left out. A folder that a link leads to a second time is not entered again.
  /// Throws for a folder that cannot be listed.
  package static func paths(
    below folder: String, where isWanted: (String) -> Bool
  ) throws(FileError) -> [String] {
    var visited: Set<FileIdentity> = []
    var paths: [String] = []
    try walk(folder, depth: 0, &visited, &paths, isWanted)
    return paths.sorted()
  }

  private static func walk(
    _ folder: String, depth: Int, _ visited: inout Set<FileIdentity>, _ paths: inout [String],
    _ isWanted: (String) -> Bool
  ) throws(FileError) {
    if let status = try? FileStatus(of: folder), !visited.insert(status.identity).inserted {
      return
    }
    for file in try files(in: folder, where: { !$0.hasPrefix(".") }) {
      let path = UserPath.join(folder, file.name)
      if file.sight?.problem == .isFolder {
        guard depth < deepest else { continue }
        try walk(path, depth: depth + 1, &visited, &paths, isWanted)
      } else if isWanted(file.name) {
        paths.append(path)
      }
    }
  }
}

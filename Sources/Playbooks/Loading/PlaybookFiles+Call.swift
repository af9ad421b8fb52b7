/// A playbook that the program makes for a single call.
extension PlaybookFiles {
  /// What such a playbook is called: as if it were a file in the current folder.
  package static let callName = "call"

  /// These files, with `text` as the file `callName` of the current folder.
  package func holding(call text: String) -> PlaybookFiles {
    let original = self
    let folder = (try? resolve(".")) ?? "/"
    let place = "\(folder == "/" ? "" : folder)/\(Self.callName)"
    let bytes = Array(text.utf8)
    return PlaybookFiles(
      resolve: { path throws(Problem) in
        path == Self.callName ? place : try original.resolve(path)
      },
      read: { file, limit throws(Problem) in
        guard file == place else { return try original.read(file, limit) }
        guard bytes.count <= limit else { throw .tooLarge }
        return bytes
      },
      names: original.names)
  }
}

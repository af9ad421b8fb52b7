package import Diagnostics

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

extension SourceLocation {
  /// Whether it is in the playbook that the program made for a single call.
  package var isOfCall: Bool { file == PlaybookFiles.callName }
}

extension Diagnostic {
  /// The same without locations in the playbook of a single call, which the user does not have.
  package var ofCall: Diagnostic {
    var diagnostic = self
    if location?.isOfCall == true { diagnostic.location = nil }
    if fix?.location.isOfCall == true { diagnostic.fix = nil }
    diagnostic.related.removeAll { $0.location.isOfCall }
    return diagnostic
  }
}

package import Diagnostics

extension Playbook {
  /// Reads a playbook file, language version 1.
  ///
  /// Throws all findings of the file at once. References to inputs, steps and operations are not
  /// looked up here; expressions are read but not checked.
  package init(parsing bytes: [UInt8], file: String) throws(InvalidInput) {
    let document = try YAMLNode(parsing: bytes, file: file)
    var reader = PlaybookReader(file: file)
    let playbook = reader.readPlaybook(document)
    guard let playbook, !reader.findings.hasErrors else {
      throw reader.findings.invalidInput(file: file)
    }
    self = playbook
  }
}

package import Diagnostics

extension Playbook {
  /// Reads a playbook file, language version 1, that must be right.
  ///
  /// Throws all findings of the file at once. References to inputs, steps and operations are not
  /// looked up here; expressions are read but not checked.
  package init(parsing bytes: [UInt8], file: String) throws(InvalidInput) {
    var findings = DiagnosticList()
    let playbook = Playbook(reading: bytes, file: file, findings: &findings)
    guard let playbook, !findings.hasErrors else { throw InvalidInput(findings.diagnostics) }
    self = playbook
  }

  /// Reads a playbook file as far as it can be understood; everything wrong is added to `findings`.
  ///
  /// Nil when nothing of it can: a syntax error, another version of the language, no map.
  init?(reading bytes: [UInt8], file: String, findings: inout DiagnosticList) {
    let yaml = YAMLReading(of: bytes, file: file, limits: .playbook)
    var reader = PlaybookReader(file: file)
    reader.findings.merge(yaml.findings)
    for node in yaml.lost { reader.skip(node) }
    let playbook = yaml.node.flatMap { reader.readPlaybook($0) }
    findings.merge(reader.findings)
    guard let playbook else { return nil }
    self = playbook
  }
}

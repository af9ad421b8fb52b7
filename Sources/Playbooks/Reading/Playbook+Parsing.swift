package import Diagnostics

extension Playbook {
  /// Reads a playbook file, language version 1, that must be right.
  ///
  /// Throws all diagnostics of the file at once. References to inputs, steps and operations are not
  /// looked up here; expressions are read but not checked.
  package init(parsing bytes: [UInt8], file: String) throws(InvalidInput) {
    var diagnostics = DiagnosticList()
    let playbook = Playbook(reading: bytes, file: file, diagnostics: &diagnostics)
    guard let playbook, !diagnostics.hasErrors else { throw InvalidInput(diagnostics.elements) }
    self = playbook
  }

  /// Reads a playbook file as far as it can be understood; everything wrong is added to `diagnostics`.
  ///
  /// Nil when nothing of it can: a syntax error, another version of the language, no map.
  init?(reading bytes: [UInt8], file: String, diagnostics: inout DiagnosticList) {
    let yaml = YAMLReading(of: bytes, file: file, limits: .playbook)
    var reader = PlaybookReader(file: file)
    reader.diagnostics.merge(yaml.diagnostics)
    for node in yaml.lost { reader.skip(node) }
    let playbook = yaml.node.flatMap { reader.readPlaybook($0) }
    diagnostics.merge(reader.diagnostics)
    guard let playbook else { return nil }
    self = playbook
  }
}

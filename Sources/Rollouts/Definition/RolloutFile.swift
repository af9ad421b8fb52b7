package import Diagnostics
import Playbooks
package import TimeZones

/// Reads rollout files, language version 1.
package enum RolloutFile {
  /// The rollout that `bytes` describe.
  ///
  /// Throws all diagnostics of the file at once when one of them is an error. Expressions are checked,
  /// except that the inputs of the playbook are not known: see `RolloutDefinition.check`. Local times of its
  /// schedule are those of `zones`.
  package static func read(
    _ bytes: [UInt8], file: String, zones: TimeZoneDatabase = .system
  ) throws(InvalidInput) -> RolloutDefinition {
    let yaml = YAMLReading(of: bytes, file: file, limits: .playbook)
    var reader = RolloutReader(file: file, zones: zones)
    reader.nodes.diagnostics.merge(yaml.diagnostics)
    let definition = yaml.node.flatMap { reader.readRollout($0) }
    let diagnostics = reader.nodes.diagnostics
    guard var definition, !diagnostics.hasErrors else { throw InvalidInput(diagnostics.elements) }
    definition.warnings = diagnostics.elements
    return definition
  }

  /// What diagnostics of the file quote: its lines, but for addresses of notifications, which may hold tokens.
  package static func texts(of bytes: [UInt8], file: String) -> SourceTexts {
    var texts = SourceTexts()
    texts[file] = YAMLText.lossy(bytes)
    texts.hide(valueOf: "post")
    return texts
  }
}

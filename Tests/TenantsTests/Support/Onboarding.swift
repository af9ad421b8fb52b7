import Diagnostics
import Expressions
import Files
import Operations
import Planning
import Playbooks
import Tenants
import Testing

/// A playbook whose inputs tenants files give, and what is found in such files.
struct Onboarding {
  /// The playbook in `Fixtures`.
  var file = "onboard.yaml"
  var shared: [String] = []
  var inputsFiles: [(file: String, text: String)] = []
  var sources = Self.untouched
  var commands: [String: [String]] = [:]
  var literals = SecretRules.Literals.refused

  /// Sources that fail a test which reads from them.
  static let untouched = InputSources(
    environment: { _ in
      Issue.record("a variable was read")
      return nil
    },
    size: { _ throws(InputSources.FileFlaw) in throw .missing },
    read: { _, _ throws(InputSources.FileFlaw) in
      Issue.record("a file was read")
      throw .missing
    },
    command: { _ throws(InputSources.CommandFlaw) in
      Issue.record("a command was run")
      throw .notStarted("nothing may run")
    })

  private static let playbooks = ["onboard.yaml", "staff.yaml"].map { file in
    (
      file,
      Result { () throws in
        var texts = SourceTexts()
        let loaded = try PlaybookLoader().load("\(Fixtures.folder)/\(file)", texts: &texts)
        return try Planner(api: .embedded()).check(loaded).planned
      }
    )
  }

  private func playbook() throws -> PlannedPlaybook {
    try #require(Self.playbooks.first { $0.0 == file }).1.get()
  }

  func binder() throws -> TenantBinder {
    var provided = ProvidedInputs()
    for (file, text) in inputsFiles { provided.take(file: file, Array(text.utf8)) }
    for text in shared { provided.take(argument: text) }
    return TenantBinder(
      playbook: try playbook(), shared: provided, sources: sources, commands: commands,
      literals: literals)
  }

  /// The tenants in `bytes`, and what is wrong with the others, as a person reads it.
  func read(
    _ bytes: [UInt8], file: String, format: TenantsFormat? = nil, separator: CSVSeparator? = nil,
    inPiecesOf count: Int = 1000
  ) throws -> (text: String, list: TenantList) {
    let reader = TenantsReader(
      file: file, format: format, separator: separator, binder: try binder())
    var list = TenantList.Builder(file: file)
    let reading = reader.read(.bytes(bytes, inPiecesOf: count)) { list.add($0) }
    let text = DiagnosticRenderer(texts: reading.texts).render(reading.diagnostics.elements)
    return (text, list.build())
  }

  /// What is wrong with `text`, as a person reads it.
  func diagnostics(
    _ text: String, file: String = "tenants.csv", format: TenantsFormat? = nil,
    separator: CSVSeparator? = nil
  ) throws -> String {
    try read(Array(text.utf8), file: file, format: format, separator: separator).text
  }

  /// The tenants in `text`, which must be right.
  func tenants(_ text: String, file: String = "tenants.csv") throws -> [Tenant] {
    let (text, list) = try read(Array(text.utf8), file: file)
    guard text.isEmpty else { throw UnexpectedDiagnostics(text: text) }
    return try (0..<list.count).map { try list[$0] }
  }
}

struct UnexpectedDiagnostics: Error {
  let text: String
}

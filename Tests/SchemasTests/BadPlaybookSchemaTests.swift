import Expressions
import FoundationEssentials
import Playbooks
import Schemas
import Testing

/// Playbooks that are wrong break the schema, unless only the program can know.
///
/// `uncaught.yaml` lists those that do not, by the reason; `.ci/check-playbook-schema.py` reads it, too.
struct BadPlaybookSchemaTests {
  private static let folders = [
    "Tests/PlaybooksTests/Fixtures/bad", "Tests/PlanningTests/Fixtures/bad",
  ]

  private enum Verdict {
    case invalid
    case valid
    case notYAML
  }

  private static func verdict(on path: String, _ validator: SchemaValidator) throws -> Verdict {
    guard let document = try? SchemaFiles.document(path) else { return .notYAML }
    return try validator.accepts(document) ? .valid : .invalid
  }

  @Test func `what a schema can catch breaks it, and the rest is listed with its reason`() throws {
    let validator = SchemaValidator(try SchemaFiles.schema(.playbook).value)
    let listed = try SchemaFiles.document("Tests/SchemasTests/uncaught.yaml")
    var expected: [String: Set<String>] = [:]
    guard case .map(let reasons) = listed else { throw SchemaValidator.UnknownKeyword(name: "") }
    for reason in reasons.names {
      guard case .list(let names) = reasons[reason] else { continue }
      expected[reason == "yaml" ? "yaml" : "valid", default: []].formUnion(names.compactMap(\.text))
    }
    var found: [String: Set<String>] = [:]
    var count = 0
    for folder in Self.folders {
      for path in try SchemaFiles.paths(under: folder, endingIn: ".yaml") {
        count += 1
        let name = path.dropFirst("Tests/".count).replacing("Tests/Fixtures/bad", with: "")
        switch try Self.verdict(on: path, validator) {
        case .invalid: continue
        case .valid: found["valid", default: []].insert(String(name))
        case .notYAML: found["yaml", default: []].insert(String(name))
        }
      }
    }
    #expect(count > 100)
    for kind in ["valid", "yaml"] {
      let (found, expected) = (found[kind] ?? [], expected[kind] ?? [])
      #expect(found.subtracting(expected).sorted() == [], "\(kind), and not listed")
      #expect(expected.subtracting(found).sorted() == [], "listed, and not \(kind)")
    }
  }

  /// The blocks of YAML in the docs, each with what its first line says behind `yaml`.
  private static func blocks() throws -> [(kind: String, text: String)] {
    let pages = try SchemaFiles.paths(under: "docs", endingIn: ".md")
    return try pages.flatMap { page in
      try SchemaFiles.text(page).split(separator: "```yaml").dropFirst().compactMap { block in
        guard let text = block.split(separator: "\n```").first,
          let end = text.firstIndex(of: "\n")
        else { return nil }
        return (String(text[..<end]), String(text[text.index(after: end)...]))
      }
    }
  }

  @Test func `a playbook of the docs keeps to the schema if the program accepts it`() throws {
    let validator = SchemaValidator(try SchemaFiles.schema(.playbook).value)
    let playbooks = try Self.blocks().map(\.text).filter { $0.contains("playbook: 1") }
    let right = try playbooks.filter { try SchemaFiles.errors(inPlaybook: $0).isEmpty }
    #expect(right.count > 60)
    for text in right {
      #expect(
        try validator.complaints(about: SchemaFiles.document(ofText: text)) == [], "\(text)")
    }
  }

  @Test func `a rollout file of the docs keeps to the schema`() throws {
    let validator = SchemaValidator(try SchemaFiles.schema(.rollout).value)
    let right = try Self.blocks().filter { $0.kind == " right rollout" }
    #expect(right.count > 10)
    for (_, text) in right {
      #expect(
        try validator.complaints(about: SchemaFiles.document(ofText: text)) == [], "\(text)")
    }
  }
}

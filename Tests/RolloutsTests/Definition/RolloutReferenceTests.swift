import Diagnostics
import EventSamples
import Events
import Expressions
import FoundationEssentials
import Playbooks
import Rollouts
import Tenants
import Testing

/// The schema and the reference of rollout files say what the reader does.
struct RolloutReferenceTests {
  private static let keys = RolloutKey.allCases.map(\.rawValue)

  private static func text(_ path: String) throws -> String {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return String(decoding: try Data(contentsOf: URL(filePath: "/\(root)/\(path)")), as: UTF8.self)
  }

  // MARK: Schema

  private static func schema() throws -> YAMLNode {
    let text = try text("schemas/rollout.schema.json")
    return try YAMLNode(parsingJSON: Array(text.utf8), file: "rollout.schema.json")
  }

  @Test func `the schema has every key, with a description`() throws {
    let entries = try #require(try Self.schema()["properties"]?.entries)
    #expect(entries.map(\.key) == Self.keys)
    #expect(entries.filter { $0.value["description"] == nil }.map(\.key) == [])
  }

  @Test func `the schema requires what the reader requires`() throws {
    let required = try #require(try Self.schema()["required"]?.value)
    #expect(required == ["rollout", "playbook", "tenants"])
  }

  @Test(arguments: [
    ("mode", RolloutMode.allCases.map(\.rawValue)),
    ("on-stop", RolloutLimits.OnStop.allCases.map(\.rawValue)),
  ])
  func `the schema has the words of the reader`(key: String, words: [String]) throws {
    let node = try Self.schema()["properties"]?[key]?["enum"]
    #expect(node?.value == .list(words.map { .string($0) }))
  }

  @Test func `the schema has the formats of tenants files`() throws {
    let node = try Self.schema()["$defs"]?["tenants"]?["properties"]?["format"]?["enum"]
    #expect(node?.value == .list(TenantsFormat.allCases.map { .string($0.rawValue) }))
  }

  private static func complaints(about bytes: [UInt8]) throws -> [String] {
    let document = try YAMLNode(parsing: bytes, file: "r.yaml").value
    return try SchemaCheck(named: "rollout.schema.json")
      .complaints(aboutDocument: JSON.text(document))
  }

  @Test(arguments: ["good", "least"])
  func `a good file keeps to the schema, and so does its text`(name: String) throws {
    #expect(try Self.complaints(about: RolloutFixtures.bytes("\(name).yaml")) == [])
    let text = try RolloutFixtures.rollout("\(name).yaml").text
    #expect(try Self.complaints(about: Array(text.utf8)) == [])
  }

  @Test(arguments: [
    "invalid-duration", "missing-key", "unknown-format", "unknown-key", "unsupported-version",
    "wrong-type--amounts", "wrong-type--shapes", "wrong-type--version", "wrong-value",
  ])
  func `a file of another form breaks the schema`(name: String) throws {
    #expect(try Self.complaints(about: RolloutFixtures.bytes("bad/\(name).yaml")) != [])
  }

  // MARK: Reference

  @Test func `the reference lists every key in the order of the schema`() throws {
    let rows = try Self.text("docs/rollouts.md").split(separator: "\n").compactMap { line in
      line.hasPrefix("| `") ? line.dropFirst(3).prefix { $0 != "`" } : nil
    }
    #expect(rows.map(String.init).filter { Self.keys.contains($0) } == Self.keys)
  }

  /// Each block as a whole file.
  private static func examples() throws -> [String] {
    let blocks = try text("docs/rollouts.md").split(separator: "```yaml\n").dropFirst()
    return try blocks.map { block in
      let text = String(try #require(block.split(separator: "```").first))
      if text.hasPrefix("rollout:") { return text }
      let tenants = text.hasPrefix("tenants:") ? "" : "tenants: tenants.csv\n"
      return "rollout: 1\nplaybook: tenant.yaml\n\(tenants)\(text)"
    }
  }

  @Test(arguments: try Self.examples())
  func `an example of the reference is a rollout file without warnings`(example: String) throws {
    var found: [Diagnostic] = []
    do {
      found = try RolloutFile.read(Array(example.utf8), file: "rollouts.md").warnings
    } catch {
      found = error.diagnostics
    }
    #expect(
      RolloutFixtures.render(found, Array(example.utf8), file: "rollouts.md") == "\n")
    #expect(try Self.complaints(about: Array(example.utf8)) == [])
  }

  @Test func `the reference has examples`() throws {
    #expect(try Self.examples().count == 12)
  }
}

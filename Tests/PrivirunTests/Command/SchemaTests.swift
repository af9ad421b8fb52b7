import Foundation
import Testing

/// `schema`: what editors know of the files.
@Suite("Schemas for editors", .timeLimit(.minutes(5)))
struct SchemaTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(["schema"] + arguments, in: folder.path)
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func shipped(_ kind: String) throws -> String {
    try String(contentsOf: root.appending(path: "schemas/\(kind).schema.json"), encoding: .utf8)
  }

  @Test func `without arguments, the schema of playbooks is printed`() async throws {
    let ended = try await run()
    #expect(ended.status == 0)
    #expect(ended.errors == "")
    let isShipped = try ended.output == Self.shipped("playbook")
    #expect(isShipped)
  }

  @Test(arguments: ["playbook", "inputs", "rollout"])
  func `a schema is written to a file`(kind: String) async throws {
    let ended = try await run(kind, "--to", "a.json")
    #expect(ended.status == 0)
    #expect(ended.output == "")
    #expect(ended.errors == "privirun: the schema is in a.json\n")
    let isShipped =
      try String(contentsOfFile: "\(folder.path)/a.json", encoding: .utf8)
      == Self.shipped(kind)
    #expect(isShipped)
  }

  private static let playbook = """
    playbook: 1
    inputs:
      name: { type: string, summary: Login name }
      pin: { type: secret }
      count: { type: integer, default: 2 }
      unused: { type: file, default: ./a.txt }
    steps:
      - assert: size(inputs.name) > inputs.count && inputs.pin != ''
    """

  private func schema(_ arguments: String...) async throws -> [String: Any] {
    try folder.write(Self.playbook, to: "a.yaml")
    let ended = try await Program.run(["schema", "inputs", "a.yaml"] + arguments, in: folder.path)
    #expect(ended.status == 0)
    #expect(ended.errors == "")
    let value = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
    return try #require(value as? [String: Any])
  }

  @Test func `the inputs of a playbook have their types, summaries and defaults`() async throws {
    let schema = try await schema()
    #expect(schema["required"] as? [String] == ["name", "pin"])
    let members = try #require(schema["properties"] as? [String: [String: Any]])
    #expect(members.keys.sorted() == ["count", "name", "pin", "shared", "unused"])
    #expect(members["name"]?["description"] as? String == "Login name")
    #expect(members["count"]?["type"] as? String == "integer")
    #expect(members["count"]?["default"] as? Int == 2)
    #expect((members["pin"]?["pattern"] as? String)?.hasPrefix("^(env:") == true)
    #expect(members["unused"]?["default"] == nil)
  }

  @Test func `a file that gives some inputs needs none`() async throws {
    let schema = try await schema("--partial")
    #expect(schema["required"] == nil)
  }

  @Test func `a playbook that is wrong has no schema`() async throws {
    try folder.write("playbook: 1\nsteps: [{cal: x}]\n", to: "a.yaml")
    let ended = try await run("inputs", "a.yaml", "--to", "a.json")
    #expect(ended.status == 2)
    #expect(ended.errors.contains("a step has no key `cal`"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/a.json"))
  }

  @Test(arguments: [
    (["playbook", "a.yaml"], "a playbook can only be given with `inputs`"),
    (["inputs", "--partial"], "--partial needs `inputs` and a playbook"),
    (["playbooks"], "The value 'playbooks' is invalid for '<kind>'"),
  ])
  func `what makes no sense is refused`(arguments: [String], words: String) async throws {
    let ended = try await Program.run(["schema"] + arguments, in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains(words))
  }

  @Test func `the operations are those of the description that is given`() async throws {
    let root = Self.root
    let text = try String(
      contentsOf: root.appending(path: "schemas/privicore-api.yaml"), encoding: .utf8)
    try folder.write(
      text.replacing("Checks that the engine is up", with: "Alive and well; checks the engine"),
      to: "api.yaml")
    let ended = try await run("--api", "api.yaml")
    #expect(ended.status == 0)
    #expect(ended.output.contains("Alive and well"))
    #expect(try !Self.shipped("playbook").contains("Alive and well"))
  }
}

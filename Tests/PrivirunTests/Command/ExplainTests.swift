import Foundation
import Testing

/// `explain`, and what leads to it.
@Suite("Explanations", .timeLimit(.minutes(5)))
struct ExplainTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  @Test(arguments: ["P0201", "p0201", "unknown-key", "Unknown-Key"])
  func `a rule is explained by its number or name`(_ name: String) async throws {
    let ended = try await run("explain", name)
    #expect(ended.status == 0)
    #expect(ended.output.hasPrefix("P0201 unknown-key (error)\n\n  A map has a key"))
    #expect(ended.output.contains("\n\nWrong\n  playbook: 1\n"))
    #expect(ended.output.contains("\n\nRight\n  playbook: 1\n"))
    #expect(!ended.output.contains("```"))
  }

  @Test(arguments: [
    ("unknwon-key", "did you mean `unknown-key`?"), ("P02011", "did you mean `P0201`?"),
    ("frobnicate", "`privirun explain` lists them all"),
  ])
  func `a wrong name is status 2 with a suggestion`(_ name: String, _ hint: String) async throws {
    let ended = try await run("explain", name)
    #expect(ended.status == 2)
    #expect(ended.output == "")
    #expect(ended.errors.contains("there is no error or warning `\(name)`"))
    #expect(ended.errors.contains(hint))
  }

  @Test func `all rules are listed in groups`() async throws {
    let ended = try await run("explain")
    #expect(ended.output.hasPrefix("Files and YAML\n  P0101  missing-file "))
    #expect(ended.output.contains("\nNotifications\n  P1301  needless-topic "))
  }

  @Test func `a page is also JSON`() async throws {
    let ended = try await run("explain", "unknown-key", "--output", "json")
    let page = try #require(
      JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
    #expect(page["number"] as? String == "P0201")
    #expect(page["severity"] as? String == "error")
    #expect((page["examples"] as? [[String: Any]])?.count == 2)
  }

  @Test func `a failed check says once where more is`() async throws {
    try folder.write("playbook: 1\nsteps:\n  - cal: x\n  - wait: 1\n", to: "bad.yaml")
    try folder.write("playbook: 1\nsteps: [{wait: 1s}]\n", to: "good.yaml")
    let bad = try await run("check", "bad.yaml", "bad.yaml")
    #expect(bad.errors.hasSuffix("\n\n`privirun explain P0201` says more\n"))
    #expect(bad.errors.components(separatedBy: "says more").count == 2)
    let good = try await run("check", "good.yaml")
    #expect(good.errors == "")
  }

  @Test func `check writes one SARIF log with the places of the files in the folder`() async throws
  {
    try folder.write(
      "playbook: 1\nsteps:\n  - { id: a, wait: 1s }\n  - { id: a, wait: 1s }\n  - wiat: 1s\n",
      to: "sub/bad file.yaml")
    let ended = try await run("check", "\(folder.path)/sub/bad file.yaml", "--output", "sarif")
    #expect(ended.status == 2)
    #expect(ended.errors == "")
    let log = try #require(
      JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    #expect(ended.output.contains(#""uri":"sub/bad%20file.yaml""#))
    #expect(!ended.output.contains(folder.path))
    #expect(ended.output.contains(#""insertedContent":{"text":"wait"}"#))
    #expect(ended.output.contains(#""message":{"text":"first given here"}"#))
  }
}

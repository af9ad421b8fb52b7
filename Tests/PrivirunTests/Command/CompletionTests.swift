import Foundation
import Testing

/// What shells offer while a command is typed.
@Suite("Completion", .serialized, .timeLimit(.minutes(20)))
struct CompletionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What the program answers to the script of a shell for the last of `words`.
  private func offers(
    _ command: [String], _ argument: String, _ words: [String]
  ) async throws -> [String] {
    let line = ["privirun"] + words
    // Beside many other processes its time may be over first, and nothing is offered.
    for _ in 1...8 {
      let ended = try await Program.run(
        ["---completion"] + command + ["--", argument, String(line.count - 1), "0"] + line,
        in: folder.path, environment: ["SAP_SHELL": "fish"])
      #expect(ended.status == 0)
      #expect(ended.errors == "")
      let offers = ended.output.split(separator: "\n").map { String($0) }
      if !offers.isEmpty { return offers }
    }
    return []
  }

  @Test(arguments: [
    (
      "bash",
      ["compopt -o nospace", "-F __privirun_joined privirun", "done <<< \"${2}\"\n        return"]
    ),
    ("zsh", ["compadd -S ''", "'*--input=[", "'--journal=["]),
    ("fish", ["function __privirun_continues_list"]),
  ])
  func `the script is that of the parser with what it lacks`(
    shell: String, additions: [String]
  ) async throws {
    let ours = try await Program.run("completion", shell, in: folder.path)
    let parsers = try await Program.run("--generate-completion-script", shell, in: folder.path)
    #expect(ours.output.contains("---completion"))
    #expect((ours == parsers) == additions.isEmpty)
    for addition in additions { #expect(ours.output.contains(addition)) }
  }

  @Test func `inputs of the playbook on the line are offered that are not given yet`() async throws
  {
    try folder.write(
      "playbook: 1\ninputs: { username: { type: string }, size: { type: integer } }\nsteps: []\n",
      to: "a.yaml")
    #expect(
      try await offers(
        ["run"], "--input", ["run", "a.yaml", "--input", "username=b", "--input", ""])
        == ["size="])
    #expect(try await offers(["run"], "--input", ["run", "none.yaml", "--input", ""]) == [])
  }

  @Test func `no name is offered that a shell could run`() async throws {
    try folder.write(
      """
      playbook: 1
      inputs: { "$(id)": { type: string }, "`id`": { type: string }, "a;b": { type: string }, n_1: { type: string } }
      steps: []

      """, to: "a.yaml")
    #expect(
      try await offers(["run"], "--input", ["run", "a.yaml", "--input", ""]) == ["n_1="])
  }

  @Test func `runs are offered, and no file is made`() async throws {
    #expect(try await offers(["show"], "positional@0", ["show", ""]) == ["latest"])
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun"))
    try folder.write("playbook: 1\nname: a\nsteps: [{ wait: 1ms }]\n", to: "a.yaml")
    _ = try await Program.run("run", "a.yaml", "--quiet", in: folder.path)
    let before = try folder.bytes(below: ".privirun").keys.sorted()
    let offered = try await offers(["show"], "positional@0", ["show", ""])
    #expect(offered.count == 2 && offered.first == "latest")
    #expect(try folder.bytes(below: ".privirun").keys.sorted() == before)
    try folder.write("no journal", to: "broken.sqlite")
    #expect(
      try await offers(
        ["show"], "positional@0", ["show", "--journal", "broken.sqlite", ""]) == ["latest"])
  }

  @Test func `operations and their fields are offered`() async throws {
    let operations = try await offers(["call"], "positional@0", ["call", ""])
    #expect(operations.contains("device.approve-device") && operations.contains("keys.generate"))
    #expect(!operations.contains("websockets.join-channel"))
    #expect(
      try await offers(["call"], "--with", ["call", "device.approve-device", "--with", ""])
        == ["deviceIdentifier="])
  }

  @Test func `what the script of another version asks for is answered with nothing`() async throws {
    let ended = try await Program.run(
      ["---completion", "nonsense", "--", "--none", "1", "0", "privirun", ""], in: folder.path)
    #expect(ended == Ended(status: 0))
  }
}

import Foundation
import Glibc
import Testing

// Each test blocks a thread while it waits for the terminal.
@Suite("Decisions at the terminal", .serialized, .timeLimit(.minutes(2)))
struct TerminalDecisionTests {
  private static let playbook = """
    playbook: 1
    name: gated
    steps:
      - id: release
        approve: { message: "Go on?", fields: { count: integer, pin: secret } }
      - assert: steps.release.count == 3 && steps.release.pin == 'planted-pin-4711'
    """

  /// What is waited for, and what is typed then.
  private static let rejecting = [
    ("[l]ater: ", "n"), ("reason (empty for none): ", "not on a Friday"),
  ]
  private static let approving = [
    ("[l]ater: ", "what"), ("[l]ater: ", "y"), ("count (integer): ", "three"),
    ("count (integer): ", "3"), ("not shown while you type: ", "planted-pin-4711"),
  ]

  @Test(arguments: [(rejecting, 1), (approving, 0)] as [([(String, String)], Int32)])
  func `the person at the terminal is asked, and asked again for what does not fit`(
    dialogue: [(question: String, answer: String)], status: Int32
  ) throws {
    let folder = try TemporaryFolder()
    let terminal = try Terminal()
    try folder.write(Self.playbook, to: "main.yaml")
    let process = try terminal.start(
      ["run", "\(folder.path)/main.yaml", "--journal", "\(folder.path)/j.sqlite"])
    for (question, answer) in dialogue {
      try #require(terminal.waits(for: question))
      terminal.type("\(answer)\n")
    }
    let (ended, shown) = terminal.ending(of: process)
    #expect(ended == status, "\(shown)")
    #expect(!shown.contains("planted-pin-4711"))
  }

  @Test(
    arguments: [
      (["approve", "latest", "--reject", "--journal", "j.sqlite"], 1),
      (["cancel", "latest", "--journal", "j.sqlite"], 4),
    ] as [([String], Int32)])
  func `a question that is settled elsewhere does not keep the process`(
    command: [String], status: Int32
  ) async throws {
    let folder = try TemporaryFolder()
    let terminal = try Terminal()
    try folder.write(Self.playbook, to: "main.yaml")
    let process = try terminal.start(
      ["run", "\(folder.path)/main.yaml", "--journal", "\(folder.path)/j.sqlite"])
    try #require(terminal.waits(for: "[l]ater: "))
    #expect(try await Program.run(command, in: folder.path).status == 0)
    #expect(terminal.ending(of: process).status == status)
  }

  @Test func `what is asked cannot write on the terminal itself`() throws {
    let folder = try TemporaryFolder()
    let terminal = try Terminal()
    try folder.write(
      """
      playbook: 1
      steps: [{ approve: "safe\\e[2K\\rOther" }]
      """, to: "main.yaml")
    let process = try terminal.start(
      [
        "run", "\(folder.path)/main.yaml", "--journal", "\(folder.path)/j.sqlite", "--output",
        "plain",
      ])
    try #require(terminal.waits(for: "[l]ater: "))
    terminal.type("n\n")
    try #require(terminal.waits(for: "reason"))
    terminal.type("\n")
    let (status, shown) = terminal.ending(of: process)
    #expect(status == 1)
    #expect(!shown.contains("\u{1B}[2K\rOther"))
  }
}

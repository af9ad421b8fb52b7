import Foundation
import GRDB
import Glibc
import Testing

/// Runs over several real processes: killed, stopped, taken over, and asked from outside.
@Suite("Runs that outlive their process", .timeLimit(.minutes(20)))
struct ResumeProcessTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let gated = """
    playbook: 1
    name: gated
    steps:
      - id: release
        approve: { message: "Go on?", fields: { ticket: string } }
    outputs: { ticket: "${{ steps.release.ticket }}" }
    """

  private static func waiting(_ time: String) -> String {
    "playbook: 1\nname: waiting\nsteps: [{ id: w, wait: \(time) }, { id: a, assert: \"true\" }]\n"
  }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  /// Starts a run of `text` and returns once its first step has begun.
  private func started(_ text: String) async throws -> RunningProgram {
    try folder.write(text, to: "main.yaml")
    let program = try Program.start(["run", "main.yaml", "--output", "plain"], in: folder.path)
    _ = try #require(
      await program.line(with: text == Self.gated ? "approval required" : "pauses"))
    return program
  }

  private func progress() async throws -> String? {
    let listed = try await run("runs", "--output", "json").output
    return ["running", "waiting", "interrupted"].first { listed.contains("\"progress\":\"\($0)\"") }
  }

  @Test func `a run whose process was killed is continued by another`() async throws {
    let program = try await started(Self.waiting("1h"))
    #expect(try await progress() == "running")
    program.kill()
    #expect(await program.ended().status == -SIGKILL)
    #expect(try await progress() == "interrupted")
    let shown = try await run("show", "latest").output
    #expect(shown.contains(#/the run was interrupted; `privirun resume [0-9a-z]+` continues it/#))
    // No edit changes a run that is started.
    try folder.write("nonsense", to: "main.yaml")
    let other = try Program.start(["resume", "latest", "--output", "plain"], in: folder.path)
    _ = try #require(await other.line(with: "resumed by process"))
    #expect(try await progress() == "running")
    #expect(try await run("cancel", "latest").status == 0)
    #expect(await other.ended().status == 4)
    #expect(try await run("show", "latest", "--verify").status == 0)
  }

  @Test func `a run is continued in the folder that it was started in`() async throws {
    try folder.write(
      """
      playbook: 1
      steps:
        - { id: gate, approve: "Go on?" }
        - { id: f, call: file.write, with: { path: here.txt, data: done } }
      """, to: "main.yaml")
    #expect(try await run("run", "main.yaml", "--no-wait").status == 3)
    #expect(try await run("approve", "latest").status == 0)
    #expect(try await run("approve", "latest").status == 2)
    try folder.write("", to: "elsewhere/empty")
    let ended = try await Program.run(
      ["resume", "latest", "--journal", "../.privirun/journal.sqlite"],
      in: "\(folder.path)/elsewhere")
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/here.txt"))
  }

  @Test(arguments: ["resume", "cancel", "approve"])
  func `without a journal there is nothing to act on, and none is made`(
    command: String
  ) async throws {
    #expect(try await run(command, "latest").status == 2)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun"))
  }

  @Test func `a decision from another process brings the run further`() async throws {
    let program = try await started(Self.gated)
    #expect(try await progress() == "waiting")
    #expect(try await run("runs").output.contains("waiting (running, process "))
    #expect(try await run("approve", "latest", "release").status == 2)
    let approved = try await run("approve", "latest", "release", "--field", "ticket=T-1")
    #expect(approved.status == 0, "\(approved.errors)")
    let ended = await program.ended()
    #expect(ended.status == 0)
    #expect(ended.output.contains("ticket = T-1"))
    #expect(try await run("approve", "latest").status == 2)
  }

  @Test func `a decision is kept for whoever resumes the run`() async throws {
    try folder.write(Self.gated, to: "main.yaml")
    let left = try await run("run", "main.yaml", "--no-wait")
    #expect(left.status == 3)
    let words = left.errors.split(separator: " ")
    let id = try #require(words.count > 2 ? words[2] : nil)
    #expect(
      left.errors == """
        privirun: run \(id) waits for a decision on `release`
          hint: `privirun approve \(id) release --field ticket=TEXT`, then `privirun resume \(id)`

        """)
    let shown = try await run("show", "latest").output
    #expect(shown.contains("no process drives it; `privirun resume \(id)` continues it"))
    #expect(try await progress() == "waiting")
    let rejected = try await run(
      "approve", "latest", "--reject", "--reason", "not on a Friday")
    #expect(
      rejected
        == Ended(
          status: 0,
          output: """
            run \(id): rejection of `release` requested
            no process drives it: continue it with `privirun resume \(id)`

            """))
    let ended = try await run("resume", "latest")
    #expect(ended.status == 1)
    #expect(ended.output.contains("not on a Friday"))
  }

  @Test func `a second process is refused, and may ask the first to stop`() async throws {
    let program = try await started(Self.waiting("1h"))
    let refused = try await run("resume", "latest")
    #expect(refused.status == 75)
    #expect(refused.errors.contains("is driven by process"))
    #expect(refused.errors.contains("--take-over"))
    #expect(try await run("cancel", "latest").status == 0)
    #expect(await program.ended().status == 4)
  }

  @Test func `a process that stands still is ended and its run taken over`() async throws {
    let program = try await started(Self.waiting("1h"))
    program.signal(SIGSTOP)
    #expect(try await run("resume", "latest").status == 75)
    let other = try Program.start(
      ["resume", "latest", "--take-over", "--output", "plain"], in: folder.path)
    _ = try #require(await other.line(with: "resumed by process"))
    #expect(await program.ended().status == -SIGKILL)
    #expect(try await run("cancel", "latest").status == 0)
    #expect(await other.ended().status == 4)
  }

  @Test func `a process that wakes after its run was taken over records nothing more`()
    async throws
  {
    let program = try await started(Self.waiting("1h"))
    program.signal(SIGSTOP)
    // Its lock is lost, and yet it has the journal open.
    let journal = "\(folder.path)/.privirun/journal.sqlite"
    try FileManager.default.removeItem(atPath: "\(journal).lock")
    #expect(try await run("resume", "latest").status == 75)
    // On another machine nobody could see that.
    try await DatabaseQueue(path: journal).write { database in
      try database.execute(sql: "UPDATE owners SET host = 'elsewhere'")
    }
    let other = try Program.start(["resume", "latest", "--output", "plain"], in: folder.path)
    _ = try #require(await other.line(with: "resumed by process"))
    // Once it wakes it has something to record: that it is to stop.
    program.interrupt()
    program.signal(SIGCONT)
    let ended = await program.ended()
    #expect(ended.status == 75)
    #expect(ended.errors.contains("nothing was sent since"))
    #expect(try await run("cancel", "latest").status == 0)
    #expect(await other.ended().status == 4)
    #expect(try await run("show", "latest", "--verify").status == 0)
  }
}

import Foundation
import Testing

@testable import privirun

/// What a process needs of its system, and what it does when that is missing.
@Suite("Limits of a process", .timeLimit(.minutes(20)))
struct ProcessLimitTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("playbook: 1\nname: idle\nsteps: [{wait: 1ms}]\n", to: "idle.yaml")
  }

  @Test(arguments: [
    ("-n 12", "the number of open files is limited to 12, and at least 64 is needed", "-n 64"),
    (
      "-s 64", "the stack of a thread is limited to 64 KiB, and at least 512 KiB is needed",
      "-s 512"
    ),
    (
      "-v 300000", "the address space is limited to 300000 KiB, and at least 524288 KiB is needed",
      "-v 524288"
    ),
  ])
  func `a limit that is too low is named with the command that raises it`(
    limit: String, complaint: String, remedy: String
  ) async throws {
    #expect(
      try await Program.shell("ulimit \(limit); exec \"$0\" run idle.yaml", in: folder.path)
        == Ended(
          status: 2,
          errors: "privirun: \(complaint)\n  hint: raise it with `ulimit \(remedy)` or more\n"))
  }

  @Test(arguments: [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
  func `closed standard streams do no harm`(closing: String) async throws {
    let ended = try await Program.shell(
      "\"$0\" run idle.yaml --output json \(closing); echo \"status $?\"", in: folder.path)
    #expect(ended.output.hasSuffix("status 0\n"))
    let verified = try await Program.run("show", "latest", "--verify", in: folder.path)
    #expect(verified.status == 0)
  }

  @Test func `a reader that stops reading does not hold up the run`() async throws {
    try folder.write(
      """
      playbook: 1
      name: talk
      inputs: { rounds: { type: list, of: integer } }
      steps:
        - { for-each: "${{ inputs.rounds }}", as: round, steps: [{ assert: true }] }
        - { call: file.write, with: { path: done, data: yes } }

      """, to: "talk.yaml")
    // Far more than a pipe holds; the reader takes nothing until the last step is done.
    let rounds = (1...2000).map(String.init).joined(separator: ",")
    let ended = try await Program.shell(
      """
      mkfifo pipe
      { while [ ! -e done ]; do sleep 0.05; done; tail -n 1; } < pipe > last &
      "$0" run talk.yaml --output json --input 'rounds=[\(rounds)]' > pipe; status=$?
      wait; grep -c '"outcome":"succeeded"' last; exit $status
      """, in: folder.path)
    #expect(ended == Ended(status: 0, output: "1\n"))
  }

  @Test func `what nobody reads is kept up to a bound, and then refused`() {
    let held = DispatchSemaphore(value: 0)
    let queue = StreamQueue(.output, capacity: 10) { _ in held.wait() }
    #expect(queue.add("12345"))
    #expect(queue.add("12345"))
    #expect(!queue.add("1"))
    #expect(!queue.drain(within: .milliseconds(1)))
    held.signal()
    held.signal()
    #expect(queue.drain(within: nil))
    #expect(queue.add("1"))
    #expect(!queue.isBehind)
    held.signal()
    #expect(queue.drain(within: nil))
  }

  @Test func `a playbook that calls no operation needs no service`() async throws {
    #expect(try await Program.run("run", "idle.yaml", "--quiet", in: folder.path).status == 0)
    try folder.write(
      "playbook: 1\nname: a\nsteps: [{ call: utility.check-server-health }]\n", to: "asks.yaml")
    let ended = try await Program.run("run", "asks.yaml", in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("--api-url"))
  }

  @Test func `a run whose first event cannot be recorded is not started`() async throws {
    // Room for the empty journal, and for no run.
    let made = try await Program.run("run", "idle.yaml", "--quiet", in: folder.path)
    #expect(made.status == 0)
    let ended = try await Program.shell(
      "trap '' XFSZ; ulimit -f 0; exec \"$0\" run idle.yaml --sandbox", in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("file-size limit"))
    let listed = try await Program.run("runs", "--output", "json", in: folder.path)
    #expect(listed.output.components(separatedBy: "\"run\"").count == 2)
  }

  @Test(arguments: [
    (Int64(-1), Int64(0)), (10_000_000_000, 0), (9_223_372_036, 0), (9_300_000_000, 0),
  ])
  func `a clock that events cannot hold is refused`(seconds: Int64, nanoseconds: Int64) {
    #expect(throws: CommandFailure.self) {
      try WallClock(seconds: seconds, nanoseconds: nanoseconds)
    }
  }

  @Test func `diagnostics are JSON lines on request`() async throws {
    try folder.write(
      "playbook: 1\nsteps: [{ call: file.raed, with: { file: a } }]\n", to: "bad.yaml")
    let ended = try await Program.run(
      "check", "bad.yaml", "idle.yaml", "--output", "json", in: folder.path)
    #expect(
      ended
        == Ended(
          status: 2,
          output: """
            {"version":1,"type":"diagnostic","severity":"error","code":"unknown-operation",\
            "number":"P0601","message":"there is no operation `file.raed`","file":"bad.yaml",\
            "line":2,"column":17,"length":9,"hint":"did you mean `file.read`?",\
            "fix":{"file":"bad.yaml","line":2,"column":17,"length":9,"replacement":"file.read"}}

            """))
  }

  @Test func `runs and operations are offered for completion`() async throws {
    #expect(try await Program.run("run", "idle.yaml", "--quiet", in: folder.path).status == 0)
    let offered = ShellCompletion.runs(
      ["show", "--journal", "\(folder.path)/.privirun/journal.sqlite"], 2, "")
    #expect(offered.count == 2)
    let joined = "--journal=\(folder.path)/.privirun/journal.sqlite"
    #expect(ShellCompletion.runs(["show", joined], 1, "") == offered)
    #expect(offered.first == "latest")
    #expect(ShellCompletion.operations([], 0, "").contains("device.approve-device"))
    #expect(ShellCompletion.operations([], 0, "").contains("file.read"))
  }
}

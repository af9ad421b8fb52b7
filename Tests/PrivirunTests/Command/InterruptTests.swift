import Foundation
import Glibc
import Testing

@Suite("Interrupting", .timeLimit(.minutes(20)))
struct InterruptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ playbook: String) throws -> RunningProgram {
    try folder.write(playbook, to: "book.yaml")
    return try Program.start(
      ["run", "book.yaml", "--sandbox", "--output", "json"], in: folder.path)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
  func `the first signal stops the run cleanly, and what is always done is done`(
    number: Int32
  ) async throws {
    let running = try run(
      """
      playbook: 1
      name: long
      steps:
        - id: work
          steps:
            - { id: pause, wait: 1h }
            - { id: never, wait: 1ms }
          always:
            - { id: tidy, call: utility.check-server-health }

      """)
    #expect(await running.line(with: #""kind":"pause""#) != nil)
    running.signal(number)
    let ended = await running.ended()
    #expect(ended.status == 4)
    #expect(ended.errors == "")
    let events = try JSONLines.objects(ended.output)
    let finished = events.filter { $0["type"] as? String == "step-finished" }
      .map { "\($0["step"] ?? "") \($0["outcome"] ?? "")" }
    #expect(
      finished == ["work/pause cancelled", "work/always/tidy succeeded", "work cancelled"])
    #expect(events.last?["type"] as? String == "run-finished")
    #expect(events.last?["outcome"] as? String == "cancelled")

    let id = try #require(events.last?["run"] as? String)
    let shown = try await Program.run("show", id, "--output", "json", in: folder.path)
    let detail = try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any]
    #expect(detail?["outcome"] as? String == "cancelled")
    #expect(try await verified(id))
  }

  @Test func `the second interrupt stops at once, and the record up to there can be read`()
    async throws
  {
    let running = try run(
      """
      playbook: 1
      name: stubborn
      steps:
        - { id: pause, wait: 1h, always: [{ id: linger, wait: 1h }] }

      """)
    let line = await running.line(with: #""kind":"pause""#)
    let event = try #require(try JSONLines.objects(line ?? "").first)
    let id = try #require(event["run"] as? String)
    running.interrupt()
    #expect(await running.line(with: #""kind":"pause""#) != nil)
    running.interrupt()
    let ended = await running.ended()
    #expect(ended.status == 4)
    #expect(
      ended.errors == """
        privirun: stopped at once: what was in flight may have happened
          hint: `privirun show \(id)` shows how far the run got, and `privirun resume \(id)` \
        continues it

        """)
    #expect(try await verified(id))
    let shown = try await Program.run("show", id, in: folder.path)
    #expect(shown.status == 0)
    #expect(shown.output.contains("linger"))
    let listed = try await Program.run("runs", in: folder.path)
    #expect(listed.output.contains(id))
  }

  @Test func `a run that was killed is remembered as far as it came`() async throws {
    let running = try run("playbook: 1\nname: doomed\nsteps: [{ id: pause, wait: 1h }]\n")
    let line = await running.line(with: #""kind":"pause""#)
    let event = try #require(try JSONLines.objects(line ?? "").first)
    let id = try #require(event["run"] as? String)
    running.kill()
    #expect(await running.ended().status == -9)
    #expect(try await verified(id))
    #expect(try await Program.run("show", id, in: folder.path).output.contains("pause"))
  }

  @Test func `a run that was started to ignore hang-ups goes on`() async throws {
    try folder.write(
      "playbook: 1\nname: kept\nsteps: [{ id: pause, wait: 1h }]\n", to: "kept.yaml")
    let running = try RunningProgram(
      ["/bin/sh", "-c", "trap '' HUP; exec \"$0\" run kept.yaml --output json", Program.path],
      in: folder.path)
    #expect(await running.line(with: #""kind":"pause""#) != nil)
    running.signal(SIGHUP)
    running.signal(SIGTERM)
    let ended = await running.ended()
    #expect(ended.status == 4)
    // A second signal would have ended it at once, with these words.
    #expect(!ended.errors.contains("stopped at once"))
  }

  @Test func `an interrupted sandbox ends well`() async throws {
    let running = try Program.start(["sandbox"], in: folder.path)
    #expect(await running.line(with: "Ctrl-C") != nil)
    running.interrupt()
    let ended = await running.ended()
    #expect(ended.status == 0)
    #expect(ended.errors == "")
  }

  /// Whether the record of a run is whole.
  private func verified(_ run: String) async throws -> Bool {
    try await Program.run("show", run, "--verify", in: folder.path)
      == Ended(status: 0, output: "run \(run): the record is intact\n")
  }
}

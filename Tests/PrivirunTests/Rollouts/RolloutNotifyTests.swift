import EventSamples
import Foundation
import Testing

/// Notifications of rollouts that commands run.
@Suite("Notifications of rollouts", .timeLimit(.minutes(20)))
struct RolloutNotifyTests {
  /// Lines of a rollout file that keep each notification on a line of `notes.jsonl`.
  private static let keeping = """
    allow-commands: { keep: [sh, -c, "{ cat; echo; } >> notes.jsonl"] }
    notify: [{ command: keep }]
    """

  /// What was notified of, in order.
  private static func notes(_ folder: RolloutFolder) throws -> [[String: Any]] {
    let path = "\(folder.folder.path)/notes.jsonl"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let schema = try SchemaCheck(named: "notification.schema.json")
    for line in text.split(separator: "\n") {
      #expect(try schema.complaints(aboutDocument: String(line)) == [])
    }
    return try JSONLines.objects(text)
  }

  private static func topics(_ folder: RolloutFolder) throws -> [String] {
    try notes(folder).compactMap { $0["topic"] as? String }
  }

  @Test func `the end of a rollout is notified of, before the command ends`() async throws {
    let folder = try RolloutFolder(["good", "bad"], Self.keeping)
    let ended = try await folder.run("rollout", "run", "rollout.yaml", "--quiet")
    #expect(ended.status == 1)
    let notes = try Self.notes(folder)
    #expect(notes.map { $0["topic"] as? String } == ["failed"])
    #expect(
      notes.map { ($0["summary"] as? String) } == [
        "rollout `kinds` failed: 1 succeeded, 1 failed"
      ])
    let retried = try await folder.run("rollout", "retry", "latest", "--quiet")
    #expect(retried.status == 1)
    #expect(try Self.topics(folder) == ["failed", "failed"])
  }

  @Test func `commands in a notification find the journal from any folder`() async throws {
    let folder = try RolloutFolder(["bad"], Self.keeping)
    let ended = try await folder.run(
      "rollout", "run", "rollout.yaml", "--quiet", "--journal", "j.sqlite")
    #expect(ended.status == 1)
    let commands = try #require(try Self.notes(folder).first?["commands"] as? [String: String])
    #expect(!commands.isEmpty)
    for command in commands.values {
      #expect(command.contains(#/ --journal /.+/j\.sqlite/#), "\(command)")
    }
  }

  @Test func `a tenant that waits for a decision is notified of, and then the end`() async throws {
    let folder = try RolloutFolder(["good", "ask"], Self.keeping)
    let waiting = try await folder.run("rollout", "run", "rollout.yaml", "--quiet")
    #expect(waiting.status == 3)
    let notes = try Self.notes(folder)
    #expect(notes.map { $0["topic"] as? String } == ["waiting"])
    #expect(notes.map { $0["waiting"] as? [String: Int] } == [["tenants": 1]])
    let approved = try await folder.run("approve", "latest")
    #expect(approved.status == 0, "\(approved.errors)")
    let resumed = try await folder.run("rollout", "resume", "latest", "--quiet")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try Self.topics(folder) == ["waiting", "finished"])
  }

  @Test func `an approval between stages is notified of once, however often it is waited for`()
    async throws
  {
    let folder = try RolloutFolder(
      ["good", "good"], "ramp: [1]", "gate: approval", Self.keeping)
    let waiting = try await folder.run("rollout", "run", "rollout.yaml", "--quiet", "--no-wait")
    #expect(waiting.status == 3)
    let again = try await folder.run("rollout", "resume", "latest", "--quiet", "--no-wait")
    #expect(again.status == 3)
    #expect(try Self.topics(folder) == ["waiting"])
    let approved = try await folder.run("rollout", "approve", "latest")
    #expect(approved.status == 0, "\(approved.errors)")
    let resumed = try await folder.run("rollout", "resume", "latest", "--quiet")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try Self.topics(folder) == ["waiting", "finished"])
  }

  @Test func `a rollout that only plans is notified of by its end, and a look at one is not`()
    async throws
  {
    let planning = try RolloutFolder(["good"], "mode: plan", Self.keeping)
    let planned = try await planning.run("rollout", "run", "rollout.yaml", "--quiet")
    #expect(planned.status == 0, "\(planned.errors)")
    let notes = try Self.notes(planning)
    #expect(notes.map { $0["topic"] as? String } == ["finished"])
    #expect(notes.map { ($0["rollout"] as? [String: Any])?["id"] == nil } == [true])
    let looking = try RolloutFolder(["good"], Self.keeping)
    let looked = try await looking.run("rollout", "plan", "rollout.yaml", "--quiet")
    #expect(looked.status == 0, "\(looked.errors)")
    #expect(try Self.topics(looking) == [])
  }

  @Test func `a receiver that is gone changes nothing, and Ctrl-C ends the wait for it`()
    async throws
  {
    try await DeafPort.held { port in
      let folder = try RolloutFolder(
        ["good"], "notify: [{ post: \"http://127.0.0.1:\(port)/planted-token\" }]")
      let running = try folder.start("rollout", "run", "rollout.yaml", "--output", "plain")
      let line = await running.errorLine(with: "delivering")
      #expect(
        line
          == "privirun: delivering 1 notification; Ctrl-C leaves that to `privirun serve`\n")
      running.interrupt()
      let ended = await running.ended()
      #expect(ended.status == 0)
      #expect(
        ended.errors.withoutTimes == """
          privirun: the notification ID for http://127.0.0.1:\(port) was not delivered: \
          http://127.0.0.1:\(port) refused the connection
          privirun: 1 notification of this rollout is not delivered yet, and `privirun serve` delivers it

          """)
    }
  }

  @Test func `nothing is sent without the secret that was wanted`() async throws {
    let folder = try RolloutFolder(
      ["good"], "notify: [{ post: \"http://127.0.0.1:9\", secret: env:NOT_SET_ANYWHERE }]")
    let running = try folder.start("rollout", "run", "rollout.yaml", "--output", "plain")
    _ = await running.errorLine(with: "delivering")
    running.interrupt()
    let ended = await running.ended()
    #expect(ended.status == 0)
    #expect(
      ended.errors.withoutTimes == """
        privirun: the notification ID for http://127.0.0.1:9 was not delivered: the secret of `notify` \
        names the environment variable `NOT_SET_ANYWHERE`, which is not set
        privirun: 1 notification of this rollout is not delivered yet, and `privirun serve` delivers it

        """)
  }
}

import EventSamples
import Foundation
import Testing

/// Rollouts over several processes: watched, held, stopped and continued from another one.
@Suite("Rollouts and other processes", .timeLimit(.minutes(20)))
struct RolloutControlTests {
  /// Starts the rollout, and returns once its record has begun.
  private func started(_ rollout: RolloutFolder) async throws -> RunningProgram {
    let running = try rollout.start("rollout", "run", "rollout.yaml", "--output", "plain")
    try #require(await running.line(with: "stage 1 started") != nil)
    return running
  }

  @Test func `the status of a rollout in progress is a document of its schema`() async throws {
    let rollout = try RolloutFolder(["ok", "slow", "ok"])
    let running = try await started(rollout)
    try #require(await running.line(with: "✓ t0") != nil)
    let status = try await rollout.run("rollout", "status", "latest", "--output", "json")
    let schema = try SchemaCheck(named: "rollout-report.schema.json")
    #expect(try schema.complaints(aboutDocument: status.output) == [])
    let document = try RecordedStatus.object(status.output)
    #expect(document["progress"] as? String == "running")
    #expect(document["outcome"] == nil)
    let counts = try RecordedStatus(status.output).counts
    #expect(counts == ["succeeded": 1, "running": 1, "not-started": 1])
    let text = try await rollout.run("rollout", "status", "kinds").output
    #expect(text.contains("1 succeeded, 1 running, 1 not started"))
    #expect(text.contains("t1"), "the tenants in progress are named")
    #expect(try await rollout.runs("--outcome", "unfinished") == ["t1 unfinished"])
    let cancelled = try await rollout.run("rollout", "cancel", "latest")
    #expect(cancelled.status == 0)
    #expect(await running.ended().status == 4)
    #expect(
      try await rollout.status().counts == [
        "succeeded": 1, "cancelled": 1, "not-started": 1,
      ])
    let late = try await rollout.run("rollout", "cancel", "latest")
    #expect(late.status == 2)
    #expect(late.errors.contains("has already ended (cancelled)"))
  }

  @Test func `a paused rollout starts no tenant until the pause is over`() async throws {
    // So many that some are left when the pause begins, however slow this machine is.
    let count = 500
    let rollout = try RolloutFolder(Array(repeating: "brief", count: count))
    let running = try await started(rollout)
    #expect(try await rollout.run("rollout", "pause", "latest").status == 0)
    try #require(await running.line(with: "paused: no further tenant starts") != nil)
    var status = try await rollout.status()
    while status.counts["running"] != nil { status = try await rollout.status() }
    #expect(status.isPaused)
    let ended = try #require(status.counts["succeeded"])
    #expect(ended < count)
    // Longer than a tenant takes.
    try await Task.sleep(for: .milliseconds(600))
    #expect(
      try await rollout.status().counts == ["succeeded": ended, "not-started": count - ended])
    #expect(try await rollout.run("rollout", "unpause", "latest").status == 0)
    try #require(await running.line(with: "no longer paused") != nil)
    while try await rollout.status().counts["succeeded"] == ended {}
    running.interrupt()
    #expect(await running.ended().status == 4)
  }

  @Test func `a person lets the next stage start, or does not`() async throws {
    let rollout = try RolloutFolder(["ok", "ok"], "ramp: [1]", "gate: approval")
    let running = try await started(rollout)
    try #require(await running.line(with: "approval required") != nil)
    #expect(try await rollout.status().counts == ["succeeded": 1, "not-started": 1])
    #expect(try await rollout.run("rollout", "approve", "latest").status == 0)
    #expect(await running.ended().status == 0)

    let rejected = try await started(rollout)
    try #require(await rejected.line(with: "approval required") != nil)
    let rejection = try await rollout.run(
      "rollout", "approve", "latest", "--reject", "--reason", "not on a Friday")
    #expect(rejection.status == 0)
    let end = await rejected.ended()
    #expect(end.status == 1)
    #expect(end.output.contains("not on a Friday"))
    #expect(try await rollout.runs() == ["t0 succeeded"])
  }

  @Test func `a rollout that waits for a person can be left, and continued after the decision`()
    async throws
  {
    let rollout = try RolloutFolder(["ok", "ok"], "ramp: [1]", "gate: approval")
    #expect(try await rollout.run("rollout", "run", "rollout.yaml", "--no-wait").status == 3)
    #expect(try await rollout.run("rollout", "resume", "latest", "--no-wait").status == 3)
    #expect(try await rollout.run("rollout", "approve", "latest").status == 0)
    #expect(try await rollout.run("rollout", "resume", "latest", "--no-wait").status == 0)
    #expect(try await rollout.runs() == ["t0 succeeded", "t1 succeeded"])
  }

  @Test func `a decision about one tenant is made for its run`() async throws {
    let rollout = try RolloutFolder(["ask", "ok"])
    #expect(try await rollout.run("rollout", "run", "rollout.yaml").status == 3)
    let runs = try await rollout.run("runs", "--tenant", "t0", "--output", "json")
    let run = try #require(
      try RecordedStatus.object(runs.output).list("runs").first?["run"] as? String)
    #expect(try await rollout.run("approve", run).status == 0)
    #expect(try await rollout.run("rollout", "resume", "latest").status == 0)
    #expect(try await rollout.runs() == ["t0 succeeded", "t1 succeeded"])
  }

  @Test func `a rollout that was killed is resumed, and every tenant ends once`() async throws {
    let count = 200
    let rollout = try RolloutFolder(Array(repeating: "brief", count: count), concurrency: 4)
    let running = try await started(rollout)
    try #require(await running.line(with: "✓ t") != nil)
    running.kill()
    #expect(await running.ended().status == -9)
    let status = try await rollout.status()
    #expect(status.progress == "interrupted")
    // No edit changes a rollout that is started.
    try rollout.setTenants(["bad"])
    let resumed = try await rollout.run("rollout", "resume", "latest", "--output", "json")
    #expect(resumed.status == 0, "\(resumed.errors)")
    let last = try #require(try JSONLines.objects(resumed.output).last)
    #expect(last["counts"] as? [String: Int] == ["succeeded": count])
    #expect(
      try await rollout.runs("--limit", "1000") == (0..<count).map { "t\($0) succeeded" }.sorted())
    #expect(try await rollout.run("rollout", "resume", "latest").status == 2, "it is over")
  }

  @Test func `a retry runs the unsuccessful tenants again, and no other`() async throws {
    let rollout = try RolloutFolder(["ok", "file", "bad", "ok"], concurrency: 2)
    #expect(try await rollout.run("rollout", "run", "rollout.yaml").status == 1)
    #expect(
      try await rollout.runs()
        == ["t0 succeeded", "t1 failed", "t2 failed", "t3 succeeded"])
    try rollout.folder.write("now it is here", to: "needed.txt")
    let retried = try await rollout.run(
      "rollout", "retry", "latest", "--failed", "--output", "json")
    #expect(retried.status == 1)
    let events = try JSONLines.objects(retried.output)
    #expect(Set(events.compactMap { $0["tenantName"] as? String }) == ["t1", "t2"])
    let schema = try SchemaCheck(named: "event.schema.json")
    for event in events { #expect(schema.complaints(about: event) == []) }
    #expect(
      try await rollout.runs()
        == ["t0 succeeded", "t1 succeeded", "t2 failed", "t3 succeeded"])
  }

  @Test func `a second process is refused, and may take over one that stands still`()
    async throws
  {
    let rollout = try RolloutFolder(["slow", "ok"])
    let running = try await started(rollout)
    let refused = try await rollout.run("rollout", "resume", "latest")
    #expect(refused.status == 75)
    running.signal(SIGSTOP)
    let other = try rollout.start(
      "rollout", "resume", "latest", "--take-over", "--output", "plain")
    try #require(await other.line(with: "resumed by process") != nil)
    #expect(await running.ended().status == -SIGKILL)
    #expect(try await rollout.run("rollout", "cancel", "latest").status == 0)
    #expect(await other.ended().status == 4)
    #expect(try await rollout.runs() == ["t0 cancelled"])
  }

  @Test func `two rollouts never act on one tenant at once`() async throws {
    let rollout = try RolloutFolder(Array(repeating: "brief", count: 3))
    let first = try rollout.start("rollout", "run", "rollout.yaml", "--output", "json")
    try #require(await first.line(with: #""type":"step-started""#) != nil)
    let second = try rollout.start("rollout", "run", "rollout.yaml", "--output", "json")
    async let ends = (first.ended(), second.ended())
    for end in await [ends.0, ends.1] {
      #expect(end.status == 0)
      let last = try #require(try JSONLines.objects(end.output).last)
      #expect(last["counts"] as? [String: Int] == ["succeeded": 3])
    }
    let listed = try await rollout.run("runs", "--output", "json")
    let runs = try RecordedStatus.object(listed.output).list("runs")
    #expect(runs.count == 6)
    for tenant in ["t0", "t1", "t2"] {
      let times = runs.filter { $0["tenant"] as? String == tenant }
        .compactMap { run -> ClosedRange<String>? in
          guard let start = run["startedAt"] as? String, let end = run["lastEventAt"] as? String
          else { return nil }
          return start...end
        }
        .sorted { $0.lowerBound < $1.lowerBound }
      #expect(times.count == 2)
      #expect(times[0].upperBound <= times[1].lowerBound, "\(tenant)")
    }
  }
}

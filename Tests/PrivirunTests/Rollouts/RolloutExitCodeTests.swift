import Foundation
import Testing

/// How a rollout ends, for people and for scripts.
@Suite("Exit codes of rollouts", .timeLimit(.minutes(20)))
struct RolloutExitCodeTests {
  @Test(
    arguments: [
      (["ok", "ok"], 0), (["ok", "bad"], 1), (["ok", "ask"], 3), (["bad", "ask"], 3),
    ] as [([String], Int32)])
  func `what weighs most decides`(_ kinds: [String], _ status: Int32) async throws {
    let rollout = try RolloutFolder(kinds, concurrency: 2)
    #expect(try await rollout.run("rollout", "run", "rollout.yaml").status == status)
  }

  @Test(
    arguments: [(["call", "ok"], 5), (["call", "bad"], 1), (["call", "ask"], 3)]
      as [([String], Int32)])
  func `a service that cannot be reached weighs less than a failure`(
    _ kinds: [String], _ status: Int32
  ) async throws {
    try await DeafPort.held { port in
      var rollout = try RolloutFolder(kinds, concurrency: 2)
      rollout.environment["PRIVICORE_API_URL"] = "http://127.0.0.1:\(port)"
      #expect(try await rollout.run("rollout", "run", "rollout.yaml").status == status)
    }
  }

  @Test func `a tenant without a run is no tenant that the service could not be reached for`()
    async throws
  {
    try await DeafPort.held { port in
      let folder = try TemporaryFolder()
      try folder.write(
        """
        playbook: 1
        inputs: { password: { type: secret } }
        steps:
          - { id: id, call: profile.retrieve-profile-id, session: { username: u, password: "${{ inputs.password }}" } }
        """, to: "read.yaml")
      try folder.write("name,password\na,env:P\nb,env:MISSING\n", to: "tenants.csv")
      let ended = try await Program.run(
        "run", "read.yaml", "--tenants", "tenants.csv", "--output", "plain", in: folder.path,
        environment: ["P": "planted", "PRIVICORE_API_URL": "http://127.0.0.1:\(port)"])
      #expect(ended.status == 1, "\(ended.output)")
      #expect(ended.output.contains("✗ b  failed  not started: "))
      #expect(ended.output.contains("✗ a  failed"))
    }
  }

  @Test func `an interrupt cancels what runs, and starts nothing more`() async throws {
    let rollout = try RolloutFolder(["ok", "slow", "slow", "ok"], concurrency: 2)
    let running = try rollout.start("rollout", "run", "rollout.yaml", "--output", "json")
    for _ in 1...2 { #expect(await running.line(with: #""kind":"pause""#) != nil) }
    running.interrupt()
    let ended = await running.ended()
    #expect(ended.status == 4)
    #expect(ended.errors == "")
    let last = try #require(try JSONLines.objects(ended.output).last)
    #expect(last["type"] as? String == "rollout-finished")
    #expect(
      last["counts"] as? [String: Int] == ["succeeded": 1, "cancelled": 2, "notStarted": 1])
    #expect(try await rollout.runs() == ["t0 succeeded", "t1 cancelled", "t2 cancelled"])
  }

  @Test func `a second interrupt stops at once, and every tenant ends once after that`()
    async throws
  {
    let rollout = try RolloutFolder(["brief", "brief", "brief"], concurrency: 2)
    try rollout.folder.write(
      """
      playbook: 1
      name: kinds
      inputs: { kind: { type: string } }
      steps:
        - { id: work, wait: 1h, always: [{ id: linger, wait: 25s }] }
      """, to: "kinds.yaml")
    let running = try rollout.start("rollout", "run", "rollout.yaml", "--output", "json")
    #expect(await running.line(with: #""step":"work""#) != nil)
    running.interrupt()
    #expect(await running.line(with: #""step":"work/always/linger""#) != nil)
    running.interrupt()
    let ended = await running.ended()
    #expect(ended.status == 4)
    #expect(ended.errors.contains("privirun: stopped at once"))
    let id = try await rollout.status().rollout
    #expect(ended.errors.contains("`privirun rollout status \(id)` shows how far"))
    let resumed = try await rollout.run("rollout", "resume", id)
    #expect(resumed.status == 4, "what was to stop stops")
    let counts = try await rollout.status().counts
    #expect(counts == ["cancelled": 2, "not-started": 1])
  }

  @Test func `wrong files end with 2, all that is wrong is said, and nothing is recorded`()
    async throws
  {
    let rollout = try RolloutFolder(["ok"], "concurency: 3", "ramp: [5, 1]")
    let wrong = try await rollout.run("rollout", "run", "rollout.yaml")
    #expect(wrong.status == 2)
    #expect(
      wrong.errors == """
        rollout.yaml:6:1: error[P0201]: a rollout file has no key `concurency` [unknown-key]
          6 | concurency: 3
            | ^^^^^^^^^^
          hint: did you mean `concurrency`?

        rollout.yaml:7:11: error[P1101]: a stage of `ramp` must have more tenants than the one before [not-growing]
          7 | ramp: [5, 1]
            |           ^
          hint: the numbers count from the start: 1 is not more than 5

        """)
    try rollout.folder.write("name,kind\na,ok\na,ok\nb\nc,,d\n", to: "tenants.csv")
    let tenants = try await rollout.run("run", "kinds.yaml", "--tenants", "tenants.csv")
    #expect(tenants.status == 2)
    let places = tenants.errors.matches(
      of: #/tenants\.csv:(\d+:\d+): error\[P\d+\]: .*\[([a-z-]+)\]/#)
    #expect(
      places.map { "\($0.1) \($0.2)" } == [
        "3:1 duplicate-name", "4:1 ragged-row", "5:4 ragged-row",
      ])
    for missing in [
      ["rollout", "run", "missing.yaml"], ["run", "kinds.yaml", "--tenants", "missing.csv"],
    ] {
      let ended = try await Program.run(missing, in: rollout.folder.path)
      #expect(ended.status == 2)
      #expect(ended.errors.contains("does not exist"))
    }
    #expect(!FileManager.default.fileExists(atPath: "\(rollout.folder.path)/.privirun"))
  }

  @Test func `every line of a rollout's plain output`() async throws {
    let rollout = try RolloutFolder(["ok", "file", "bad"], "ramp: [2]", "max-failures: 2")
    let ended = try await rollout.run("rollout", "run", "rollout.yaml", "--output", "plain")
    #expect(ended.status == 1)
    #expect(ended.errors == "")
    #expect(
      ended.output.withoutTimes == """
        TIME  rollout ID of rollout.yaml: kinds for 3 tenants at http://127.0.0.1:9
        TIME  stage 1 started: up to tenant 2
        TIME  ✓ t0  succeeded  TIME
        TIME  ✗ t1  failed  TIME  `needed.txt` cannot be read: it does not exist  at file (kinds.yaml:9:5)
        TIME  stopping: not every tenant of stage 1 succeeded
        ✗ rollout kinds failed: 2 of 3 tenants (66 %) in TIME  ID
          1 succeeded, 1 failed, 1 not started
          stopped   not every tenant of stage 1 succeeded
        why tenants did not succeed
          1 failed: `needed.txt` cannot be read: it does not exist  local
            t1  at file (kinds.yaml:9:5)
          report    `privirun report ID --format html --to report.html` writes it
          next      `privirun rollout retry ID --failed` runs the tenants again that did not succeed, then the next stages

        """)
  }
}

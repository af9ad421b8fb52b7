import Diagnostics
import Events
import Expressions
import Notifications
import Operations
import OrderedCollections
import Planning
import Playbooks
import Rollouts
import Schedules
import Tenants
import Testing
import TimeZones

/// What is read of good files.
struct GoodRolloutTests {
  private static func place(_ line: Int, _ column: Int, _ length: Int) -> Diagnostics.SourceLocation
  {
    SourceLocation(file: "good.yaml", line: line, column: column, length: length)
  }

  private static func expression(
    _ source: String, _ line: Int, _ column: Int
  ) throws -> Expression {
    try Expression(parsing: source, at: place(line, column, 1))
  }

  @Test func `a file with only what is required has every default`() throws {
    let place = { (line: Int, length: Int) in
      SourceLocation(file: "least.yaml", line: line, column: line == 2 ? 11 : 10, length: length)
    }
    #expect(
      try RolloutFixtures.rollout("least.yaml")
        == RolloutDefinition(
          file: "least.yaml", name: "least", playbook: Located("tenant.yaml", at: place(2, 11)),
          tenants: TenantsFile(path: Located("tenants.csv", at: place(3, 11)))))
  }

  @Test func `every key of a file is read`() throws {
    var rollout = try RolloutFixtures.rollout("good.yaml")
    #expect(
      rollout.inputs.map(\.name) == ["region", "note", "stores", "password"])
    #expect(
      rollout.inputs.map(\.source).map(Self.value)
        == ["eu", "${{ as it is }}", ["a", "b"], "file:secrets/{name}"])
    rollout.inputs = []
    #expect(try rollout == Self.expected())
  }

  private static func value(of source: ProvidedInput.Source) -> Value {
    if case .file(let node) = source { node.value } else { .null }
  }

  /// What `good.yaml` says, but for its inputs.
  private static func expected() throws -> RolloutDefinition {
    let region = try Template.parse("region ${{ tenant.labels.region }}", literal: .null) {
      place(29, 31 + $0, 1)
    }
    let named = { (text: String, line: Int, column: Int, length: Int) in
      Located(Glob(text), at: place(line, column, length))
    }
    guard case .text(let parts, _) = region else { throw NoExpression() }
    var rollout = RolloutDefinition(
      file: "good.yaml", name: "onboarding", summary: "Bring new tenants in",
      playbook: Located("../workflows/tenant.yaml", at: place(5, 11, 24)),
      tenants: TenantsFile(
        path: Located("data/tenants.txt", at: place(6, 18, 16)), format: .csv, separator: .tab),
      environment: Located("staging", at: place(12, 14, 7)),
      selection: TenantSelection(
        only: TenantPattern(names: [named("acme-*", 13, 8, 8), named("globex", 13, 18, 6)]),
        exclude: TenantPattern(
          names: [named("acme-old", 15, 11, 8)],
          labels: ["wave": Glob("[0-9]?"), "region": Glob("eu-*")],
          when: .expression(try expression("tenant.inputs.stores.size() > 3", 17, 9)))),
      mode: .plan, order: .key(try expression("tenant.labels.wave", 19, 12)),
      bounds: RolloutBounds(
        concurrency: 50,
        ramp: [
          .count(1), .count(5), .percent(.init(hundredths: 2000)),
          .percent(.init(hundredths: 3350)),
        ],
        bake: .seconds(90),
        gate: .condition(
          GateCondition(try expression("rollout.unchanged * 2 <= rollout.ended", 23, 11))),
        pace: 20, maxFailures: .percent(.init(hundredths: 250)), votesAtOnce: 5, onStop: .cancel,
        retry: RolloutRetry(attempts: 3, backoff: .seconds(120)), deadline: .seconds(6 * 3600)),
      locks: TenantLocks([
        .expression(try expression("tenant.name", 29, 13)), .text(parts, place(29, 30, 36)),
      ]),
      labels: [RunLabel(name: "team", value: "storage"), RunLabel(name: "wave", value: "7")],
      allowedCommands: ["vault": ["vault", "read", "-n", "3", "{name}"]],
      warnings: [
        Diagnostic(
          .needlessKey, "`votes-at-once` has no effect with `mode: plan`",
          at: place(26, 1, 13), severity: .warning)
      ])
    rollout.schedule = try schedule()
    rollout.scheduleNotify = [
      NotifyTarget(.command(Located("vault", at: place(45, 23, 5))), topics: [.missed])
    ]
    rollout.notify = [
      NotifyTarget(
        .post(
          Located("https://hooks.example.com/a?key=1", at: place(47, 13, 35)),
          secret: Located("file:secrets/hook", at: place(47, 58, 17))),
        topics: [.failed, .finished]),
      NotifyTarget(.command(Located("vault", at: place(48, 14, 5)))),
    ]
    return rollout
  }

  private static func schedule() throws -> Schedule {
    let instant = { (text: String, utc: String) in
      let seconds = try #require(Timestamp(rfc3339: utc)).seconds
      return ScheduledInstant(text: text, moment: Moment(nanoseconds: seconds * 1_000_000_000))
    }
    return Schedule(
      cron: try ["0 3 * * MON", "30 6 L * *"].map { try #require(CronExpression($0)) },
      every: .seconds(36 * 3600),
      at: [
        try instant("2027-03-01T03:00", "2027-03-01T02:00:00Z"),
        try instant("2027-03-01T03:00:00+01:00", "2027-03-01T02:00:00Z"),
      ],
      zone: try #require(TimeZoneDatabase.system.rules("Europe/Stockholm")),
      window: .seconds(7200), catchUp: .all, overlap: .queue, jitter: .seconds(300),
      pauseOnFailure: true, from: try instant("2027-01-01", "2026-12-31T23:00:00Z"),
      until: try instant("2028-12-31T23:59:30Z", "2028-12-31T23:59:30Z"))
  }

  private struct NoExpression: Error {}

  @Test func `paths are relative to the folder of the rollout file`() throws {
    let text = "rollout: 1\nplaybook: ../a.yaml\ntenants: /b.csv\noutputs: ./c.jsonl\n"
    let rollout = try RolloutFile.read(Array(text.utf8), file: "rollouts/new.yaml")
    #expect(rollout.name == "new")
    #expect(rollout.playbookPath == "rollouts/../a.yaml")
    #expect(rollout.tenantsPath == "/b.csv")
    #expect(rollout.outputsPath == "rollouts/c.jsonl")
  }

  @Test(arguments: ["good.yaml", "least.yaml"])
  func `the text of a rollout is a file that says the same`(name: String) throws {
    let rollout = try RolloutFixtures.rollout(name)
    let again = try RolloutFile.read(Array(rollout.text.utf8), file: name)
    #expect(again.text == rollout.text)
    #expect(again.bounds == rollout.bounds)
    #expect(again.labels == rollout.labels)
    #expect(again.allowedCommands == rollout.allowedCommands)
    #expect(again.mode == rollout.mode)
    #expect(again.schedule == rollout.schedule)
    #expect(again.notify.map(\.value) == rollout.notify.map(\.value))
    #expect(again.scheduleNotify.map(\.value) == rollout.scheduleNotify.map(\.value))
  }

  @Test func `the text of a rollout has the keys that are not as by default`() throws {
    #expect(
      try RolloutFixtures.rollout("least.yaml").text
        == "rollout: 1\nname: least\nplaybook: tenant.yaml\ntenants: tenants.csv\n")
    try RolloutFixtures.expect(
      try RolloutFixtures.rollout("good.yaml").text, at: "good.expected")
  }

  @Test(arguments: [
    ("votes-at-once: 20", "20 votes are never open at once: only 10 tenants are in progress"),
    ("on-stop: cancel", "nothing stops this rollout, so `on-stop` has no effect"),
    ("retry: { attempts: 1 }", "one attempt is what a tenant has without `retry`"),
    ("mode: drift\noutputs: a.csv", "`outputs` has no effect with `mode: drift`"),
    (
      "notify: [{ post: \"https://a\", on: [drift, failed] }]",
      "`drift` never happens: only a rollout with `mode: drift` looks for it"
    ),
    (
      "notify: [{ post: \"https://a\", on: [missed] }]",
      "`missed` never happens: the rollout has no `schedule`"
    ),
    (
      "mode: drift\nschedule: { every: 6h, notify: [{ post: \"https://a\", on: [missed, waiting, drift] }] }",
      "`waiting` never happens: a rollout with `mode: drift` changes nothing"
    ),
    (
      "schedule: { at: [2027-03-01T03:00, 2027-01-01T00:00Z], from: 2027-02-01 }",
      "2027-01-01T00:00Z is before `from`"
    ),
  ])
  func `a key without effect gets a warning`(line: String, message: String) throws {
    let text = "rollout: 1\nplaybook: a.yaml\ntenants: b.csv\n\(line)\n"
    let rollout = try RolloutFile.read(Array(text.utf8), file: "r.yaml")
    #expect(rollout.warnings.map(\.message) == [message])
    #expect(rollout.warnings.map(\.severity) == [.warning])
  }

  @Test(arguments: [
    ("tenants: a.CSV", TenantsFormat.csv), ("tenants: a.yml", .yaml),
    ("tenants: a.ndjson", .jsonLines), ("tenants: { file: a, format: json }", .json),
    ("tenants: { file: a.json, format: csv }", .csv),
  ])
  func `the format is given, or that of the file's extension`(
    line: String, format: TenantsFormat
  ) throws {
    let text = "rollout: 1\nplaybook: a.yaml\n\(line)\n"
    let rollout = try RolloutFile.read(Array(text.utf8), file: "r.yaml")
    #expect(rollout.tenants.effectiveFormat == format)
  }
}

import EventSamples
import Events
import Operations
import Testing
import TimeZones

@testable import Reporting

/// Lists of rollouts and of their tenants, and how a rollout stands.
@Suite struct RolloutListingTests {
  private static let summary = RolloutSummary(
    rollout: ReportedRollout.id, name: "onboard\u{7}", playbook: "onboard-tenant", file: "o.yaml",
    startedAt: SampleRun.beginning, lastEventAt: ReportedRollout.at(95), eventCount: 8,
    outcome: .failed, start: ReportedRollout.start)

  private static let listing = RolloutListing(
    [
      .init(summary, counts: ReportedRollout.counts),
      .init(
        RolloutSummary(
          rollout: SampleRun.drawn(7), name: "b", playbook: "p", file: "b.yaml",
          startedAt: SampleRun.beginning, lastEventAt: SampleRun.beginning, eventCount: 1,
          outcome: nil, start: nil), counts: TenantCounts(),
        progress: RunProgress(.interrupted, since: SampleRun.beginning)),
    ], at: ReportedRollout.at(3600))

  @Test func `rollouts are a table`() {
    #expect(
      Self.listing.text(TerminalStyle()) == """
        ROLLOUT       STARTED               AGE  NAME          ENVIRONMENT  OUTCOME      TENANTS
        \(ReportedRollout.id)  2026-01-01 00:00:00Z  1h   onboard\\u{7}  staging      failed       1 succeeded, 1 unchanged, 3 failed, 1 cancelled, 1 in doubt, 1 waiting, 1 not started
        \(SampleRun.drawn(7))  2026-01-01 00:00:00Z  1h   b                          interrupted  no tenants

        """)
    #expect(
      RolloutListing([], at: SampleRun.beginning).text(TerminalStyle())
        == "no rollouts yet: `privirun rollout run FILE` makes one\n")
  }

  @Test func `a list of rollouts fits its schema`() throws {
    let schema = try SchemaCheck(named: "rollouts.schema.json")
    #expect(try schema.complaints(aboutDocument: Self.listing.json) == [])
    #expect(try schema.complaints(aboutDocument: #"{"version":1}"#) != [])
  }

  private static func status(_ progress: RunProgress?, endsAt second: Int?) -> RolloutStatus {
    var status = RolloutStatus(
      RolloutView(ReportedRollout.events(endsAt: second)), progress, at: ReportedRollout.at(100))
    for row in ReportedRollout.rows { status.add(row) }
    return status
  }

  @Test func `a rollout that ended is shown with its reasons`() throws {
    let text = Self.status(nil, endsAt: 95).text(TerminalStyle())
    #expect(try text == Snapshot.kept("rollout-status.txt", insteadOf: text))
  }

  @Test(arguments: [
    (TickVerdict.ran(ReportedRollout.id), "due 2026-01-01 00:00:00 +00:00 UTC"),
    (.caughtUp(ReportedRollout.id), "due 2026-01-01 00:00:00 +00:00 UTC, caught up"),
    (
      .triggered(ReportedRollout.id, by: "anna"),
      "triggered at 2026-01-01 00:00:00 +00:00 UTC by anna"
    ),
  ])
  func `a rollout that a schedule started names its due instant`(
    verdict: TickVerdict, text: String
  ) throws {
    let tick = Tick(due: SampleRun.beginning, verdict, decidedAt: ReportedRollout.at(1))
    let status = RolloutStatus(
      RolloutView(ReportedRollout.events(endsAt: nil)),
      tick: ListedTick(tick, of: "onboard", in: .utc), at: ReportedRollout.at(100))
    #expect(status.text(TerminalStyle()).contains("  schedule  \(text)\n"))
    let schema = try SchemaCheck(named: "rollout-report.schema.json")
    #expect(try schema.complaints(aboutDocument: status.json) == [])
    #expect(status.json.contains(#""verdict":"\#(verdict.name)""#))
  }

  @Test func `a rollout that a process drives needs nothing`() {
    let driver = RunProgress.Driver(process: 4711, host: "build-3")
    let text = Self.status(RunProgress(.running, by: driver), endsAt: nil).text(TerminalStyle())
    #expect(text.hasPrefix("onboard  rollout \(ReportedRollout.id)  running\n"))
    #expect(text.contains("`privirun rollout cancel \(ReportedRollout.id)` stops it"))
    #expect(!text.contains("retry"))
  }

  @Test func `tenants are a table`() throws {
    let text = TenantListing(ReportedRollout.rows, at: ReportedRollout.at(100))
      .text(TerminalStyle())
    #expect(try text == Snapshot.kept("tenants.txt", insteadOf: text))
    #expect(!text.contains("\u{1B}"))
    #expect(TenantListing([], at: SampleRun.beginning).text(TerminalStyle()) == "no tenants\n")
  }

  @Test func `runs of tenants have a column for them`() throws {
    var run = RunSummary(
      run: SampleRun.run, playbook: "p", file: "p.yaml", startedAt: SampleRun.beginning,
      lastEventAt: SampleRun.beginning, eventCount: 1, outcome: .succeeded)
    let plain = RunListing([run], at: SampleRun.beginning).text(TerminalStyle())
    #expect(!plain.contains("TENANT"))
    run.tenant = TenantReference(
      rollout: ReportedRollout.id, rolloutName: "onboard", name: "acme", index: 0, locks: [])
    let listing = RunListing([run], at: SampleRun.beginning)
    let lines = listing.text(TerminalStyle()).split(separator: "\n")
    #expect(lines[0].contains("  PLAYBOOK  TENANT  OUTCOME    SINCE"))
    #expect(lines[1].contains("  p         acme    succeeded  "))
    let schema = try SchemaCheck(named: "runs.schema.json")
    #expect(try schema.complaints(aboutDocument: listing.json) == [])
    #expect(listing.json.contains("\"tenant\":\"acme\""))
  }
}

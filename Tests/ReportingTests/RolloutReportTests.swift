import EventSamples
import Events
import Operations
import Testing

@testable import Reporting

/// The report of a rollout in every form.
@Suite struct RolloutReportTests {
  private static let files: [(ReportFormat, String)] = [
    (.html, "rollout-report.html"), (.junit, "rollout-report-junit.xml"),
    (.markdown, "rollout-report.md"), (.csv, "rollout-report.csv"),
    (.json, "rollout-report.json"),
  ]

  @Test(arguments: files)
  func `a rollout is reported`(format: ReportFormat, file: String) throws {
    let text = try ReportedRollout.report.text(format)
    #expect(try text == Snapshot.kept(file, insteadOf: text))
  }

  private static func reports() -> [RolloutReport] {
    let whole = RolloutView(ReportedRollout.events())
    let open = RolloutView(ReportedRollout.events(endsAt: nil).prefix(4))
    return [
      ReportedRollout.report, RolloutReport(whole, TenantSource([])),
      RolloutReport(
        open, ReportedRollout.source, RunProgress(.running, by: .init(process: 1, host: "here")),
        journal: "j.sqlite", at: ReportedRollout.at(60)),
      RolloutReport(RolloutView(), TenantSource([])),
      RolloutReport(whole, TenantSource(ReportedRollout.large(3000))),
    ]
  }

  @Test func `pages are well-formed and load nothing`() throws {
    for report in Self.reports() {
      let page = try report.text(.html)
      #expect(PageCheck(page).flaws == [])
      #expect(!page.contains("<script>alert"))
      #expect(!page.contains("\u{1B}"))
    }
  }

  @Test func `JUnit reports keep to the schema, with a case for each tenant`() throws {
    for report in Self.reports() {
      #expect(JUnitSchema.flaws(in: try report.text(.junit)) == [])
    }
    let document = WellFormedXML(try ReportedRollout.report.text(.junit))
    let names = document.elements.filter { $0.name == "testcase" }.map { $0.attributes["name"] }
    #expect(names == ReportedRollout.rows.map { TerminalStyle().printable($0.name) })
    let verdicts = document.elements.map(\.name).filter {
      ["failure", "error", "skipped"].contains($0)
    }
    #expect(verdicts == ["failure", "failure", "error", "skipped", "skipped", "error", "skipped"])
  }

  @Test func `the JSON is what its schema describes`() throws {
    let schema = try SchemaCheck(named: "rollout-report.schema.json")
    for report in Self.reports() {
      #expect(try schema.complaints(aboutDocument: report.text(.json)) == [])
    }
    let ended = RolloutStatus(
      RolloutView(ReportedRollout.events()), RunProgress(.interrupted, since: SampleRun.beginning),
      at: ReportedRollout.at(60))
    #expect(try schema.complaints(aboutDocument: ended.json) == [])
    #expect(try schema.complaints(aboutDocument: #"{"version":1}"#) != [])
  }

  @Test(arguments: PlantedSecrets.spellings)
  func `no secret is in a report`(spelling: String) throws {
    for format in ReportFormat.allCases {
      #expect(try !ReportedRollout.report.text(format).contains(spelling), "\(format)")
    }
  }

  @Test func `a table has a row for each tenant, and no formula`() throws {
    let lines = try ReportedRollout.report.text(.csv).split(separator: "\n")
    #expect(lines.count == 10)
    for line in lines {
      let first = line.drop { $0 == "\"" }.first ?? " "
      #expect(!"=+-@".contains(first), "\(line)")
    }
  }

  @Test func `many tenants are written in pieces, with few in detail`() throws {
    let rows = ReportedRollout.large(20_000)
    var asked = 0
    let source = TenantSource(rows) { _ in
      asked += 1
      return DrawnRun("a call x failed").events
    }
    let report = RolloutReport(RolloutView(ReportedRollout.events()), source)
    var (pieces, longest, size) = (0, 0, 0)
    try report.write(.html) { piece in
      pieces += 1
      longest = max(longest, piece.utf8.count)
      size += piece.utf8.count
    }
    #expect(asked == 100)
    #expect(pieces > 20_000)
    #expect(longest < 200_000)
    #expect(size < 15_000_000)
    #expect(try report.text(.markdown).utf8.count < 64_000)
  }

  @Test func `a page of many tenants says what is left out`() throws {
    let source = TenantSource(ReportedRollout.large(20_000))
    let page = try RolloutReport(RolloutView(ReportedRollout.events()), source).text(.html)
    #expect(
      page.contains("The steps of 500 more are left out; the table below has a row for each."))
    #expect(page.contains("60 of 20000 tenants are drawn"))
    #expect(page.ranges(of: "<tr data-state=").count == 20_000)
    #expect(page.ranges(of: "<td data-name=\"count\" class=\"number\">120</td>").count == 5)
  }

  @Test func `an error of the source or of the writer ends the report`() {
    struct Broken: Error {}
    let source = TenantSource(visit: { _ in throw Broken() })
    let view = RolloutView(ReportedRollout.events())
    #expect(throws: Broken.self) { try RolloutReport(view, source).text(.csv) }
    #expect(throws: Broken.self) {
      try ReportedRollout.report.write(.html) { _ in throw Broken() }
    }
  }

  @Test func `what to do next follows from the counts`() {
    let commands = RolloutCommands(of: ReportedRollout.id, journal: "j.sqlite")
    let id = ReportedRollout.id
    #expect(
      commands.next(after: ReportedRollout.counts) == [
        "`privirun runs --rollout \(id) --outcome in-doubt --journal j.sqlite` lists the runs in doubt; "
          + "`privirun resolve RUN` looks into one",
        "`privirun runs --rollout \(id) --outcome unfinished --journal j.sqlite` lists the runs that wait; "
          + "after `privirun approve RUN`, `privirun rollout resume \(id) --journal j.sqlite` goes on",
        "`privirun rollout retry \(id) --failed --journal j.sqlite` runs the tenants again that did not "
          + "succeed",
        "`privirun rollout resume \(id) --journal j.sqlite` runs the tenants that have not ended",
      ])
    var counts = TenantCounts()
    counts[.succeeded] = 3
    #expect(commands.next(after: counts) == [])
  }

  @Test func `a rollout between two stages waits for an approval`() {
    let id = ReportedRollout.id
    let view = RolloutView([
      RunEvent(
        sequence: 0, at: Moment(nanoseconds: 0), kind: .rollout(.approvalRequested(stage: 1)))
    ])
    var counts = TenantCounts()
    (counts[.succeeded], counts[.notStarted]) = (1, 5)
    let approval =
      "`privirun rollout approve \(id)` lets the next stage start; with `--reject`, the rollout stops"
    let commands = RolloutCommands(of: id)
    #expect(
      commands.next(after: counts, view) == [
        approval, "`privirun rollout resume \(id)` runs the tenants that have not ended",
      ])
    #expect(commands.next(during: view) == [approval, "`privirun rollout cancel \(id)` stops it"])
    #expect(
      commands.next(during: RolloutView()) == ["`privirun rollout cancel \(id)` stops it"])
  }

  @Test func `after a failed stage, only its tenants are to run again`() {
    let id = ReportedRollout.id
    let stop = RolloutEvent.stopping(.stageFailed(stage: 1))
    let view = RolloutView([
      RunEvent(sequence: 0, at: Moment(nanoseconds: 0), kind: .rollout(stop))
    ])
    var counts = TenantCounts()
    (counts[.failed], counts[.notStarted]) = (1, 5)
    #expect(
      RolloutCommands(of: id).next(after: counts, view) == [
        "`privirun rollout retry \(id) --failed` runs the tenants again that did not succeed, then the "
          + "next stages"
      ])
  }

  @Test func `a rollout against a sandbox of its process cannot go on`() {
    var start = SampleRollout.start(ReportedRollout.id, tenants: 3)
    start.service = ServiceOrigins(
      api: "http://127.0.0.1:1", webSocket: "ws://127.0.0.1:2", upstream: "http://127.0.0.1:3",
      downstream: "http://127.0.0.1:4")
    start.service?.isOwnSandbox = true
    let view = RolloutView([
      RunEvent(sequence: 0, at: Moment(nanoseconds: 0), kind: .rollout(.started(start)))
    ])
    var counts = TenantCounts()
    (counts[.failed], counts[.notStarted]) = (1, 5)
    #expect(RolloutCommands(of: ReportedRollout.id).next(after: counts, view) == [])
  }
}

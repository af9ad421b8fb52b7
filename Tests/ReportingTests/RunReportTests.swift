import EventSamples
import Events
import Operations
import Testing

@testable import Reporting

/// The report of one run in every form.
@Suite struct RunReportTests {
  private static func text(_ format: ReportFormat, _ events: [RunEvent] = SampleRun.events)
    -> String
  {
    var text = ""
    RunReport(events, journal: "j.sqlite").write(format) { text += $0 }
    return text
  }

  private static let files: [(ReportFormat, String)] = [
    (.html, "run-report.html"), (.junit, "run-report-junit.xml"), (.markdown, "run-report.md"),
    (.csv, "run-report.csv"),
  ]

  @Test(arguments: files)
  func `a run is reported`(format: ReportFormat, file: String) throws {
    let text = Self.text(format)
    #expect(try text == Snapshot.kept(file, insteadOf: text))
  }

  @Test func `the JSON of a report is that of a run`() {
    #expect(
      Self.text(.json)
        == RunDetail(SampleRun.events, journal: "j.sqlite").json)
  }

  private static let histories = [
    SampleRun.events, SampleRun.later, SampleRun.everything, SampleRun.all, [],
  ]

  @Test(arguments: 0...SampleRun.events.count)
  func `a report can be written after each event`(count: Int) {
    let events = Array(SampleRun.events.prefix(count))
    #expect(PageCheck(Self.text(.html, events)).flaws == [])
    #expect(JUnitSchema.flaws(in: Self.text(.junit, events)) == [])
  }

  @Test(arguments: histories)
  func `every kind of event can be reported`(events: [RunEvent]) {
    #expect(PageCheck(Self.text(.html, events)).flaws == [])
    #expect(JUnitSchema.flaws(in: Self.text(.junit, events)) == [])
    #expect(Self.text(.markdown, events).utf8.count < 64_000)
  }

  @Test(arguments: PlantedSecrets.spellings)
  func `no secret is in a report`(spelling: String) {
    for events in Self.histories {
      for format in ReportFormat.allCases {
        #expect(!Self.text(format, events).contains(spelling), "\(format)")
      }
    }
  }

  @Test func `a page shows failures before steps, and what to do`() throws {
    let page = Self.text(.html)
    let failures = try #require(page.firstRange(of: "id=\"failures\""))
    let steps = try #require(page.firstRange(of: "id=\"steps\""))
    #expect(failures.lowerBound < steps.lowerBound)
    let part = page[failures.lowerBound..<steps.lowerBound]
    #expect(part.contains("ask the voters why"))
    #expect(part.contains("workflows/lib/store-file.yaml:12:5"))
  }

  @Test func `a large run shows what did not succeed`() {
    let drawing = (0..<3000).map { "s\($0) call device.enrol\($0 == 2500 ? " failed" : "")" }
    let page = Self.text(.html, DrawnRun(drawing.joined(separator: "\n")).events)
    #expect(PageCheck(page).flaws == [])
    #expect(page.contains("Of 3000 steps, those that did not succeed are shown."))
    #expect(page.contains(">s2500</span>"))
    #expect(!page.contains(">s7</span>"))
    #expect(page.utf8.count < 100_000)
    let markdown = Self.text(.markdown, DrawnRun(drawing.joined(separator: "\n")).events)
    #expect(markdown.utf8.count < 64_000)
  }

  @Test func `a bar is drawn for each step of a small run`() throws {
    let page = Self.text(.html, DrawnRun("a call x\nb call y failed").events)
    #expect(page.ranges(of: "<rect ").count == 2)
    #expect(page.contains("<title>b: failed, 1 ms</title>"))
    #expect(!page.contains("are drawn"))
  }

  @Test func `of many bars the longest are drawn`() {
    var bars = BoundedBars(limit: 4, end: ReportedRollout.at(100))
    for second in 0..<50 {
      bars.add(
        TimelineDrawing.Bar(
          label: "\(second)", start: ReportedRollout.at(0), end: ReportedRollout.at(second),
          state: "failed", role: .bad), isNotable: second < 3)
    }
    #expect(Set(bars.sorted.map(\.label)) == ["1", "2", "48", "49"])
    #expect(
      bars.omission(of: "steps")
        == "4 of 50 steps are drawn: the longest, and those that did not succeed.")
  }
}

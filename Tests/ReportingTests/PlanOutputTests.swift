import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// What holds for the outputs of any plan.
@Suite struct PlanOutputTests {
  private static let reports = SamplePlan.reports

  private static func outputs(_ report: PlanReport) -> [String] {
    let styles = [
      TerminalStyle(), TerminalStyle(color: .ansi), TerminalStyle(symbols: .ascii),
    ]
    let texts = styles.flatMap { [report.text($0), report.text($0, .everything)] }
    return texts + [report.json, report.markdown, report.junit]
  }

  private static func outputs(_ report: DriftReport) -> [String] {
    let styles = [TerminalStyle(), TerminalStyle(color: .ansi)]
    return styles.map(report.text) + [report.json, report.markdown, report.junit]
  }

  private static var drifts: [DriftReport] {
    reports.map { DriftReport(of: $0, since: SamplePlan.drift.baseline, SamplePlan.drift.finding) }
      + reports.map { DriftReport(of: $0, since: SamplePlan.drift.baseline, DriftFinding()) }
  }

  @Test func `no output holds a secret`() {
    let outputs = Self.reports.flatMap(Self.outputs) + Self.drifts.flatMap(Self.outputs)
    let found = outputs.filter { output in PlantedSecrets.spellings.contains { output.contains($0) }
    }
    #expect(found == [])
    let printed = Self.reports.map { "\($0)" + String(reflecting: $0) }
    #expect(PlantedSecrets.spellings.filter { printed.joined().contains($0) } == [])
  }

  @Test func `every output ends in a newline and holds no control character`() {
    for output in Self.reports.flatMap(Self.outputs) + Self.drifts.flatMap(Self.outputs) {
      #expect(output.hasSuffix("\n"))
      let controls = output.unicodeScalars.filter { scalar in
        scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\u{1B}"
      }
      #expect(controls.isEmpty)
    }
  }

  @Test func `only colours are escape sequences`() {
    for report in Self.reports {
      let plain = [report.text(TerminalStyle()), report.json, report.markdown, report.junit]
      #expect(plain.allSatisfy { !$0.unicodeScalars.contains("\u{1B}") })
      let pieces = report.text(TerminalStyle(color: .ansi)).split(separator: "\u{1B}").dropFirst()
      #expect(pieces.allSatisfy { $0.hasPrefix("[") && $0.prefix(6).contains("m") })
    }
  }

  @Test func `plans fit their schema`() throws {
    let schema = try SchemaCheck(named: "plan.schema.json")
    for report in Self.reports {
      #expect(try schema.complaints(aboutDocument: report.json) == [])
    }
  }

  @Test func `drift fits its schema`() throws {
    let schema = try SchemaCheck(named: "drift.schema.json")
    for report in Self.drifts {
      #expect(try schema.complaints(aboutDocument: report.json) == [])
    }
  }

  @Test(arguments: [
    ("plan.schema.json", #"{"version":1}"#),
    (
      "plan.schema.json",
      SamplePlan.report.json.replacing(#""action":"create""#, with: #""action":"+""#)
    ),
    (
      "plan.schema.json",
      SamplePlan.report.json.replacing(#""offline":false"#, with: #""offline":"no""#)
    ),
    ("plan.schema.json", SamplePlan.drift.json), ("drift.schema.json", SamplePlan.report.json),
    (
      "drift.schema.json",
      SamplePlan.drift.json.replacing(#""kind":"changed""#, with: #""kind":"~""#)
    ),
  ])
  func `other documents do not fit them`(schema: String, document: String) throws {
    #expect(try SchemaCheck(named: schema).complaints(aboutDocument: document) != [])
  }

  @Test func `JUnit reports are well-formed, and count what they hold`() {
    for text in Self.reports.map(\.junit) + Self.drifts.map(\.junit) {
      let document = WellFormedXML(text)
      #expect(document.flaw == nil)
      func count(_ name: String) -> Int { document.elements.count { $0.name == name } }
      for suite in document.elements.prefix(2).map(\.attributes) {
        #expect(suite["tests"] == "\(count("testcase"))")
        #expect(suite["failures"] == "\(count("failure"))")
        #expect(suite["errors"] == "\(count("error"))")
      }
      #expect(document.elements[0].attributes["skipped"] == nil)
      #expect(document.elements[1].attributes["skipped"] == "\(count("skipped"))")
    }
  }

  @Test(arguments: [
    "<a>", "<a></b>", "<a/><b/>", "<a>&nbsp;</a>", "<a b=\"<\"/>", "<a b=\"1\" b=\"2\"/>", "",
    "<a>\u{1}</a>", "<a/>text", "< a/>", "<a b=1/>",
  ])
  func `XML that is not well-formed is seen`(text: String) {
    let document = WellFormedXML(#"<?xml version="1.0" encoding="UTF-8"?>"# + text)
    #expect(document.flaw != nil)
  }
}

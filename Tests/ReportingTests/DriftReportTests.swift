import EventSamples
import Events
import Expressions
import Operations
import Testing

@testable import Reporting

@Suite struct DriftReportTests {
  @Test func `drift is shown in text`() {
    #expect(
      SamplePlan.drift.text(TerminalStyle(symbols: .ascii)) == """
        drawn  drift at https://api.example.com:443
          label     tenant = acme
          since     run 7k2m9q0d4x1z, which ended 2026-01-01T01:00:00.000000Z

        ~ settings  Set the <b>limit</b>  verified-authenticator.set-time-limit  changed
            timeLimit: 60 -> 40
            secret: another value
        - gone  device.enrol  removed  `device.list` does not show it

        1 changed, 1 removed; 9 things are as the run left them

        """)
  }

  @Test func `drift is shown in JSON`() throws {
    let text = SamplePlan.drift.json
    #expect(try text == Snapshot.kept("drift.json", insteadOf: text))
  }

  @Test func `drift is shown in Markdown`() throws {
    let text = SamplePlan.drift.markdown
    #expect(try text == Snapshot.kept("drift.md", insteadOf: text))
  }

  @Test func `drift is shown as JUnit`() throws {
    let text = SamplePlan.drift.junit
    #expect(try text == Snapshot.kept("drift-junit.xml", insteadOf: text))
  }

  private static func report(_ drawing: String, _ items: [DriftedItem] = []) -> DriftReport {
    DriftReport(of: DrawnPlan(drawing).report, since: SamplePlan.drift.baseline, items)
  }

  private static func item(_ step: String, _ kind: DriftedItem.Kind) -> DriftedItem {
    DriftedItem(
      path: StepPath(components: [.step(step)]), title: step, operation: "x", kind: kind)
  }

  @Test(arguments: [
    (report("= a call x"), false, "no drift: 1 thing is as the run left it"),
    (
      report("= a call x\n? b call x\n. c call x"), false, "no drift: 1 thing is as the run left it"
    ),
    (report("+ a call x\n~ b call x"), false, "no drift: 2 things are as the run left them"),
    (
      report("= a call x\n= b call x", [item("a", .changed), item("a", .added)]), true,
      "1 added, 1 changed; 1 thing is as the run left it"
    ),
    (
      report("x a call x"), false,
      "the plan failed, as far as it came: no drift: 0 things are as the run left them"
    ),
  ])
  func `what other inputs would change is no drift`(
    report: DriftReport, hasDrift: Bool, conclusion: String
  ) {
    #expect(report.hasDrift == hasDrift)
    #expect(report.failed == conclusion.hasPrefix("the plan failed"))
    #expect(report.text(TerminalStyle()).split(separator: "\n").last == conclusion[...])
  }

  @Test(arguments: [
    ("= a call x\n+ b call x\n? c call x\n. d call x", [], ["c": "skipped", "d": "skipped"]),
    ("= a call x\n= b call x", [item("b", .removed)], ["b": "failure"]),
    ("= a call x", [item("z", .added), item("z", .changed)], ["z": "failure"]),
    ("= a call x\nx b call x", [], ["b": "error"]),
  ])
  func `only what is not as it was left fails its test case`(
    drawing: String, items: [DriftedItem], expected: [String: String]
  ) {
    let document = WellFormedXML(Self.report(drawing, items).junit)
    #expect(document.flaw == nil)
    var (verdicts, latest): ([String: String], String?) = ([:], nil)
    for element in document.elements {
      switch element.name {
      case "testcase": latest = element.attributes["name"]
      case "failure", "error", "skipped": verdicts[latest ?? ""] = element.name
      case _: break
      }
    }
    #expect(verdicts == expected)
  }
}

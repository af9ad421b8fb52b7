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
        ? upload  Store `it`  data-token.exchange-data-for-token  not compared  it depends on `gone`, which is gone

        1 changed, 1 removed; 2 things are as the run left them, 1 not compared

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

  private static func path(_ step: String) -> StepPath { StepPath(components: [.step(step)]) }

  private static func report(
    _ drawing: String, _ items: [DriftedItem] = [], same: [String] = [], not: [String] = []
  ) -> DriftReport {
    let uncompared = not.map {
      UncomparedItem(path: path($0), title: $0, operation: "x", reason: "because")
    }
    return DriftReport(
      of: DrawnPlan(drawing).report, since: SamplePlan.drift.baseline,
      DriftFinding(drifted: items, uncompared: uncompared, same: same.map(path)))
  }

  private static func item(_ step: String, _ kind: DriftedItem.Kind) -> DriftedItem {
    DriftedItem(path: path(step), title: step, operation: "x", kind: kind)
  }

  @Test(arguments: [
    (report("= a call x", same: ["a"]), false, "no drift: 1 thing is as the run left it"),
    (
      report("+ a call x\n~ b call x\n. c call x", same: ["a", "b"], not: ["c"]), false,
      "no drift: 2 things are as the run left them, 1 not compared"
    ),
    (
      report("= a call x\n= b call x", [item("a", .changed), item("c", .added)], same: ["b"]), true,
      "1 added, 1 changed; 1 thing is as the run left it"
    ),
    (
      report("? a call x", not: ["a"]), false,
      "0 things are as the run left them, 1 not compared"
    ),
    (
      report("x a call x"), false,
      "the plan failed, as far as it came: no drift: 0 things are as the run left them"
    ),
  ])
  func `the things that the run left are counted`(
    report: DriftReport, hasDrift: Bool, conclusion: String
  ) {
    #expect(report.hasDrift == hasDrift)
    #expect(report.failed == conclusion.hasPrefix("the plan failed"))
    #expect(report.comparedNothing == conclusion.hasPrefix("0 things"))
    #expect(report.text(TerminalStyle()).split(separator: "\n").last == conclusion[...])
  }

  @Test(arguments: [
    (report("= a call x\n+ b call x\n? c call x", same: ["a"], not: ["c"]), 2, ["c": "skipped"]),
    (report("= a call x\n= b call x", [item("b", .removed)], same: ["a"]), 2, ["b": "failure"]),
    (report("= a call x", [item("z", .added), item("z", .changed)]), 1, ["z": "failure"]),
    (report("= a call x\nx b call x", same: ["a"], not: ["b"]), 2, ["b": "error"]),
  ])
  func `each thing is a test case, and only what is not as it was left fails`(
    report: DriftReport, count: Int, expected: [String: String]
  ) {
    let document = WellFormedXML(report.junit)
    #expect(document.flaw == nil)
    var (verdicts, names): ([String: String], [String]) = ([:], [])
    for element in document.elements {
      switch element.name {
      case "testcase": names.append(element.attributes["name"] ?? "")
      case "failure", "error", "skipped": verdicts[names.last ?? ""] = element.name
      case _: break
      }
    }
    #expect(verdicts == expected)
    #expect(names.count == count)
  }
}

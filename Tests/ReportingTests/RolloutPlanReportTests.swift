import EventSamples
import Events
import Playbooks
import Testing

@testable import Reporting

@Suite struct RolloutPlanReportTests {
  private static func outputs(_ report: RolloutPlanReport) -> [String] {
    let styles = [TerminalStyle(), TerminalStyle(color: .ansi), TerminalStyle(symbols: .ascii)]
    let texts = styles.flatMap {
      [report.text($0, .summarized), report.text($0, .everything)]
    }
    return texts + [report.json, report.markdown, report.junit]
  }

  @Test func `a rollout's plan is shown in text`() throws {
    let text = SampleRolloutPlan.report.text(TerminalStyle(), .summarized)
    #expect(try text == Snapshot.kept("rollout-plan.txt", insteadOf: text))
  }

  @Test func `a rollout's plan is shown whole, with colours and without symbols`() throws {
    let style = TerminalStyle(color: .ansi, symbols: .ascii)
    let text = SampleRolloutPlan.report.text(style, .everything)
    #expect(try text == Snapshot.kept("rollout-plan-all-ascii-color.txt", insteadOf: text))
  }

  @Test func `a rollout's plan is shown in JSON`() throws {
    let text = SampleRolloutPlan.report.json
    #expect(try text == Snapshot.kept("rollout-plan.json", insteadOf: text))
  }

  @Test func `a rollout's plan is shown in Markdown`() throws {
    let text = SampleRolloutPlan.report.markdown
    #expect(try text == Snapshot.kept("rollout-plan.md", insteadOf: text))
  }

  @Test func `a rollout's plan is shown as JUnit`() throws {
    let text = SampleRolloutPlan.report.junit
    #expect(try text == Snapshot.kept("rollout-plan-junit.xml", insteadOf: text))
  }

  @Test func `a rollout's drift is shown in text`() throws {
    let text = SampleRolloutPlan.drift.text(TerminalStyle(), .summarized)
    #expect(try text == Snapshot.kept("rollout-drift.txt", insteadOf: text))
  }

  @Test func `a rollout's drift is shown in JSON`() throws {
    let text = SampleRolloutPlan.drift.json
    #expect(try text == Snapshot.kept("rollout-drift.json", insteadOf: text))
  }

  @Test func `a rollout's drift is shown in Markdown`() throws {
    let text = SampleRolloutPlan.drift.markdown
    #expect(try text == Snapshot.kept("rollout-drift.md", insteadOf: text))
  }

  @Test func `a plan of many tenants groups them`() throws {
    let text = SampleRolloutPlan.many(100).text(TerminalStyle(), .summarized)
    #expect(try text == Snapshot.kept("rollout-plan-many.txt", insteadOf: text))
  }

  @Test func `no output holds a secret or a control character, and every one ends in a newline`() {
    for output in SampleRolloutPlan.reports.flatMap(Self.outputs) {
      #expect(PlantedSecrets.spellings.filter { output.contains($0) } == [])
      #expect(output.hasSuffix("\n"))
      let controls = output.unicodeScalars.filter { scalar in
        scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\u{1B}"
      }
      #expect(controls.isEmpty)
    }
  }

  @Test func `rollout plans fit their schema`() throws {
    let schema = try SchemaCheck(named: "rollout-plan.schema.json")
    for report in SampleRolloutPlan.reports {
      #expect(try schema.complaints(aboutDocument: report.json) == [])
    }
  }

  @Test(arguments: [
    SamplePlan.report.json,
    SampleRolloutPlan.report.json.replacing(#""outcome":"refused""#, with: #""outcome":"no""#),
    SampleRolloutPlan.report.json.replacing(#""concurrency":2"#, with: #""concurrency":"2""#),
    SampleRolloutPlan.drift.json.replacing(#""mode":"drift""#, with: #""mode":"all""#),
  ])
  func `other documents do not fit it`(document: String) throws {
    let schema = try SchemaCheck(named: "rollout-plan.schema.json")
    #expect(try schema.complaints(aboutDocument: document) != [])
  }

  @Test func `a JUnit report has a test case for each tenant`() throws {
    for report in SampleRolloutPlan.reports {
      let document = WellFormedXML(report.junit)
      #expect(document.flaw == nil)
      func count(_ name: String) -> Int { document.elements.count { $0.name == name } }
      for suite in document.elements.prefix(2).map(\.attributes) {
        #expect(suite["tests"] == "\(count("testcase"))")
        #expect(suite["failures"] == "\(count("failure"))")
        #expect(suite["errors"] == "\(count("error"))")
      }
      #expect(count("testcase") == report.tenants.count + (report.missing > 0 ? 1 : 0))
    }
  }
}

/// What a command decides by.
@Suite struct RolloutPlanVerdictTests {
  private struct Verdict: Hashable {
    var hasWork = false
    var hasConflicts = false
    var failed = false
    var hasDrift = false
    var comparedNothing = false
  }

  @Test(arguments: [
    (["= a call x"], Verdict()), (["= a call x", "+ a call x"], Verdict(hasWork: true)),
    (["? a call x"], Verdict(hasWork: true)), (["! a call x"], Verdict()),
    (["c a call x", "= a call x"], Verdict(hasConflicts: true)),
    (["+ a call x", "x a call x"], Verdict(hasWork: true, failed: true)), ([], Verdict()),
  ])
  private func `a plan says whether there is work, and whether it can be done`(
    drawings: [String], verdict: Verdict
  ) {
    let report = SampleRolloutPlan.report(
      SampleRolloutPlan.heading([drawings.count]),
      drawings.enumerated().map { ("t\($0)", .plan(SampleRolloutPlan.plan($1))) })
    #expect(Self.verdict(of: report) == verdict)
  }

  @Test func `drift is no work`() {
    #expect(
      Self.verdict(of: SampleRolloutPlan.drift)
        == Verdict(failed: true, hasDrift: true, comparedNothing: true))
  }

  @Test func `a plan without all tenants is not complete`() {
    let report = SampleRolloutPlan.report(
      SampleRolloutPlan.heading([2]), [("a", .plan(SampleRolloutPlan.plan("= a call x")))])
    #expect(Self.verdict(of: report) == Verdict(failed: true))
    #expect(
      report.conclusion
        == "0 of 2 tenants have something to do: 1 unchanged; 1 without a complete plan")
  }

  private static func verdict(of report: RolloutPlanReport) -> Verdict {
    Verdict(
      hasWork: report.hasWork, hasConflicts: report.hasConflicts, failed: report.failed,
      hasDrift: report.hasDrift, comparedNothing: report.comparedNothing)
  }
}

/// How outputs stay small, however many tenants there are.
@Suite struct RolloutPlanSizeTests {
  @Test func `twenty thousand tenants keep one plan and few outlines`() {
    let report = SampleRolloutPlan.many(20_000)
    #expect(report.whole.map(\.tenant) == ["tenant-0"])
    #expect(report.tenants.sizes.map(\.value) == [14_000, 4000, 2000])
    let text = report.text(TerminalStyle(), .summarized)
    #expect(text.split(separator: "\n").count < 40)
    #expect(report.markdown.utf8.count <= 48_000)
    let all = report.text(TerminalStyle(), .everything)
    #expect(all.split(separator: "\n").count > 20_000)
  }

  @Test func `a comment has a limit whatever the texts are`() {
    let name = String(repeating: "`\u{202E}ä", count: 500)
    let drawing = (0..<50).map { "+ s\($0) call device.remove-device #\(name.prefix(300))" }
    var plan = PlanReport(of: DrawnPlan(drawing.joined(separator: "\n")).events) { _, _ in true }
    plan.votes = plan.signed.map { PlannedVote(event: name, remark: name, steps: [$0.path]) }
    plan.lifetimes = plan.signed.map { LifetimeWarning(step: $0.path, text: name) }
    let refusal = TenantRefusal(tenant: name, index: 0, reason: name, hint: name)
    var heading = SampleRolloutPlan.heading([40])
    heading.name = name
    heading.gate = name
    heading.gone = Array(repeating: name, count: 100)
    let report = SampleRolloutPlan.report(
      heading,
      (0..<40).map { number in
        ("\(name)\(number)", number.isMultiple(of: 2) ? .plan(plan) : .refused(refusal))
      })
    #expect(report.markdown.utf8.count <= 48_000)
    #expect(report.markdown.hasSuffix("\n"))
  }
}

import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

@Suite struct PlanReportTests {
  @Test func `a plan is shown in text`() throws {
    let text = SamplePlan.report.text(TerminalStyle())
    #expect(try text == Snapshot.kept("plan.txt", insteadOf: text))
  }

  @Test func `a plan is shown whole, with colours and without symbols`() throws {
    let style = TerminalStyle(color: .ansi, symbols: .ascii)
    let text = SamplePlan.report.text(style, .everything)
    #expect(try text == Snapshot.kept("plan-all-ascii-color.txt", insteadOf: text))
  }

  @Test func `a plan is shown in JSON`() throws {
    let text = SamplePlan.report.json
    #expect(try text == Snapshot.kept("plan.json", insteadOf: text))
  }

  @Test func `a plan is shown in Markdown`() throws {
    let text = SamplePlan.report.markdown
    #expect(try text == Snapshot.kept("plan.md", insteadOf: text))
  }

  @Test func `a plan is shown as JUnit`() throws {
    let text = SamplePlan.report.junit
    #expect(try text == Snapshot.kept("plan-junit.xml", insteadOf: text))
  }
}

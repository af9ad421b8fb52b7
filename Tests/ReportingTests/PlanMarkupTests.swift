import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// Plans as Markdown and JUnit: text from outside stays text.
@Suite struct PlanMarkupTests {
  @Test(arguments: [
    ("a", "`a`"), ("", "` `"), ("  ", "` `"), ("a`b", "``a`b``"), ("`a", "`` `a ``"),
    ("a``", "``` a`` ```"), ("`", "`` ` ``"), ("a|b", "`a|b`"), ("<b>@all", "`<b>@all`"),
    ("a\nb", "`a\\nb`"), ("\u{202E}a", "`\\u{202e}a`"),
    ("`\u{301}`\u{301}", "`` `\u{301}`\u{301} ``"),
  ])
  func `text is code that nothing in it can end`(text: String, code: String) {
    #expect(
      Array(MarkdownText.code(text).unicodeScalars) == Array(code.unicodeScalars))
  }

  @Test(arguments: [
    ([], "```text\n```\n"), (["a"], "```text\na\n```\n"), (["``", "`"], "```text\n``\n`\n```\n"),
    (["```", "a"], "````text\n```\na\n````\n"), (["a`````b"], "``````text\na`````b\n``````\n"),
  ])
  func `a block has a fence that nothing in it can end`(lines: [String], block: String) {
    #expect(MarkdownText.block(lines) == block)
  }

  @Test(arguments: [
    (["aaaa", "bbbb", "cccc"], 15, ["aaaa", "bbbb", "cccc"]),
    (
      ["aaaa", "bbbb", "cccc"], 14,
      ["aaaa", "bbbb", "… 1 more: see the text output of `privirun plan`"]
    ),
    (["aaaa", "bbbb", "cccc"], 4, ["… 3 more: see the text output of `privirun plan`"]),
    ([], 0, []),
  ])
  func `lines without room are counted`(lines: [String], bytes: Int, fitting: [String]) {
    #expect(MarkdownText.fitting(lines, bytes: bytes) == fitting)
  }

  @Test func `a comment has a limit however large the plan is`() {
    let name = String(repeating: "ä", count: 30)
    let drawing = (0..<3000).map { number in
      "\(number.isMultiple(of: 2) ? "+" : "=") s\(number) call device.remove-device #\(name)"
    }
    let plan = DrawnPlan(drawing.joined(separator: "\n"))
    var report = PlanReport(of: plan.events) { _, _ in true }
    report.votes = report.signed.map { PlannedVote(event: name, steps: [$0.path]) }
    report.lifetimes = report.signed.map { LifetimeWarning(step: $0.path, text: name) }
    let markdown = report.markdown
    #expect(markdown.utf8.count < 64_000)
    #expect(markdown.contains("+ \(name)"))
    #expect(markdown.contains("<details><summary>1500 unchanged</summary>"))
    let items = report.signed.map {
      DriftedItem(path: $0.path, title: name, operation: "device.enrol", kind: .changed)
    }
    let drift = DriftReport(
      of: report, since: SamplePlan.drift.baseline, DriftFinding(drifted: items))
    #expect(drift.markdown.utf8.count < 64_000)
  }

  @Test func `lines of steps begin with their signs`() {
    let markdown = SamplePlan.report.markdown
    let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
    let block = lines.drop { !$0.hasSuffix("diff") }.dropFirst().prefix { !$0.hasPrefix("`````") }
    #expect(block.count == 15)
    #expect(block.allSatisfy { "+~-!? ".contains($0.first ?? "x") && $0.dropFirst().first == " " })
  }

  @Test func `nothing to do is one line of Markdown and what is unchanged`() {
    #expect(
      DrawnPlan("= a call x\n. b call y").report.markdown == """
        ### Plan of `drawn`: nothing to do

        <details><summary>1 unchanged, 1 skipped</summary>

        ```text
        = a  x
        . b  y
        ```

        </details>

        """)
    #expect(DrawnPlan("").report.markdown == "### Plan of `drawn`: nothing to do\n")
  }

  @Test(arguments: [
    ("+", "failure", "to create: a, x"), ("~", "failure", "to change: a, x"),
    ("-", "failure", "to remove: a, x"), ("!", "failure", "differs and stays: a, x"),
    ("c", "failure", "conflict: a, x"), ("?", "skipped", "known after apply"),
    (".", "skipped", "skipped"), ("x", "error", "no such thing"),
  ])
  func `a thing that is not as asked fails its test case`(
    sign: String, element: String, message: String
  ) throws {
    let document = WellFormedXML(DrawnPlan("= ok call x\n\(sign) a call x").report.junit)
    #expect(document.flaw == nil)
    let cases = document.elements.filter { $0.name == "testcase" }
    #expect(
      cases.map(\.attributes)
        == ["ok", "a"].map {
          ["classname": "drawn", "name": $0]
        })
    let verdict = try #require(document.elements.last)
    #expect(verdict.name == element)
    #expect(verdict.attributes["message"] == message)
  }

  @Test(
    arguments: [
      (RunResult(outcome: .cancelled), "cancelled"),
      (RunResult(outcome: .failed, failure: Failure(.network, "no route")), "no route"),
    ])
  func `a plan that failed without a step has a test case of its own`(
    ending: RunResult, message: String
  ) {
    let elements = WellFormedXML(DrawnPlan("= a call x", ending: ending).report.junit).elements
    #expect(elements.last?.name == "error")
    #expect(elements.last?.attributes["message"] == message)
    #expect(elements.dropLast().last?.attributes["name"] == "plan")
  }

  @Test(arguments: [
    "<a b='c'>&amp;\"", "a\u{301}<\u{338}>\u{20D2}&\u{301}", "]]>", "\u{0}\u{FFFE}\u{1B}",
    "\u{1F600}", "<!--", "\u{2028}\n\r\t",
  ])
  func `any text fits into XML`(text: String) {
    var plan = DrawnPlan("~ a call x").started { $0.playbook = text }
    plan.setReason(text)
    let document = WellFormedXML(plan.report.junit)
    #expect(document.flaw == nil)
    let printable = TerminalStyle().printable(text)
    let names = document.elements.compactMap { $0.attributes["classname"] }
    #expect(names.map { Array($0.unicodeScalars) } == [Array(printable.unicodeScalars)])
  }

  @Test func `a long message is cut, and its text is not`() {
    let reason = String(repeating: "because ", count: 300)
    var plan = DrawnPlan("? a call x")
    plan.setReason(reason)
    let document = WellFormedXML(plan.report.junit)
    #expect(document.elements.last?.attributes["message"] == reason.prefix(1000) + "…")
  }
}

extension DrawnPlan {
  /// Gives every change this reason.
  fileprivate mutating func setReason(_ reason: String) {
    change { $0.change?.reason = reason }
  }
}

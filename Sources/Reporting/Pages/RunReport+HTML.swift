import Events
import Expressions
import Operations

extension RunReport {
  private static let mostFailures = 50
  private static let mostSteps = 2000
  private static let mostBars = 60
  private static let longestValue = 4000

  /// The page: what it was and how it ended, then failures, a timeline, every step and what it put out.
  var html: String {
    let state = state
    let (failures, omitted) = tree.explanations(limit: Self.mostFailures)
    let outputs = tree.overview.result?.outputs ?? [:]
    let timeline = timeline?.markup ?? .empty
    var parts: [(HTMLPage.Part, Markup)] = []
    func add(_ id: String, _ title: String, _ content: Markup) {
      if !content.isEmpty { parts.append((.init(id: id, title: title), content)) }
    }
    add("failures", "Failures", Self.failures(failures, omitted: omitted))
    add("timeline", "Timeline", timeline)
    var steps = StepMarkup(detail, room: Self.mostSteps)
    add("steps", "Steps", steps.markup())
    add("inputs", "Inputs", Self.values(tree.overview.start?.inputs ?? [:]))
    add("outputs", "Outputs", Self.values(outputs) + notices)
    let page = HTMLPage(
      title: "\(title): \(state.word)", head: head, heading: "\(title): \(state.word)",
      parts: parts.map(\.0), version: tree.overview.start?.version)
    var text = page.opening
    for (part, content) in parts { text += HTMLPage.partStart(part) + content + HTMLPage.partEnd }
    return (text + page.closing).source
  }

  private var head: Markup {
    var rows = [("outcome", PageText.colored(state.word, state.role))]
    rows += facts.map { ($0.name, Markup.text($0.text)) }
    let message =
      tree.overview.internalError.map { "internal error: \($0)" }
      ?? tree.overview.result?.failure?.message
    let failure = message.map {
      Markup.tag("p", ["class": "bad"], PageText.sentence($0)) + HTMLPage.newline
    }
    let next = next.map {
      Markup.tag("p", ["class": "next"], PageText.sentence("Next: \($0)")) + HTMLPage.newline
    }
    return (failure ?? .empty) + PageText.facts(rows) + (next ?? .empty)
  }

  private static func failures(_ failures: [FailureExplanation], omitted: Int) -> Markup {
    let rest =
      omitted > 0
      ? Markup.tag("p", ["class": "faint"], .text("\(omitted) more failures are left out."))
      : .empty
    return .join(failures.map(FailureMarkup.block)) + rest
  }

  private static func values(_ map: ValueMap) -> Markup {
    PageText.facts(
      ValueText.members(of: map, limit: longestValue).map { name, text in
        (name, .tag("code", [:], .text(text)))
      })
  }

  private var notices: Markup {
    let notices = tree.notices
    guard !notices.isEmpty else { return .empty }
    return .tag("ul", [:], notices.map { .tag("li", [:], PageText.sentence($0)) })
      + HTMLPage.newline
  }

  /// The innermost steps that took longest, and those that did not succeed, in the order they began.
  private var timeline: TimelineDrawing? {
    guard let start = tree.overview.startedAt, let end = tree.overview.latestAt, start < end else {
      return nil
    }
    var bars = BoundedBars(limit: Self.mostBars, end: end)
    for node in tree.nodes where tree.isInnermostStep(node) {
      guard let begin = node.startedAt else { continue }
      let outcome = node.result?.outcome
      bars.add(
        TimelineDrawing.Bar(
          label: node.title, start: begin, end: node.finishedAt,
          state: outcome?.word ?? "in progress", role: outcome?.barRole ?? .active),
        isNotable: node.isFailure)
    }
    return TimelineDrawing(
      title: "the steps", bars: bars.sorted, start: start, end: end,
      omission: bars.omission(of: "steps"))
  }
}

extension Outcome {
  /// A bar has a colour whatever it is.
  var barRole: TerminalStyle.Role {
    switch self {
    case .unchanged, .skipped: .faint
    case .succeeded, .tolerated, .failed, .cancelled, .inDoubt: role
    }
  }
}

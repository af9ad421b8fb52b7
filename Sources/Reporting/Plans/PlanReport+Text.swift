import Events
import Operations

extension PlanReport {
  /// How much is shown of what needs no attention.
  package enum Extent: Sendable, Hashable {
    /// One line for each group of steps that are unchanged or skipped.
    case summarized
    /// All steps, and long values whole.
    case everything
  }

  /// The plan for people: a line for each step that changes something, then votes, lifetimes, what cannot be
  /// undone, and counts; ends in a newline.
  package func text(_ style: TerminalStyle, _ extent: Extent = .summarized) -> String {
    PlanText(report: self, style: style, extent: extent).lines
      .map { $0.rendered(style) + "\n" }.joined()
  }

  /// Whether every step is as asked or skipped, so that no line of any step says more than the counts.
  var isQuiet: Bool { counts.isQuiet }
}

/// The text of a plan in its parts, which Markdown has, too.
struct PlanText: Sendable {
  /// So many steps are named with a vote.
  private static let mostSteps = 5
  private static let mostNotes = 20

  let report: PlanReport
  let style: TerminalStyle
  var extent = PlanReport.Extent.summarized

  var lines: [StyledLine] {
    let hint = StyledLine("--all lists what is unchanged or skipped", .faint)
    return heading + [StyledLine()] + body + (hidesSteps ? [hint] : [])
  }

  /// Everything below the heading, a blank line between two parts.
  var body: [StyledLine] {
    let tree = steps.map { $0.styled(style, .indented) }
    let parts = [
      tree, votes, lifetimes, finals, withoutUndo, report.explanation, notes + [conclusion],
    ]
    return Array(parts.filter { !$0.isEmpty }.joined(separator: [StyledLine()]))
  }

  /// The steps; none where there is nothing to look at, unless all are to be shown.
  var steps: [PlanLine] {
    if extent == .summarized, report.isQuiet { return [] }
    let selection: PlanLines.Selection = extent == .everything ? .everything : .summarized
    return PlanLines(style: style, selection: selection, explained: report.ending.step)
      .lines(report.items)
  }

  private var heading: [StyledLine] {
    var line = StyledLine(report.heading.playbook ?? "(no name)", .strong)
    line.append(column: report.heading.what)
    return [line]
      + report.heading.labels.map { RunDetail.fact("label", "\($0.name) = \($0.value)") }
  }
}

/// What a person should know before the playbook is run.
extension PlanText {
  /// Which votes there will be, with the steps that wait for them.
  var votes: [StyledLine] {
    guard !report.votes.isEmpty else { return [] }
    let labels = Dictionary(
      report.signed.map { ($0.path, $0.step.label) }, uniquingKeysWith: { first, _ in first })
    return [StyledLine(report.votes.summary, .strong)]
      + report.votes.flatMap { vote in
        var line = StyledLine("  " + vote.event)
        line.append(column: vote.policy.map { "policy \($0)" }, .faint)
        line.append(column: vote.text, .notable)
        return [line] + steps(of: vote, labels)
      }
  }

  private func steps(of vote: PlannedVote, _ labels: [StepPath: String]) -> [StyledLine] {
    guard !vote.steps.isEmpty else { return [] }
    let rest = vote.steps.count - Self.mostSteps
    let names = vote.steps.prefix(Self.mostSteps).map { labels[$0] ?? $0.description }
    let text = names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    return [StyledLine("      \(vote.steps.count == 1 ? "step" : "steps") \(text)", .faint)]
  }

  /// What may run out before it is used.
  var lifetimes: [StyledLine] {
    guard !report.lifetimes.isEmpty else { return [] }
    return [StyledLine("may run out before use", .strong)]
      + report.lifetimes.map { warning in
        var line = StyledLine("  \(warning.step)")
        line.append(column: warning.text, .notable)
        return line
      }
  }

  /// What cannot be undone.
  var finals: [StyledLine] {
    let finals = report.finals
    guard !finals.isEmpty else { return [] }
    return [StyledLine("cannot be undone", .strong)]
      + finals.map { item in
        var line = StyledLine("  ")
        if let sign = item.sign { line.append("\(sign.symbol(style)) ", sign.role) }
        line.append(item.step.label)
        line.append(column: item.subject, .faint)
        return line
      }
  }

  /// What stays as it is when a playbook is undone.
  var withoutUndo: [StyledLine] {
    guard !report.withoutUndo.isEmpty else { return [] }
    let labels = Dictionary(
      report.signed.map { ($0.path, $0.step.label) }, uniquingKeysWith: { first, _ in first })
    return [StyledLine("not undone after a failure: no `undo`", .strong)]
      + report.withoutUndo.map { StyledLine("  " + (labels[$0] ?? $0.description)) }
  }

  /// What steps have to say, each text once, with the first step that has it.
  var notes: [StyledLine] {
    let notes = report.notes
    var lines = notes.prefix(Self.mostNotes).map { note in
      let others = note.count > 1 ? " and \(note.count - 1) more" : ""
      return Self.note("\(note.text) (\(note.label)\(others))")
    }
    if notes.count > Self.mostNotes {
      let rest = notes.count - Self.mostNotes
      lines.append(Self.note("\(rest) more, which `privirun plan --output json` lists"))
    }
    return lines
  }

  private static func note(_ text: String) -> StyledLine {
    var line = StyledLine("note", .notable)
    line.append(": \(text)")
    return line
  }
}

/// The last lines.
extension PlanText {
  /// Whether steps that are unchanged or skipped have no lines of their own, while others have.
  private var hidesSteps: Bool {
    let quiet = report.counts[.unchanged] + report.counts[.skipped]
    guard extent == .summarized, quiet > 0 else { return false }
    let shown = steps.count
    guard shown > 0 else { return false }
    return PlanLines(style: style, selection: .everything).lines(report.items).count > shown
  }

  /// Such as `3 to create, 1 to change, 0 to remove, 38 unchanged`, or that there is nothing to do.
  var conclusion: StyledLine {
    let counts = report.counts
    switch report.ending {
    case .complete where report.hasConflicts || counts[.failed] > 0:
      return StyledLine(counts.text, .bad)
    case .complete where report.hasWork: return StyledLine(counts.text, .strong)
    case .complete where counts.isEmpty:
      return StyledLine("nothing to do: no step changes anything", .good)
    case .complete: return StyledLine("nothing to do: \(counts.shortText)", .good)
    case .failed: return StyledLine("the plan failed, as far as it came: \(counts.text)", .bad)
    case .incomplete(let how):
      return StyledLine("the plan is incomplete (\(how)), as far as it came: \(counts.text)", .bad)
    }
  }
}

extension PlanReport {
  /// What steps have to say, each text once: how many steps say it, and the label of the first.
  fileprivate var notes: [(text: String, label: String, count: Int)] {
    var places: [String: Int] = [:]
    var notes: [(text: String, label: String, count: Int)] = []
    for item in items.flatMap(\.noticed) {
      guard let text = item.notice else { continue }
      if let place = places[text] {
        notes[place].count += 1
      } else {
        places[text] = notes.count
        notes.append((text, item.step.label, 1))
      }
    }
    return notes
  }
}

extension PlannedItem {
  fileprivate var noticed: [PlannedItem] {
    (notice == nil ? [] : [self]) + children.flatMap(\.noticed)
  }
}

extension PlanReport.Heading {
  /// Such as `plan at https://api.example.com:443`.
  var what: String {
    switch reads {
    case .made: "plan" + PlaceText.clause(service, environment: environment)
    case .omitted:
      "plan\(PlaceText.clause(nil, environment: environment)) without reads: what the service has is not "
        + "known"
    }
  }
}

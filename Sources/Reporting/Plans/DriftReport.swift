package import Events
package import Operations

/// What differs from what the last successful run left, as `privirun plan --drift-only` reports it.
package struct DriftReport: Sendable, Hashable {
  /// The run whose end is compared with what is there.
  package struct Baseline: Sendable, Hashable {
    /// Its id.
    package var run: RunID
    /// When it ended.
    package var finishedAt: Moment

    /// What `run` left when it ended.
    package init(run: RunID, finishedAt: Moment) {
      self.run = run
      self.finishedAt = finishedAt
    }
  }

  /// The plan whose reads show what is there.
  let plan: PlanReport
  /// The run that left what is compared.
  package let baseline: Baseline
  /// The things that the run left, in the order of the plan's steps.
  let finding: DriftFinding

  /// A report of `finding`, which the reads of `plan` show.
  package init(of plan: PlanReport, since baseline: Baseline, _ finding: DriftFinding) {
    self.plan = plan
    self.baseline = baseline
    self.finding = finding.inOrder(of: plan)
  }

  /// What is not as it was left.
  package var items: [DriftedItem] { finding.drifted }

  /// Whether anything was added, changed or removed.
  package var hasDrift: Bool { !items.isEmpty }

  /// Whether the run left things, and none of them was compared.
  package var comparedNothing: Bool {
    items.isEmpty && finding.same.isEmpty && !finding.uncompared.isEmpty
  }

  /// Whether the plan is not complete, so that there may be more drift.
  package var failed: Bool { plan.failed }

  /// Such as `1 changed, 2 removed`.
  var countsText: String { counts.driftText }

  /// How many things have which sign: what is as it was left `=`, what was not compared `?`.
  var counts: PlanCounts {
    var counts = PlanCounts()
    for item in items { counts.add(item.kind.sign) }
    counts.add(.unchanged, count: finding.same.count)
    counts.add(.unknown, count: finding.uncompared.count)
    return counts
  }
}

extension DriftFinding {
  /// The same in the order in which the plan lists the steps; others follow.
  fileprivate func inOrder(of plan: PlanReport) -> DriftFinding {
    let places = Dictionary(
      plan.signed.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
    func sorted<Item>(_ items: [Item], _ path: (Item) -> StepPath) -> [Item] {
      items.enumerated().map { number, item in
        (place: places[path(item)] ?? .max, number: number, item: item)
      }
      .sorted { ($0.place, $0.number) < ($1.place, $1.number) }.map(\.item)
    }
    return DriftFinding(
      drifted: sorted(drifted, \.path), uncompared: sorted(uncompared, \.path),
      same: sorted(same) { $0 })
  }
}

/// The outputs for people.
extension DriftReport {
  /// What was added, changed and removed, with the fields that differ; ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    (heading + [StyledLine()] + body(style)).map { $0.rendered(style) + "\n" }.joined()
  }

  /// Everything below the heading, a blank line between two parts.
  func body(_ style: TerminalStyle) -> [StyledLine] {
    let parts = [lines(style, .indented), plan.explanation, [conclusion]]
    return Array(parts.filter { !$0.isEmpty }.joined(separator: [StyledLine()]))
  }

  /// The same for a comment on a merge request; ends in a newline.
  package var markdown: String {
    let style = TerminalStyle()
    func rendered(_ lines: [StyledLine]) -> [String] {
      MarkdownText.fitting(lines.map { $0.rendered(style) }, bytes: 48_000)
    }
    let name = plan.heading.playbook.map { " of \(MarkdownText.code($0))" } ?? ""
    var parts = [
      "### Drift\(name): \(headlineText)\n",
      "since run \(MarkdownText.code(baseline.run.text))\(place)\n",
    ]
    let things = lines(style, .leading)
    if !things.isEmpty { parts.append(MarkdownText.block(rendered(things), language: "diff")) }
    if !plan.explanation.isEmpty { parts.append(MarkdownText.block(rendered(plan.explanation))) }
    parts.append(MarkdownText.block(rendered([conclusion])))
    return parts.joined(separator: "\n")
  }

  private var headlineText: String {
    let count = finding.uncompared.count
    let drift = hasDrift ? countsText : comparedNothing ? nil : "none"
    return [drift, count > 0 ? "\(count) not compared" : nil].compactMap(\.self)
      .joined(separator: ", ")
  }

  private var place: String {
    let environment =
      plan.heading.environment.map { ", environment \(MarkdownText.code($0))" } ?? ""
    return (plan.heading.service.map { " at \(MarkdownText.code($0.shortText))" } ?? "")
      + environment
  }

  private var heading: [StyledLine] {
    var line = StyledLine(plan.heading.playbook ?? "(no name)", .strong)
    line.append(
      column: "drift"
        + PlaceText.clause(plan.heading.service, environment: plan.heading.environment))
    let since = "run \(baseline.run.text), which ended \(baseline.finishedAt.text)"
    return [line]
      + plan.heading.labels.map { RunDetail.fact("label", "\($0.name) = \($0.value)") }
      + [RunDetail.fact("since", since)]
  }

  /// What was added, changed, removed and not compared.
  func lines(_ style: TerminalStyle, _ layout: PlanLine.Layout) -> [StyledLine] {
    let drifted = items.flatMap { item in
      var line = Self.name(item.path, item.title, item.operation)
      line.append(column: item.kind.rawValue, item.kind.sign.role)
      line.append(column: item.reason)
      let fields = item.differences.map {
        PlanLine(depth: 1, sign: nil, body: StyledLine(item.text(of: $0, style, limit: nil)))
      }
      return [PlanLine(depth: 0, sign: item.kind.sign, body: line)] + fields
    }
    let uncompared = finding.uncompared.map { item in
      var line = Self.name(item.path, item.title, item.operation)
      line.append(column: "not compared", PlanSign.unknown.role)
      line.append(column: item.reason)
      return PlanLine(depth: 0, sign: .unknown, body: line)
    }
    return (drifted + uncompared).map { $0.styled(style, layout) }
  }

  private static func name(_ path: StepPath, _ title: String, _ operation: String) -> StyledLine {
    var line = StyledLine(path.description)
    line.append(column: [path.lastStep, operation].contains(title) ? nil : title)
    line.append(column: operation, .faint)
    return line
  }

  private var conclusion: StyledLine {
    let (same, uncompared) = (finding.same.count, finding.uncompared.count)
    var text = hasDrift ? "\(countsText); " : comparedNothing ? "" : "no drift: "
    text += "\(same) \(same == 1 ? "thing is" : "things are") as the run left "
    text += same == 1 ? "it" : "them"
    if uncompared > 0 { text += ", \(uncompared) not compared" }
    switch plan.ending {
    case .complete where comparedNothing: return StyledLine(text, .bad)
    case .complete: return StyledLine(text, hasDrift ? .notable : .good)
    case .failed: return StyledLine("the plan failed, as far as it came: \(text)", .bad)
    case .incomplete(let how):
      return StyledLine("the plan is incomplete (\(how)), as far as it came: \(text)", .bad)
    }
  }
}

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
  /// What is not as it was left, in order.
  package let items: [DriftedItem]

  /// A report of `items`, which the reads of `plan` show.
  package init(of plan: PlanReport, since baseline: Baseline, _ items: [DriftedItem]) {
    self.plan = plan
    self.baseline = baseline
    self.items = items
  }

  /// Whether anything was added, changed or removed.
  package var hasDrift: Bool { !items.isEmpty }

  /// Whether the plan is not complete, so that there may be more drift.
  package var failed: Bool { plan.failed }

  /// The things that were looked at and are as they were left.
  var sameCount: Int {
    let drifted = Set(items.map(\.path))
    return plan.signed.count { $0.isKnown && !drifted.contains($0.path) }
  }

  /// Such as `1 changed, 2 removed`.
  var countsText: String {
    DriftedItem.Kind.allCases.compactMap { kind in
      let count = items.count { $0.kind == kind }
      return count > 0 ? "\(count) \(kind.rawValue)" : nil
    }.joined(separator: ", ")
  }
}

extension PlannedItem {
  /// Whether its state was found out.
  fileprivate var isKnown: Bool {
    switch sign {
    case .create?, .change?, .remove?, .drift?, .conflict?, .unchanged?: true
    case .unknown?, .skipped?, .failed?, nil: false
    }
  }
}

/// The outputs for people.
extension DriftReport {
  /// What was added, changed and removed, with the fields that differ; ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    let parts = [lines(style, .indented), plan.explanation, [conclusion]]
    return (heading + parts.filter { !$0.isEmpty }.flatMap { [StyledLine()] + $0 })
      .map { $0.rendered(style) + "\n" }.joined()
  }

  /// The same for a comment on a merge request; ends in a newline.
  package var markdown: String {
    let style = TerminalStyle()
    func rendered(_ lines: [StyledLine]) -> [String] {
      MarkdownText.fitting(lines.map { $0.rendered(style) }, bytes: 48_000)
    }
    let name = plan.heading.playbook.map { " of \(MarkdownText.code($0))" } ?? ""
    var parts = [
      "### Drift\(name): \(items.isEmpty ? "none" : countsText)\n",
      "since run \(MarkdownText.code(baseline.run.text))\(place)\n",
    ]
    if hasDrift {
      parts.append(MarkdownText.block(rendered(lines(style, .leading)), language: "diff"))
    }
    if !plan.explanation.isEmpty { parts.append(MarkdownText.block(rendered(plan.explanation))) }
    parts.append(MarkdownText.block(rendered([conclusion])))
    return parts.joined(separator: "\n")
  }

  private var place: String {
    plan.heading.service.map { " at \(MarkdownText.code($0.shortText))" } ?? ""
  }

  private var heading: [StyledLine] {
    var line = StyledLine(plan.heading.playbook ?? "(no name)", .strong)
    line.append(column: "drift" + (plan.heading.service.map { " at \($0.shortText)" } ?? ""))
    let since = "run \(baseline.run.text), which ended \(baseline.finishedAt.text)"
    return [line]
      + plan.heading.labels.map { RunDetail.fact("label", "\($0.name) = \($0.value)") }
      + [RunDetail.fact("since", since)]
  }

  private func lines(_ style: TerminalStyle, _ layout: PlanLine.Layout) -> [StyledLine] {
    items.flatMap { item in
      var line = StyledLine(item.path.description)
      line.append(
        column: [item.path.lastStep, item.operation].contains(item.title) ? nil : item.title)
      line.append(column: item.operation, .faint)
      line.append(column: item.kind.rawValue, item.kind.sign.role)
      line.append(column: item.reason)
      let fields = item.differences.map {
        PlanLine(depth: 1, sign: nil, body: StyledLine(item.text(of: $0, style, limit: nil)))
      }
      return ([PlanLine(depth: 0, sign: item.kind.sign, body: line)] + fields).map {
        $0.styled(style, layout)
      }
    }
  }

  private var conclusion: StyledLine {
    let same = "\(sameCount) \(sameCount == 1 ? "thing is" : "things are") as the run left"
    let end = sameCount == 1 ? "it" : "them"
    let text = hasDrift ? "\(countsText); \(same) \(end)" : "no drift: \(same) \(end)"
    switch plan.ending {
    case .complete: return StyledLine(text, hasDrift ? .notable : .good)
    case .failed: return StyledLine("the plan failed, as far as it came: \(text)", .bad)
    case .incomplete(let how):
      return StyledLine("the plan is incomplete (\(how)), as far as it came: \(text)", .bad)
    }
  }
}

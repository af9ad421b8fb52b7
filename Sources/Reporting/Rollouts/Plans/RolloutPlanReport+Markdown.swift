import Events

extension RolloutPlanReport {
  /// The plan for a comment on a merge request, at most 48 KB; ends in a newline.
  ///
  /// Lines are left out, and counted, where there are too many. All text from outside is in code blocks and
  /// code spans.
  package var markdown: String { RolloutPlanMarkdown(report: self).text }
}

/// The Markdown of a rollout's plan.
private struct RolloutPlanMarkdown {
  private static let style = TerminalStyle()
  private static let rest = "see the text output of `privirun rollout plan`"
  /// In bytes: everything, all tenants that are shown whole, the counts of tenants, the reasons, and each of
  /// the other parts.
  private static let longest = 48_000
  private static let longestWhole = 18_000
  private static let longestTenants = 8_000
  private static let longestReasons = 8_000
  private static let longestPart = 2_000
  private static let longestName = 200

  let report: RolloutPlanReport

  var text: String {
    let plan = RolloutPlanText(report: report, style: Self.style)
    var parts = [title, place, MarkdownText.block([report.conclusion])]
    parts.append(block(plan.tenants.dropFirst(), bytes: Self.longestTenants))
    if !report.reasons.isEmpty { parts.append(reasons) }
    for lines in [plan.votes, plan.worstCase, plan.lifetimes, plan.finals, plan.gone] {
      parts.append(block(lines[...], bytes: Self.longestPart))
    }
    parts += report.whole.map(whole)
    return Self.fitting(parts.filter { !$0.isEmpty })
  }

  /// The parts that fit; a fence or an escape can make one longer than its lines.
  private static func fitting(_ parts: [String]) -> String {
    let note = "More is left out: \(MarkdownText.sentence(rest)).\n"
    var room = longest - note.utf8.count - 1
    var fitting = parts.filter { part in
      let isFitting = part.utf8.count < room
      if isFitting { room -= part.utf8.count + 1 }
      return isFitting
    }
    if fitting.count < parts.count { fitting.append(note) }
    return fitting.joined(separator: "\n")
  }

  private func block(
    _ lines: ArraySlice<StyledLine>, bytes: Int, language: String = "text"
  ) -> String {
    MarkdownText.block(Array(lines), bytes: bytes, language: language, rest: Self.rest)
  }

  private static func name(_ text: String) -> String {
    MarkdownText.code(String(text.prefix(longestName)))
  }

  private var title: String {
    let word = report.heading.mode == .drift ? "Drift" : "Plan"
    return "### \(word) of \(Self.name(report.heading.name)): \(report.shortConclusion)\n"
  }

  private var place: String {
    let heading = report.heading
    let service = heading.service.map { "at \(Self.name($0.shortText))" }
    let environment = heading.environment.map { "environment \(Self.name($0))" }
    let offline = report.omitsReads ? "without reads: what the service has is not known" : nil
    let facts = report.facts.map { "\($0.name) \(Self.name($0.text))" }
    return ([service, environment, offline].compactMap(\.self) + facts).joined(separator: ", ")
      + "\n"
  }

  private var reasons: String {
    let table = report.reasons.markdown(limit: RolloutPlanText.mostReasons)
    let cut = MarkdownText.cut(table, to: Self.longestReasons)
    return cut == table ? cut : "\(cut)\nMore reasons are left out.\n"
  }

  private func whole(_ whole: RolloutPlanReport.WholePlan) -> String {
    let (lines, counts): ([StyledLine], String)
    switch whole.plan {
    case .plan(let plan):
      (lines, counts) = (PlanMarkdown(report: plan).work, plan.counts.text)
    case .drift(let drift):
      (lines, counts) = (drift.lines(Self.style, .leading), drift.countsText)
    case .refused: return ""
    }
    let bytes = Self.longestWhole / max(1, report.whole.count)
    let name = Markup.escaped(String(whole.tenant.prefix(Self.longestName)))
    return "<details><summary>tenant <code>\(name)</code>: \(counts)</summary>\n\n"
      + "\(block(lines[...], bytes: bytes, language: "diff"))\n</details>\n"
  }
}

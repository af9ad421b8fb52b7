import Events
import Operations

/// How a rollout ended, on one screen: counts, the most frequent reasons, where the report is, what to do next.
struct RolloutEnding: Sendable {
  /// At most so many reasons, two lines each.
  private static let mostReasons = 5

  let progress: RolloutProgress
  let journal: JournalReference?
  /// The file with the report; nil where none is written.
  let reportFile: String?

  /// At most 24 lines; reasons are cut to `width` columns where there is a width, commands are not.
  func lines(_ style: TerminalStyle, width: Int? = nil) -> [String] {
    guard let start = progress.view.start else { return [] }
    let commands = RolloutCommands(of: start.rollout, journal: journal)
    var counts = StyledLine("  ")
    counts.append(progress.countsLine)
    var lines = [headline(start, style), counts].map { $0.rendered(style) }
    func add(_ name: String, _ text: String?) {
      if let text { lines.append(FailureExplanation.line(name, text).rendered(style)) }
    }
    add("changes", progress.changes.text)
    add("stopped", (progress.view.result?.stop ?? progress.view.stop)?.text)
    if !progress.reasons.isEmpty {
      lines.append(StyledLine("why tenants did not succeed", .strong).rendered(style))
      let reasons = progress.reasons.lines(style, limit: Self.mostReasons)
      lines += reasons.map { $0.rendered(style, width: width) }
    }
    add("report", reportFile ?? "`\(commands.report)` writes it")
    for (index, next) in commands.next(after: progress.counts, progress.view).enumerated() {
      add(index == 0 ? "next" : "", next)
    }
    return lines
  }

  private func headline(_ start: RolloutStart, _ style: TerminalStyle) -> StyledLine {
    let outcome = progress.view.result?.outcome
    var line = StyledLine(
      outcome.map { "\($0.symbol(style)) " } ?? "", outcome?.role ?? .active)
    line.append("rollout \(start.name)", .strong)
    line.append(" \(outcome?.word ?? "not finished")", outcome?.role ?? .active)
    line.append(": \(progress.doneText)")
    if let elapsed = progress.elapsed { line.append(" in \(ElapsedText.text(elapsed))") }
    line.append(column: start.rollout.text, .faint)
    return line
  }
}

import Events
import Operations

/// The progress of a rollout as a few lines; a function of the progress, the time and the size.
struct RolloutDrawing: Sendable {
  private static let barWidth = 24
  private static let mostTenants = 3

  let style: TerminalStyle

  /// At most `size.lines - 1` lines, the most important first.
  func lines(_ progress: RolloutProgress, at now: Moment, size: TerminalSize) -> [String] {
    var lines = [title(progress, at: now), indented(progress.countsLine)]
    var pace = StyledLine()
    let elapsed = progress.elapsed.map { "\(ElapsedText.text($0)) so far" }
    for text in [progress.rateText, progress.timeLeftText, elapsed] { pace.append(column: text) }
    if !pace.text.isEmpty { lines.append(pace) }
    var waits = StyledLine()
    for text in [progress.holdText, progress.waitsText] { waits.append(column: text, .notable) }
    if !waits.text.isEmpty { lines.append(waits) }
    for tenant in progress.slowest(Self.mostTenants) {
      var line = StyledLine("  \(tenant.name)", .strong)
      line.append(column: tenant.step.map { "\($0)" }, .faint)
      line.append(column: tenant.wait.map { "waits for \($0.phrase)" }, .active)
      line.append(column: ElapsedText.text(now - tenant.startedAt), .faint)
      lines.append(line)
    }
    return lines.prefix(max(1, size.lines - 1)).map { $0.rendered(style, width: size.columns) }
  }

  /// Such as `⠙ onboard  ████░░░░  12 of 200 tenants (6 %)  stage 2 of 4`.
  private func title(_ progress: RolloutProgress, at now: Moment) -> StyledLine {
    let started = progress.view.startedAt
    var line = StyledLine(Spinner.frame(style, since: started, at: now), .active)
    line.append(" \(progress.view.start?.name ?? "rollout")", .strong)
    let total = max(1, progress.counts.total)
    let filled = progress.endedCount * Self.barWidth / total
    line.append("  ")
    line.append(String(repeating: style.choose("█", "#"), count: filled), .good)
    line.append(
      String(repeating: style.choose("░", "."), count: max(0, Self.barWidth - filled)), .faint)
    line.append(column: progress.doneText)
    line.append(column: progress.stageText)
    return line
  }

  private func indented(_ line: StyledLine) -> StyledLine {
    var whole = StyledLine("  ")
    whole.append(line)
    return whole
  }
}

extension RunningTenant.Wait {
  /// Such as `a vote`.
  fileprivate var phrase: String {
    switch self {
    case .approval: "an approval"
    case .vote: "a vote"
    case .voteSlot: "its turn to vote"
    case .session: "its session"
    case .command: "its command"
    case .condition: "a condition"
    case .pause: "time to pass"
    }
  }
}

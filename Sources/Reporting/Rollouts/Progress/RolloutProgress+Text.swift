import Diagnostics
import Events
import Operations

extension RolloutProgress {
  /// Such as `1240 of 20000 tenants (6 %)`.
  var doneText: String {
    let total = counts.total
    let percent = total == 0 ? 100 : endedCount * 100 / total
    return "\(endedCount) of \(total) \(total == 1 ? "tenant" : "tenants") (\(percent) %)"
  }

  /// The counts in a line, those that need attention in their colours.
  ///
  /// A tenant in progress that waits for a decision counts as waiting.
  var countsLine: StyledLine {
    let approvals = waits.first { $0.wait == .approval }?.count ?? 0
    var shown = counts
    shown[.running] -= approvals
    shown[.waiting] += approvals
    var line = StyledLine()
    for state in TenantState.allCases where shown[state] > 0 {
      if !line.text.isEmpty { line.append(", ") }
      line.append("\(shown[state]) \(state.words)", state.role)
    }
    return line
  }

  /// Such as `stage 2 of 4`; nil where there is only one.
  var stageText: String? {
    guard let stages = view.start?.stages.count, stages > 1 else { return nil }
    return "stage \(view.stage) of \(stages)"
  }

  /// Such as `23 tenants/min`, with one digit after the point where there are few.
  var rateText: String? {
    perMinute.map { rate in
      let tenths = Int((rate * 10).rounded())
      return tenths < 100
        ? "\(tenths / 10).\(tenths % 10) tenants/min" : "\(tenths / 10) tenants/min"
    }
  }

  /// Such as `about 4 min 10 s left`.
  var timeLeftText: String? {
    timeLeft.map { "about \(ElapsedText.left($0)) left" }
  }

  /// What the rollout as a whole waits for, or why it stops; nil while tenants start.
  var holdText: String? {
    if let stop = view.stop { return "stopping: \(stop.text)" }
    if view.isPaused { return "paused" }
    switch view.hold {
    case .baking(let until):
      return "waits after stage \(view.stage), \(ElapsedText.left(until - (now ?? until))) left"
    case .approval: return "waits for the approval to go on after stage \(view.stage)"
    case nil: return nil
    }
  }

  /// Such as `waits for 3 votes, 1 approval`; nil while nothing is waited for.
  var waitsText: String? {
    let waits = waits.map { $0.wait.text($0.count) }
    return waits.isEmpty ? nil : "waits for " + waits.joined(separator: ", ")
  }

  /// The whole progress in one line, for logs.
  var line: StyledLine {
    var line = StyledLine(doneText, .strong)
    line.append(": ")
    line.append(countsLine)
    for text in [stageText, rateText, timeLeftText] { line.append(column: text) }
    for text in [holdText, waitsText] { line.append(column: text, .notable) }
    if let slowest = slowest(1).first, let now {
      let time = ElapsedText.text(now - slowest.startedAt)
      line.append(column: "longest: \(slowest.name), \(time)", .faint)
    }
    return line
  }
}

extension RolloutProgress.Ended {
  /// Such as `✗ acme  failed  12.0 s  the service refused the command  at enrol (onboard.yaml:12:5)`.
  func line(_ style: TerminalStyle) -> StyledLine {
    var line = StyledLine(row.state.symbol(style), row.state.role)
    line.append(" \(row.name)", .strong)
    line.append(column: row.state.words, row.state.role)
    line.append(column: elapsed.map(ElapsedText.text), .faint)
    if row.state.needsAttention {
      line.append(column: row.reason)
      let place = row.failure?.location.map { " (\($0))" } ?? ""
      line.append(column: row.failedStep.map { "at \($0)\(place)" }, .faint)
    } else {
      line.append(column: row.changes.text, .faint)
    }
    return line
  }
}

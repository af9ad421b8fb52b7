import Journaling

extension CheckReport {
  /// What was found in the journal at `path`; ends in a newline.
  func text(_ path: String) -> String {
    var lines = [
      isIntact
        ? "\(path) is intact: \(countText)"
        : "\(path): \(CountText.text(problems.count + furtherProblems, "problem")) in \(countText)"
    ]
    for problem in problems {
      lines.append("\(problem)")
      if let hint = problem.hint { lines.append("  hint: \(hint)") }
    }
    if furtherProblems > 0 {
      lines.append("and \(CountText.text(furtherProblems, "more problem"))")
    }
    if !leftovers.isEmpty { lines.append("left behind by interruptions:") }
    for leftover in leftovers { lines.append("  \(leftover); \(leftover.hint)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Such as `12 runs, 1 rollout and 90 events`.
  var countText: String {
    CountText.list([
      "rollout": counts.rollouts, "run": counts.runs, "event": counts.events,
      "text": counts.texts, "schedule": counts.schedules, "tick": counts.ticks,
    ])
  }
}

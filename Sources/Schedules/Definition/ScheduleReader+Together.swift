import Diagnostics
import Operations
import Playbooks

/// What contradicts other parts of a schedule.
extension ScheduleReader {
  mutating func checkTogether(_ schedule: Schedule, _ entries: [YAMLNode.Entry]) {
    if let window = schedule.window, schedule.jitter >= window, let entry = entries.entry(.jitter) {
      nodes.report(
        .contradiction, "`jitter` must be less than `window`, or starts would come too late",
        at: entry.value.location,
        hint: "`jitter` is \(DurationText.text(schedule.jitter)), and `window` "
          + DurationText.text(window))
    }
    if let from = schedule.from, let until = schedule.until, until.moment < from.moment,
      let entry = entries.entry(.until)
    {
      nodes.report(
        .contradiction, "`until` is before `from`", at: entry.value.location,
        hint: "nothing is due between \(from.text) and \(until.text)")
    }
    for (instant, node) in zip(schedule.at, Self.elements(entries.value(.at)))
    where schedule.at.count == Self.elements(entries.value(.at)).count {
      checkBounds(instant, schedule, node)
    }
  }

  private static func elements(_ node: YAMLNode?) -> [YAMLNode] {
    node.map { $0.elements ?? [$0] } ?? []
  }

  private mutating func checkBounds(
    _ instant: ScheduledInstant, _ schedule: Schedule, _ node: YAMLNode
  ) {
    let isEarly = schedule.from.map { instant.moment < $0.moment } ?? false
    let isLate = schedule.until.map { instant.moment > $0.moment } ?? false
    guard isEarly || isLate else { return }
    nodes.diagnostics.add(
      Diagnostic(
        .neverDue, "\(instant.text) is \(isEarly ? "before `from`" : "after `until`")",
        at: node.location, hint: "it is never due: leave it out", severity: .warning))
  }

  /// A schedule without a due instant at any time.
  mutating func checkDue(_ schedule: Schedule, _ node: YAMLNode, _ entries: [YAMLNode.Entry]) {
    guard schedule.next(after: Moment(nanoseconds: .min)) == nil else { return }
    nodes.report(
      .neverDue, "nothing is ever due between `from` and `until`",
      at: entries.entry(.until)?.value.location ?? entries.entry(.from)?.value.location
        ?? node.headLocation)
  }

}

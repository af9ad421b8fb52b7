package import Events
import Operations
package import TimeZones

/// A tick in a list, and the schedule that it belongs to.
package struct ListedTick: Sendable, Hashable {
  /// The name of the schedule.
  package var schedule: String
  /// What was decided.
  package var tick: Tick
  /// The zone of the schedule; nil where that is not known, so that no local time is shown.
  package var zone: TimeZoneRules?

  /// A tick of `schedule`, whose local times are those of `zone`.
  package init(_ tick: Tick, of schedule: String, in zone: TimeZoneRules? = nil) {
    self.schedule = schedule
    self.tick = tick
    self.zone = zone
  }

  /// The due instant as the clocks of the zone show it.
  var local: ZonedTime? { zone.map { ZonedTime(tick.due, in: $0) } }

  /// How long after the due instant, or the latest of several, it was decided.
  var delay: Duration { max(.zero, tick.decidedAt - tick.through) }

  /// For how many instants it stands, and why it is so; empty where there is nothing to say.
  var notes: String {
    let several =
      tick.count == 1 ? nil : "\(tick.count) due instants up to \(tick.through.listText)"
    return [several, request, tick.verdict.reason].compactMap(\.self).joined(separator: "; ")
  }

  /// What the rollout that it started was due for, such as `due 2027-03-01 03:00:00 +01:00 CET, caught up`.
  var start: String {
    let due = local?.text ?? tick.due.listText
    return switch tick.verdict {
    case .triggered(_, let person): "triggered at \(due) by \(person)"
    case .ran: "due \(due)"
    case .caughtUp, .skippedOverlap, .skippedWindow, .paused, .missed, .failedToStart:
      "due \(due), \(tick.verdict.text)"
    }
  }

  /// The same for programs (`schemas/rollout-report.schema.json`).
  var startJSON: EncodedJSON {
    .object([
      "due": .instant(tick.due), "local": local.map { .text($0.rfc3339) },
      "verdict": .text(tick.verdict.name), "by": person.map(EncodedJSON.text),
    ])
  }

  /// For programs (`schemas/ticks.schema.json`).
  var json: EncodedJSON {
    .object([
      "schedule": .text(schedule), "due": .instant(tick.due),
      "local": local.map { .text($0.rfc3339) }, "through": .instant(tick.through),
      "count": .count(tick.count), "verdict": .text(tick.verdict.name),
      "rollout": tick.verdict.rollout.map { .text($0.text) }, "by": person.map(EncodedJSON.text),
      "reason": tick.verdict.reason.map(EncodedJSON.text), "decidedAt": .instant(tick.decidedAt),
      "delayMilliseconds": .milliseconds(delay),
    ])
  }

  private var person: String? { tick.verdict.person }

  private var request: String? {
    guard let person else { return nil }
    if case .triggered = tick.verdict { return "by \(person)" }
    return "triggered by \(person)"
  }
}

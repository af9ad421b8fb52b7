import Events
import Operations
import Schedules

/// Why a schedule has no further due instant.
enum PreviewShortfall: Sendable, Hashable {
  /// Later ones are after its `until`.
  case until(String)
  /// `at` is all that it has, and every instant there is earlier.
  case at
  /// Later ones are out of the range of instants.
  case endOfTime

  /// The reason why `schedule` has none after `moment`.
  init(_ schedule: Schedule, after moment: Moment) {
    var unlimited = schedule
    unlimited.until = nil
    if let until = schedule.until, unlimited.next(after: max(moment, until.moment)) != nil {
      self = .until(until.text)
    } else if schedule.cron.isEmpty, schedule.every == nil {
      self = .at
    } else {
      self = .endOfTime
    }
  }

  /// One sentence without a full stop.
  var text: String {
    switch self {
    case .until(let text): "no rollout is due after `until`, \(text)"
    case .at: "`at` has no later instant"
    case .endOfTime: "instants after 2262-04-11 are not supported"
    }
  }

  /// For programs (`schemas/preview.schema.json`).
  var json: EncodedJSON {
    let reason =
      switch self {
      case .until: "until"
      case .at: "at"
      case .endOfTime: "end-of-time"
      }
    return .object(["reason": .text(reason), "text": .text(text)])
  }
}

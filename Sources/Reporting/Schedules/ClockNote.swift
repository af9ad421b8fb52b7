import Events
import Expressions
import Operations
import Schedules
import TimeZones

/// What the clocks of the zone do to a due instant, or did since the one before.
enum ClockNote: Sendable, Hashable {
  /// The time that is written does not exist: it is due at the end of the gap.
  case skipped(written: String, end: ZonedTime)
  /// The clocks show the time twice, and it is due the first time only.
  case firstOnly(String)
  /// The clocks show the time twice, and it is due both times; this is the first.
  case firstOfTwo(String)
  /// The clocks show the time twice, and it is due both times; this is the second.
  case secondOfTwo(String)
  /// The clocks went forward, or back where that is negative, since the instant before.
  case moved(Duration, from: String, to: String)

  /// What there is to say about `due` of `schedule`, which follows `previous` in a list; nil for nothing.
  init?(_ due: DueInstant, after previous: ZonedTime?, of schedule: Schedule) {
    let here = ZonedTime(due.at, in: schedule.zone)
    switch due.shift {
    case .skipped(let written):
      self = .skipped(written: written, end: here)
    case .doubledFirst:
      self = Self.isDueAgain(due, schedule) ? .firstOfTwo(here.clock) : .firstOnly(here.clock)
    case .doubledSecond: self = .secondOfTwo(here.clock)
    case nil:
      guard let previous, previous.offset != here.offset else { return nil }
      self = .moved(
        .seconds(here.offset - previous.offset), from: previous.zoneText, to: here.zoneText)
    }
  }

  /// Whether the second time that the clocks show is due, too.
  private static func isDueAgain(_ due: DueInstant, _ schedule: Schedule) -> Bool {
    let first = schedule.zone.segment(at: due.at.second)
    guard let end = first.end else { return false }
    let second = due.at + .seconds(first.offset - schedule.zone.segment(at: end).offset)
    guard due.at < second else { return false }
    return schedule.next(after: second + .nanoseconds(-1))?.at == second
  }

  /// One sentence without a full stop.
  var text: String {
    switch self {
    case .skipped(let written, let end):
      Self.text(ofSkipped: written, end)
    case .firstOnly(let time): "\(time) comes twice: runs the first time only"
    case .firstOfTwo(let time): "\(time) comes twice: runs both times, and this is the first"
    case .secondOfTwo(let time): "\(time) comes twice: runs both times, and this is the second"
    case .moved(let change, let from, let to):
      "the clocks went \(change < .zero ? "back" : "forward") \(Self.length(change)) before this: "
        + "\(from) to \(to)"
    }
  }

  private static func text(ofSkipped written: String, _ end: ZonedTime) -> String {
    let parts = written.split(separator: "T", maxSplits: 1)
    // Clocks can skip a whole day.
    guard parts.count == 2, parts[0] == end.time.dateText else {
      return "\(parts.joined(separator: " ")) does not exist: runs at \(end.time.dateText) "
        + "\(end.clock), the end of the gap"
    }
    return "\(parts[1]) does not exist on that day: runs at \(end.clock), the end of the gap"
  }

  private static func length(_ change: Duration) -> String {
    ElapsedText.round(change < .zero ? .zero - change : change)
  }

  /// For programs (`schemas/preview.schema.json`).
  var json: EncodedJSON {
    .object([
      "effect": .text(effect), "written": written.map(EncodedJSON.text), "text": .text(text),
    ])
  }

  private var effect: String {
    switch self {
    case .skipped: "skipped"
    case .firstOnly: "first-only"
    case .firstOfTwo: "first-of-two"
    case .secondOfTwo: "second-of-two"
    case .moved: "clocks-moved"
    }
  }

  private var written: String? {
    if case .skipped(let written, _) = self { written } else { nil }
  }
}

extension ZonedTime {
  /// The abbreviation, or the offset where the zone has no letters.
  fileprivate var zoneText: String {
    abbreviation.first?.isLetter ?? false ? abbreviation : offsetText
  }
}

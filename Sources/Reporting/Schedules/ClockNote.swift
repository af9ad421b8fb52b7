import Events
import Expressions
import Operations
import Schedules
import TimeZones

/// What the clocks of the zone do to a due instant, or did since the one before.
enum ClockNote: Sendable, Hashable {
  /// The times that are written do not exist: they are due once, at the end of the gap.
  case skipped(SkippedTimes, end: ZonedTime)
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
    case .skipped: self = .skipped(schedule.skippedTimes(dueAt: due.at), end: here)
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
    case .skipped(let times, let end): Self.text(of: times, end)
    case .firstOnly(let time): "\(time) occurs twice: runs the first time only"
    case .firstOfTwo(let time): "\(time) occurs twice: runs both times, and this is the first"
    case .secondOfTwo(let time): "\(time) occurs twice: runs both times, and this is the second"
    case .moved(let change, let from, let to):
      "clocks have gone \(change < .zero ? "back" : "forward") by \(Self.length(change)) since the "
        + "previous instant (\(from) to \(to))"
    }
  }

  /// So many skipped times are named.
  private static let mostNamed = 3

  private static func text(of times: SkippedTimes, _ end: ZonedTime) -> String {
    let date = end.time.dateText
    // Clocks can skip a whole day.
    let isOneDay = times.written.allSatisfy { $0.hasPrefix("\(date)T") }
    let names = times.written.prefix(mostNamed).map {
      isOneDay ? String($0.dropFirst(date.count + 1)) : $0.replacing("T", with: " ")
    }
    let isOne = times.written.count == 1
    let gapEnd = isOneDay ? end.clock : "\(date) \(end.clock)"
    let how =
      switch (isOne, times.joinsAnother) {
      case (true, false): "at"
      case (false, false): "once at"
      case (_, true): "once with the regular"
      }
    return "\(list(names, of: times.written.count)) \(isOne ? "does" : "do") not exist"
      + "\(isOneDay ? " on that day" : ""): \(isOne ? "runs" : "run") \(how) \(gapEnd), "
      + "the end of the gap"
  }

  private static func list(_ names: [String], of count: Int) -> String {
    if count > names.count {
      return names.joined(separator: ", ") + " and \(count - names.count) more"
    }
    return (names.dropLast(2) + [names.suffix(2).joined(separator: " and ")])
      .joined(separator: ", ")
  }

  private static func length(_ change: Duration) -> String {
    ElapsedText.round(change < .zero ? .zero - change : change)
  }

  /// For programs (`schemas/preview.schema.json`).
  var json: EncodedJSON {
    .object([
      "effect": .text(effect), "written": written.map(EncodedJSON.text),
      "merged": merged.map(EncodedJSON.count), "text": .text(text),
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
    if case .skipped(let times, _) = self { times.written.first } else { nil }
  }

  /// How many times are due as one; nil for one alone.
  private var merged: Int? {
    guard case .skipped(let times, _) = self else { return nil }
    let count = times.written.count + (times.joinsAnother ? 1 : 0)
    return count > 1 ? count : nil
  }
}

extension ZonedTime {
  /// The abbreviation, or the offset where the zone has no letters.
  fileprivate var zoneText: String {
    abbreviation.first?.isLetter ?? false ? abbreviation : offsetText
  }
}

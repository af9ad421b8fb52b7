import Expressions
import Operations
import TimeZones

/// An instant as the clocks of a time zone show it.
struct ZonedTime: Sendable, Hashable {
  private static let weekdays = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]

  /// The instant.
  let at: Moment
  /// The date and the time of day that the clocks show; fractions of a second are cut.
  let time: CalendarTime
  /// How many seconds the clocks are ahead of UTC.
  let offset: Int
  /// The zone's abbreviation at that time, such as `CEST`.
  let abbreviation: String

  init(_ at: Moment, in zone: TimeZoneRules) {
    self.at = at
    let second = at.second
    let segment = zone.segment(at: second)
    offset = segment.offset
    abbreviation = segment.abbreviation
    time = CalendarTime(secondsSinceEpoch: second + Int64(offset))
  }

  /// Such as `Monday`.
  var weekday: String {
    // 1970-01-01 was a Thursday.
    Self.weekdays[Int((time.days + 4).modulo(7))]
  }

  /// Such as `2027-03-28 03:00:00 +02:00 CEST`.
  var text: String {
    // Zones without letters have their offset for an abbreviation.
    let letters = abbreviation.first.map { "+-".contains($0) } ?? true ? "" : " \(abbreviation)"
    return "\(time.text.replacing("T", with: " ")) \(offsetText)\(letters)"
  }

  /// RFC 3339, such as `2027-03-28T03:00:00+02:00`.
  var rfc3339: String { time.text + offsetText }

  /// The time of day, such as `03:00`; with seconds where it has some.
  var clock: String {
    let parts = [time.secondOfDay / 3600, time.secondOfDay / 60 % 60, time.secondOfDay % 60]
    return parts.prefix(parts[2] == 0 ? 2 : 3).map { $0.padded(2) }.joined(separator: ":")
  }

  /// Such as `+02:00`; with seconds for clocks of old that showed a place's own time.
  var offsetText: String {
    let size = Int64(abs(offset))
    let parts = [size / 3600, size / 60 % 60, size % 60]
    let digits = parts.prefix(parts[2] == 0 ? 2 : 3).map { $0.padded(2) }
    return (offset < 0 ? "-" : "+") + digits.joined(separator: ":")
  }
}

extension Moment {
  /// The second that it lies in, counted from 1970-01-01T00:00:00Z.
  var second: Int64 { nanoseconds.floored(by: 1_000_000_000) }
}

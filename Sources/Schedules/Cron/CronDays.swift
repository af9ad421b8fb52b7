/// The days on which a cron expression is due.
struct CronDays: Sendable, Hashable {
  /// Which of the two fields for days count.
  enum Rule: Sendable, Hashable {
    /// Each day.
    case every
    /// Those of the month; the day of the week is `*`.
    case ofMonth
    /// Those of the week; the day of the month is `*`.
    case ofWeek
    /// A day that one of them has: both are other than `*` (POSIX.1-2024, crontab).
    case either
  }

  /// Bits 1 to 12.
  var months: UInt16 = 0
  /// Days of the month: bits 1 to 31.
  var daysOfMonth: UInt32 = 0
  /// Days before the last one of the month: bits 0 to 30.
  var daysBeforeLast: UInt32 = 0
  /// Days of the week: bits 0, for Sunday, to 6.
  var daysOfWeek: UInt8 = 0
  /// For each day of the week a byte with bits 1 to 5 for the first to fifth of the month, and bit 0 for
  /// the last.
  var occurrences: UInt64 = 0
  var rule = Rule.every

  /// The days that match in a month of `length` days that begins on the weekday `first`: bits 1 to 31.
  func days(ofLength length: Int, from first: Int) -> UInt32 {
    let all: UInt32 = (1 << UInt32(length) - 1) << 1
    switch rule {
    case .every: return all
    case .ofMonth: return ofMonth(length) & all
    case .ofWeek: return ofWeek(length, first) & all
    case .either: return (ofMonth(length) | ofWeek(length, first)) & all
    }
  }

  private func ofMonth(_ length: Int) -> UInt32 {
    var days = daysOfMonth
    for before in 0..<length where daysBeforeLast & 1 << before != 0 {
      days |= 1 << (length - before)
    }
    return days
  }

  private func ofWeek(_ length: Int, _ first: Int) -> UInt32 {
    var days: UInt32 = 0
    for weekday in 0..<7 {
      let earliest = 1 + (weekday - first + 7) % 7
      if daysOfWeek & 1 << weekday != 0 { days |= Self.weekly << earliest }
      let occurrences = self.occurrences >> (weekday * 8) & 0xFF
      guard occurrences != 0 else { continue }
      for number in 1...5 where occurrences & 1 << number != 0 {
        days |= 1 << (earliest + (number - 1) * 7)
      }
      if occurrences & 1 != 0 { days |= 1 << (earliest + (length - earliest) / 7 * 7) }
    }
    return days
  }

  /// A bit for each seventh day.
  private static let weekly: UInt32 = 1 | 1 << 7 | 1 << 14 | 1 << 21 | 1 << 28
}

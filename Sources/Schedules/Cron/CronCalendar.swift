import Expressions

/// Finds the local times that a cron expression matches, month by month.
///
/// Minutes count from a local 1970-01-01T00:00.
struct CronCalendar: Sendable {
  private static let minutesPerDay: Int64 = 1440
  /// The calendar repeats after 400 years.
  private static let cycle: Int64 = 146_097 * minutesPerDay

  let expression: CronExpression
  private var month: Month

  private struct Month: Sendable {
    /// Its first day, and the first day after it, from 1970-01-01.
    var start: Int64
    var end: Int64
    /// The days that match: bits 1 to 31.
    var days: UInt32
  }

  init(_ expression: CronExpression) {
    self.expression = expression
    month = Self.month(of: 0, expression)
  }

  /// Whether the expression matches any time.
  static func isEverDue(_ expression: CronExpression) -> Bool {
    var calendar = CronCalendar(expression)
    return calendar.first(from: 0, before: cycle) != nil
  }

  /// The first minute that matches, from one on and before another.
  mutating func first(from minute: Int64, before end: Int64) -> Int64? {
    var day = minute.floored(by: Self.minutesPerDay)
    var time = Int(minute - day * Self.minutesPerDay)
    while day * Self.minutesPerDay < end {
      if day < month.start || day >= month.end { month = Self.month(of: day, expression) }
      let days = month.days >> UInt32(day - month.start + 1)
      guard days != 0 else {
        day = month.end
        time = 0
        continue
      }
      let skipped = days.trailingZeroBitCount
      if skipped > 0 {
        day += Int64(skipped)
        time = 0
      }
      if let found = expression.time(from: time) {
        let minute = day * Self.minutesPerDay + Int64(found)
        return minute < end ? minute : nil
      }
      day += 1
      time = 0
    }
    return nil
  }

  private static func month(of day: Int64, _ expression: CronExpression) -> Month {
    let date = CalendarTime(secondsSinceEpoch: day * 86_400)
    let start = day - date.day + 1
    let length = CalendarTime.length(ofMonth: date.month, year: date.year)
    let isDue = expression.days.months & 1 << UInt16(date.month) != 0
    // 1970-01-01 was a Thursday.
    let weekday = Int((start + 4).modulo(7))
    return Month(
      start: start, end: start + length,
      days: isDue ? expression.days.days(ofLength: Int(length), from: weekday) : 0)
  }
}

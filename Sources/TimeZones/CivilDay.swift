/// Days of the proleptic Gregorian calendar, counted from 1970-01-01.
///
/// Only what the yearly rules of a zone need; this module stands beneath every other calendar.
enum CivilDay {
  private static let secondsPerDay: Int64 = 86_400
  /// Days of the 400 years after which the calendar repeats.
  private static let daysPerCycle: Int64 = 146_097

  /// The day that begins `year`.
  static func first(ofYear year: Int64) -> Int64 {
    let before = year - 1
    let leapDays = quotient(before, 4) - quotient(before, 100) + quotient(before, 400)
    // 1970-01-01 is day 719,162 from 0001-01-01.
    return before * 365 + leapDays - 719_162
  }

  /// The year in which that second after 1970-01-01T00:00:00 lies.
  static func year(ofSecond second: Int64) -> Int64 {
    let day = quotient(second, secondsPerDay)
    // Exact or one too high; a year has 365.2425 days on average.
    var year = quotient(day * 400, daysPerCycle) + 1970
    while first(ofYear: year) > day { year -= 1 }
    while first(ofYear: year + 1) <= day { year += 1 }
    return year
  }

  /// Whether `year` has a 29 February.
  static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// How many days `month`, 1 to 12, has in `year`.
  static func length(ofMonth month: Int, in year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The day that begins `month`, 1 to 12, of `year`.
  static func first(ofMonth month: Int, in year: Int64) -> Int64 {
    (1..<month).reduce(first(ofYear: year)) { $0 + length(ofMonth: $1, in: year) }
  }

  /// The day of the week, 0 for Sunday; 1970-01-01 was a Thursday.
  static func weekday(of day: Int64) -> Int64 {
    let remainder = (day + 4) % 7
    return remainder < 0 ? remainder + 7 : remainder
  }

  /// Division that rounds down, for a positive divisor.
  private static func quotient(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

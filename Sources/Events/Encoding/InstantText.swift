/// Instants as text (RFC 3339, always UTC).
package enum InstantText {
  /// Such as `2026-01-01T00:00:00.000000Z`, with six digits, the rest cut.
  package static func microseconds(nanosecondsSince1970: Int64) -> String {
    let (second, nanoseconds) = nanosecondsSince1970.flooredQuotientAndRemainder(by: 1_000_000_000)
    return dateAndTime(second: second) + "." + padded(nanoseconds / 1000, 6) + "Z"
  }

  /// Such as `2026-01-01T00:00:00Z` or `2026-01-01T00:00:00.5Z`, with as many digits as it needs.
  package static func shortest(second: Int64, nanoseconds: Int32) -> String {
    var fraction = padded(Int64(nanoseconds), 9)
    while fraction.last == "0" { fraction.removeLast() }
    return dateAndTime(second: second) + (fraction.isEmpty ? "" : "." + fraction) + "Z"
  }

  private static func dateAndTime(second: Int64) -> String {
    let (day, secondOfDay) = second.flooredQuotientAndRemainder(by: 86400)
    let (year, month, dayOfMonth) = civil(day: day)
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
    let minute = secondOfDay / 60
    return date
      + "T\(padded(minute / 60, 2)):\(padded(minute % 60, 2)):\(padded(secondOfDay % 60, 2))"
  }

  /// The Gregorian date of a day counted from 1970-01-01.
  ///
  /// Years are counted from March, so that the leap day ends a year and each 400 years are alike.
  private static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let daysFromMarchOfYear0: Int64 = 719_468
    let (era, dayOfEra) = (day + daysFromMarchOfYear0).flooredQuotientAndRemainder(by: 146_097)
    let leapDays = dayOfEra / 1460 - dayOfEra / 36524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leapDays) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (number < 0 ? "-" : "") + zeros + digits
  }
}

extension Int64 {
  /// The quotient rounded down, and what is left, never negative for a positive divisor.
  fileprivate func flooredQuotientAndRemainder(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

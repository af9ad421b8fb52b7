/// A date and time of the proleptic Gregorian calendar, without a zone.
package struct CalendarTime: Sendable, Hashable {
  /// The year; 0 is the year before 1.
  package var year: Int64
  /// 1 to 12.
  package var month: Int64
  /// 1 to 31.
  package var day: Int64
  /// 0 to 86,399.
  package var secondOfDay: Int64

  /// The time `secondOfDay` seconds into a day; the day must exist.
  package init(year: Int64, month: Int64, day: Int64, secondOfDay: Int64) {
    self.year = year
    self.month = month
    self.day = day
    self.secondOfDay = secondOfDay
  }

  /// The time `seconds` after 1970-01-01T00:00:00.
  package init(secondsSinceEpoch seconds: Int64) {
    let days = seconds.floored(by: 86_400)
    secondOfDay = seconds.modulo(86_400)
    // Years are counted from March, so that the leap day is a year's last; day 0 is 0000-03-01.
    let sinceMarch = days + Self.epochDay
    let cycle = sinceMarch.floored(by: 146_097)
    let dayOfCycle = sinceMarch - cycle * 146_097
    let leapDays = dayOfCycle / 1460 - dayOfCycle / 36_524 + dayOfCycle / 146_096
    let yearOfCycle = (dayOfCycle - leapDays) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  package var days: Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let cycle = marchYear.floored(by: 400)
    let yearOfCycle = marchYear - cycle * 400
    let marchMonth = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
    let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
    return cycle * 146_097 + dayOfCycle - Self.epochDay
  }

  /// Seconds since 1970-01-01T00:00:00.
  package var secondsSinceEpoch: Int64 { days * 86_400 + secondOfDay }

  /// 0 for Sunday; 1970-01-01 was a Thursday.
  var dayOfWeek: Int64 {
    let shifted = days + 4
    return shifted - shifted.floored(by: 7) * 7
  }

  /// 0 for 1 January.
  var dayOfYear: Int64 {
    days - CalendarTime(year: year, month: 1, day: 1, secondOfDay: 0).days
  }

  /// How many days the month has.
  package static func length(ofMonth month: Int64, year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// Days from 0000-03-01 to 1970-01-01.
  private static let epochDay: Int64 = 719_468
}

extension CalendarTime {
  /// The date as RFC 3339 writes it, such as `2026-01-31`.
  package var dateText: String {
    [year.padded(4), month.padded(2), day.padded(2)].joined(separator: "-")
  }

  /// The date and time as RFC 3339 writes them, without a zone, such as `2026-01-31T23:59:59`.
  package var text: String {
    let clock = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
    return dateText + "T" + clock.map { $0.padded(2) }.joined(separator: ":")
  }
}

extension Int64 {
  /// Division that rounds down, for a positive divisor.
  package func floored(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// What that division leaves: 0 to `divisor` - 1.
  package func modulo(_ divisor: Int64) -> Int64 {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}

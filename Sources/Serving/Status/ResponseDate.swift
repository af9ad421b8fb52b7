import Expressions
import Operations

/// The time as HTTP has it (RFC 9110 §5.6.7).
enum ResponseDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Such as `Sun, 06 Nov 1994 08:49:37 GMT`.
  static func text(_ moment: Moment) -> String {
    let time = moment.calendarTime
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    // 1970-01-01 was a Thursday.
    let day = days[Int(((time.days % 7) + 7) % 7)]
    let clock = [
      time.secondOfDay / 3600, time.secondOfDay / 60 % 60, time.secondOfDay % 60,
    ].map(two).joined(separator: ":")
    return "\(day), \(two(time.day)) \(months[Int(time.month - 1)]) \(time.year) \(clock) GMT"
  }
}

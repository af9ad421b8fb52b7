import Expressions
import Operations

extension Moment {
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The second that the instant lies in, as HTTP headers write it (RFC 9110 §5.6.7):
  /// `Sun, 06 Nov 1994 08:49:37 GMT`.
  var httpDate: String {
    let time = calendarTime
    // 1970-01-01 was a Thursday.
    let day = Self.days[Int((time.days + 4).modulo(7))]
    let second = time.secondOfDay
    let clock = [second / 3600, second / 60 % 60, second % 60].map { $0.padded(2) }
    let date = "\(time.day.padded(2)) \(Self.months[Int(time.month - 1)]) \(time.year.padded(4))"
    return "\(day), \(date) \(clock.joined(separator: ":")) GMT"
  }
}

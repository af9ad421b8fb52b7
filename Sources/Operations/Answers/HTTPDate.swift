import Expressions

/// A date of an HTTP header, in the three forms of RFC 9110 §5.6.7, to the second.
struct HTTPDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Seconds since 1970-01-01T00:00:00Z.
  let seconds: Int

  /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
  /// `Sun Nov  6 08:49:37 1994`; nil for all else.
  init?(_ text: String) {
    guard text.utf8.count <= 40 else { return nil }
    let words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
    guard let month = words.firstIndex(where: Self.months.contains),
      let monthNumber = Self.months.firstIndex(of: words[month]),
      let clock = words.first(where: { $0.contains(":") })?.split(separator: ":"), clock.count == 3,
      let hour = Int(clock[0]), let minute = Int(clock[1]), let second = Int(clock[2]),
      (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
    else { return nil }
    let numbers = words[1...].compactMap { Int($0) }
    guard numbers.count == 2, (1...31).contains(numbers[0]), (0...9999).contains(numbers[1]) else {
      return nil
    }
    // A year of two digits belongs to 1970 to 2069.
    let year = numbers[1] >= 100 ? numbers[1] : numbers[1] + (numbers[1] < 70 ? 2000 : 1900)
    let time = CalendarTime(
      year: Int64(year), month: Int64(monthNumber + 1), day: Int64(numbers[0]),
      secondOfDay: Int64(hour * 3600 + minute * 60 + second))
    seconds = Int(time.secondsSinceEpoch)
  }
}

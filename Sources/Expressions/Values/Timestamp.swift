extension Timestamp {
  /// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z, what a protocol-buffer Timestamp holds.
  static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  func calendarTime(offset: Int64) -> CalendarTime {
    // Out-of-range instants cannot be made by expressions; clamping keeps the arithmetic sound.
    let clamped = min(max(seconds, Self.range.lowerBound), Self.range.upperBound)
    return CalendarTime(secondsSinceEpoch: clamped + offset)
  }

  /// The instant `duration` later.
  func adding(_ duration: Duration) throws(EvaluationFailure) -> Timestamp {
    let (whole, attoseconds) = duration.components
    let (sum, overflow) = seconds.addingReportingOverflow(whole)
    let nanoseconds = Int64(self.nanoseconds) + attoseconds / 1_000_000_000
    let carry = nanoseconds.floored(by: 1_000_000_000)
    guard !overflow, Self.range.contains(sum), Self.range.contains(sum + carry) else {
      throw .outOfRange("a timestamp")
    }
    return Timestamp(
      seconds: sum + carry, nanoseconds: Int32(nanoseconds - carry * 1_000_000_000))
  }

  /// How long after `other` this is.
  func since(_ other: Timestamp) -> Duration {
    .seconds(seconds) - .seconds(other.seconds)
      + .nanoseconds(Int64(nanoseconds) - Int64(other.nanoseconds))
  }
}

extension Timestamp {
  /// RFC 3339 in UTC, with as many digits of the second's fraction as are needed.
  package var text: String {
    CalendarTime(secondsSinceEpoch: seconds).text + Int64(nanoseconds).fraction(digits: 9) + "Z"
  }

  /// Reads an RFC 3339 timestamp, with at most nine digits of a second's fraction.
  init(parsing text: String) throws(EvaluationFailure) {
    guard let timestamp = Self.read(text) else {
      throw .about(
        .string(text), "the text is no timestamp",
        hint: "write it as RFC 3339, like `2024-05-01T12:00:00Z`")
    }
    self = timestamp
  }

  /// Reads an RFC 3339 timestamp as expressions do; nil when `text` is none.
  package init?(rfc3339 text: String) {
    guard let timestamp = Self.read(text) else { return nil }
    self = timestamp
  }

  private static func read(_ text: String) -> Timestamp? {
    let upper = text.uppercased()
    let halves = upper.split(separator: "T", omittingEmptySubsequences: false)
    guard text.utf8.count <= 40, halves.count == 2 else { return nil }
    let date = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    guard date.count == 3, date[0].utf8.count == 4, let year = date[0].wholeNumber,
      let month = date[1].twoDigits, let day = date[2].twoDigits, (1...12).contains(month),
      day >= 1, day <= CalendarTime.length(ofMonth: month, year: year),
      let zoneStart = halves[1].firstIndex(where: { "Z+-".contains($0) }),
      let offset = readZone(halves[1][zoneStart...]),
      let clock = readClock(halves[1][..<zoneStart])
    else { return nil }
    let time = CalendarTime(year: year, month: month, day: day, secondOfDay: clock.second)
    let seconds = time.secondsSinceEpoch - offset
    guard range.contains(seconds) else { return nil }
    return Timestamp(seconds: seconds, nanoseconds: clock.nanoseconds)
  }

  private static func readZone(_ text: Substring) -> Int64? {
    guard text == "Z" || text.utf8.count == 6 else { return nil }
    return ZoneOffset(parsing: String(text))?.seconds
  }

  private static func readClock(_ text: Substring) -> (second: Int64, nanoseconds: Int32)? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hours = parts[0].twoDigits, hours < 24,
      let minutes = parts[1].twoDigits, minutes < 60,
      let seconds = parts[2].prefix(2).twoDigits, seconds < 60
    else { return nil }
    let second = hours * 3600 + minutes * 60 + seconds
    let fraction = parts[2].dropFirst(2)
    guard !fraction.isEmpty else { return (second, 0) }
    let digits = fraction.dropFirst()
    guard fraction.first == ".", (1...9).contains(digits.utf8.count),
      let number = digits.wholeNumber
    else { return nil }
    let scale = (digits.utf8.count..<9).reduce(1 as Int64) { scale, _ in scale * 10 }
    return (second, Int32(number * scale))
  }
}

extension Int64 {
  /// Decimal, with leading zeros up to `width` digits; for numbers that are not negative.
  package func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }

  /// `.5` for 500,000,000 of nine digits; nothing for 0.
  func fraction(digits: Int) -> String {
    guard self != 0 else { return "" }
    var text = padded(digits)
    while text.hasSuffix("0") { text.removeLast() }
    return ".\(text)"
  }
}

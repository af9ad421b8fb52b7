/// Reads the text of a `TZ` variable; every function returns nil for what does not follow the grammar.
struct ZoneFooterReader {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) {
    rest = text
  }

  /// The whole text.
  mutating func footer() -> ZoneFooter? {
    guard let name = name(), let offset = offset() else { return nil }
    let standard = ClockSetting(offset: offset, abbreviation: name)
    guard !rest.isEmpty else { return .fixed(standard) }
    guard let other = self.name() else { return nil }
    var daylight = ClockSetting(offset: offset + 3600, abbreviation: other)
    if rest.first != UInt8(ascii: ",") {
      guard let offset = self.offset() else { return nil }
      daylight.offset = offset
    }
    guard skip(","), let begin = change(), skip(","), let end = change(), rest.isEmpty else {
      return nil
    }
    let rule = YearlyRule(standard: standard, daylight: daylight, begin: begin, end: end)
    if daylight.offset == standard.offset { return .fixed(standard) }
    return rule.isAlwaysDaylight ? .fixed(daylight) : .yearly(rule)
  }

  /// An abbreviation: three letters or more, or `<+0330>`.
  private mutating func name() -> String? {
    let isQuoted = skip("<")
    let name = rest.prefix { Self.isLetter($0) || (isQuoted && Self.isDigitOrSign($0)) }
    rest = rest.dropFirst(name.count)
    guard (3...30).contains(name.count), !isQuoted || skip(">") else { return nil }
    return String(decoding: name, as: UTF8.self)
  }

  /// Seconds ahead of UTC; a text counts them the other way.
  private mutating func offset() -> Int? {
    guard let seconds = signedTime(hours: 0...24) else { return nil }
    return Int(-seconds)
  }

  private mutating func change() -> YearlyRule.Change? {
    guard let day = day() else { return nil }
    guard skip("/") else { return YearlyRule.Change(day: day, time: 7200) }
    return signedTime(hours: 0...167).map { YearlyRule.Change(day: day, time: $0) }
  }

  private mutating func day() -> YearlyRule.Change.Day? {
    if skip("J") { return number(1...365).map { .julian($0) } }
    guard skip("M") else { return number(0...365).map { .ordinal($0) } }
    guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
      let day = number(0...6)
    else { return nil }
    return .weekday(month: Int(month), week: week, day: day)
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private mutating func signedTime(hours: ClosedRange<Int64>) -> Int64? {
    let isNegative = rest.first == UInt8(ascii: "-")
    if !isNegative { _ = skip("+") } else { _ = skip("-") }
    guard var seconds = number(hours).map({ $0 * 3600 }) else { return nil }
    for unit: Int64 in [60, 1] {
      guard skip(":") else { break }
      guard let count = number(0...59) else { return nil }
      seconds += count * unit
    }
    return isNegative ? -seconds : seconds
  }

  /// A number of one to three digits.
  private mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard digits.count <= 3, let number = Int64(String(decoding: digits, as: UTF8.self)),
      range.contains(number)
    else { return nil }
    rest = rest.dropFirst(digits.count)
    return number
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isDigitOrSign(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
  }
}

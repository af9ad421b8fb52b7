import Expressions
import Operations
import TimeZones

/// An instant as it is written: `2027-03-01`, `2027-03-01T03:00`, `…:00:00Z`, `…+01:00`.
struct InstantText: Sendable, Hashable {
  /// Seconds after a local 1970-01-01T00:00:00.
  var local: Int64
  /// Seconds ahead of UTC, where they are written.
  var offset: Int64?
  /// Whether no time of day is written.
  var isDate: Bool

  /// The years that a `Moment` holds, with a margin.
  private static let years: ClosedRange<Int64> = 1678...2261

  /// Nil for what is written in another way, has a date that does not exist, or is out of range.
  init?(_ text: String) {
    let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let days = Self.days(halves[0]) else { return nil }
    isDate = halves.count == 1
    local = days * 86_400
    guard halves.count == 2 else { return }
    let clockEnd = halves[1].firstIndex { "Z+-".contains($0) } ?? halves[1].endIndex
    guard let second = Self.secondOfDay(halves[1][..<clockEnd]) else { return nil }
    local += second
    let zone = halves[1][clockEnd...]
    guard !zone.isEmpty else { return }
    guard let offset = Self.offset(zone) else { return nil }
    self.offset = offset
  }

  private static func days(_ text: Substring) -> Int64? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = number(parts[0], digits: 4),
      let month = number(parts[1], digits: 2), let day = number(parts[2], digits: 2),
      years.contains(year), (1...12).contains(month), day >= 1,
      day <= CalendarTime.length(ofMonth: month, year: year)
    else { return nil }
    return CalendarTime(year: year, month: month, day: day, secondOfDay: 0).days
  }

  private static func secondOfDay(_ text: Substring) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { number($0, digits: 2) }
    guard (2...3).contains(parts.count), numbers.count == parts.count, numbers[0] < 24,
      numbers.dropFirst().allSatisfy({ $0 < 60 })
    else { return nil }
    return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
  }

  /// `Z`, or hours and minutes behind a sign, up to 23:59.
  private static func offset(_ text: Substring) -> Int64? {
    if text == "Z" { return 0 }
    guard text.utf8.count == 6, let seconds = secondOfDay(text.dropFirst()) else { return nil }
    return text.hasPrefix("-") ? -seconds : seconds
  }

  private static func number(_ text: Substring, digits: Int) -> Int64? {
    let isNumber = text.utf8.count == digits && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    return isNumber ? Int64(text) : nil
  }
}

extension InstantText {
  /// Which second of a day a date without a time stands for.
  enum DatePart: Sendable, Hashable {
    /// The first one.
    case beginning
    /// The last one.
    case end
  }

  /// The instant in `zone`; of a local time that the clocks skip the end of the gap, and of one that they
  /// show twice the first one.
  func instant(_ text: String, in zone: TimeZoneRules, _ part: DatePart) -> ScheduledInstant {
    if let offset {
      return ScheduledInstant(text: text, moment: Moment(second: local - offset))
    }
    if isDate, part == .end {
      let next = Self.second(of: zone.fit(ofLocal: local + 86_400))
      return ScheduledInstant(text: text, moment: Moment(second: next - 1))
    }
    let fit = zone.fit(ofLocal: local)
    let shift: DueInstant.Shift? =
      switch fit {
      case .once: nil
      case .skipped: isDate ? nil : .skipped(written: text)
      case .doubled: isDate ? nil : .doubledFirst
      }
    return ScheduledInstant(text: text, moment: Moment(second: Self.second(of: fit)), shift: shift)
  }

  private static func second(of fit: LocalTimeFit) -> Int64 {
    switch fit {
    case .once(let second), .skipped(gapEnd: let second), .doubled(first: let second, _): second
    }
  }
}

/// The changes of a zone's clocks: those that its file lists, and the rule for the time after them.
final class ZoneHistory: Sendable, Hashable {
  /// The seconds that are looked up exactly; beyond, the clocks count as those of the limit.
  private static let seconds: ClosedRange<Int64> = -(1 << 55)...(1 << 55)

  /// When the clocks get another offset or abbreviation, ascending.
  private let times: [Int64]
  /// What they show before the first of them, and from each on.
  private let clocks: [ClockSetting]
  /// When the offset changes: a part of `times`, without changes of the abbreviation alone.
  private let jumps: [Int64]
  private let footer: ZoneFooter?
  /// The first change of the offset after those of `times`; nil when there is none.
  private let firstLater: Int64?

  /// The clocks show `initial`, and from each of the ascending `times` on those of `clocks`.
  init(initial: ClockSetting, times: [Int64], clocks: [ClockSetting], footer: ZoneFooter?) {
    self.times = times
    self.clocks = [initial] + clocks
    self.footer = footer
    let offsets = self.clocks.map(\.offset)
    jumps = times.indices.filter { offsets[$0] != offsets[$0 + 1] }.map { times[$0] }
    firstLater = times.last.flatMap { last in
      guard case .yearly(let rule) = footer else { return nil }
      return rule.span(at: last).end
    }
  }

  static func == (left: ZoneHistory, right: ZoneHistory) -> Bool {
    left === right
      || (left.times == right.times && left.clocks == right.clocks && left.footer == right.footer)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(times.count)
    hasher.combine(clocks.last)
  }

  func segment(at second: Int64) -> TimeZoneRules.Segment {
    let second = min(max(second, Self.seconds.lowerBound), Self.seconds.upperBound)
    if let footer, second >= times.last ?? .min { return segment(at: second, footer) }
    let next = Self.firstIndex(in: jumps, after: second)
    let clock = clocks[Self.firstIndex(in: times, after: second)]
    return TimeZoneRules.Segment(
      start: next > 0 ? jumps[next - 1] : nil, end: next < jumps.count ? jumps[next] : firstLater,
      offset: clock.offset, abbreviation: clock.abbreviation)
  }

  private func segment(at second: Int64, _ footer: ZoneFooter) -> TimeZoneRules.Segment {
    switch footer {
    case .fixed(let clock):
      return TimeZoneRules.Segment(
        start: jumps.last, end: nil, offset: clock.offset, abbreviation: clock.abbreviation)
    case .yearly(let rule):
      let span = rule.span(at: second)
      let isLater = times.last.map { span.start > $0 } ?? true
      return TimeZoneRules.Segment(
        start: isLater ? span.start : jumps.last, end: span.end, offset: span.clock.offset,
        abbreviation: span.clock.abbreviation)
    }
  }

  /// The index of the first of the ascending `times` after `second`, else their number.
  private static func firstIndex(in times: [Int64], after second: Int64) -> Int {
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= second { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

import Expressions
import Operations
import TimeZones

/// Walks over the due instants of a cron expression in a zone, through every change of its clocks.
///
/// Within a segment of the zone, local time is contiguous. Fixed times that an earlier segment showed are
/// left out, and those that the clocks skipped are due where the gap ends.
struct CronWalk: Sendable {
  private var calendar: CronCalendar
  private let zone: TimeZoneRules
  /// The latest second that can be due.
  private let limit: Int64
  /// What follows is due after this second.
  private var second: Int64
  private var stretch: Stretch

  /// A segment, and what its neighbours show.
  private struct Stretch: Sendable {
    var segment: TimeZoneRules.Segment
    /// The local second after the latest one that earlier segments showed.
    var shown: Int64
    /// The local second in which the segment before ended.
    var previousEnd: Int64?
    /// The first local second of the segment after it.
    var nextStart: Int64?

    var offset: Int64 { Int64(segment.offset) }
  }

  init(
    _ expression: CronExpression, in zone: TimeZoneRules, after second: Int64, through limit: Int64
  ) {
    calendar = CronCalendar(expression)
    self.zone = zone
    self.limit = limit
    self.second = second
    stretch = Self.stretch(at: second, in: zone)
  }

  /// The next due instant.
  mutating func next() -> DueSecond? {
    var start = second + 1
    while start <= limit {
      if let end = stretch.segment.end, start >= end { stretch = Self.stretch(at: start, in: zone) }
      if let due = atEndOfGap(start) ?? within(start) {
        second = due.second
        return due
      }
      guard let end = stretch.segment.end else { break }
      start = end
    }
    second = limit
    return nil
  }

  private mutating func atEndOfGap(_ start: Int64) -> DueSecond? {
    guard start == stretch.segment.start, calendar.expression.hourRule == .fixed,
      let previousEnd = stretch.previousEnd, previousEnd < start + stretch.offset,
      let written = first(from: max(previousEnd, stretch.shown), before: start + stretch.offset)
    else { return nil }
    return DueSecond(start, .skipped(written: LocalText.minute(written)))
  }

  /// The written local times that the gap ending at `end` skips, in order, and whether `end` is due also without
  /// them.
  mutating func times(skippedUntil end: Int64) -> (skipped: [Int64], isDue: Bool) {
    stretch = Self.stretch(at: end, in: zone)
    var skipped: [Int64] = []
    if calendar.expression.hourRule == .fixed, let previousEnd = stretch.previousEnd {
      var local = max(previousEnd, stretch.shown)
      while let time = first(from: local, before: end + stretch.offset) {
        skipped.append(time)
        local = time + 1
      }
    }
    return (skipped, within(end)?.second == end)
  }

  private mutating func within(_ start: Int64) -> DueSecond? {
    let end = min(stretch.segment.end ?? .max, limit + 1)
    var from = start + stretch.offset
    if calendar.expression.hourRule == .fixed { from = max(from, stretch.shown) }
    guard let local = first(from: from, before: end + stretch.offset) else { return nil }
    return DueSecond(local - stretch.offset, shift(of: local))
  }

  private func shift(of local: Int64) -> DueInstant.Shift? {
    if local < stretch.shown { return .doubledSecond }
    guard let next = stretch.nextStart, local >= next else { return nil }
    return .doubledFirst
  }

  /// The first local second on a minute that matches.
  private mutating func first(from local: Int64, before end: Int64) -> Int64? {
    calendar.first(from: Self.minute(from: local), before: Self.minute(from: end)).map { $0 * 60 }
  }

  /// The first minute that begins at or after `local`.
  private static func minute(from local: Int64) -> Int64 { (local + 59).floored(by: 60) }

  // MARK: Segments

  /// No two offsets of a zone are further apart (RFC 9636 §3.2), in seconds.
  private static let widestJump: Int64 = 183_598

  private static func stretch(at second: Int64, in zone: TimeZoneRules) -> Stretch {
    let segment = zone.segment(at: second)
    var stretch = Stretch(segment: segment, shown: .min)
    stretch.nextStart = segment.end.map { $0 + Int64(zone.segment(at: $0).offset) }
    var earlier = segment
    while let start = earlier.start, start > (segment.start ?? 0) - widestJump {
      earlier = zone.segment(at: start - 1)
      let end = start + Int64(earlier.offset)
      stretch.previousEnd = stretch.previousEnd ?? end
      stretch.shown = max(stretch.shown, end)
    }
    return stretch
  }
}

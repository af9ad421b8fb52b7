/// When the clocks of a zone show a local time.
package enum LocalTimeFit: Sendable, Hashable {
  /// Once, at that second.
  case once(Int64)
  /// Never: the clocks skip it. The gap ends at that second.
  case skipped(gapEnd: Int64)
  /// Several times, of which these are the first two.
  case doubled(first: Int64, second: Int64)
}

extension TimeZoneRules {
  /// When the clocks show `local`, in seconds after a local 1970-01-01T00:00:00, which must be within a
  /// billion years.
  package func fit(ofLocal local: Int64) -> LocalTimeFit {
    var found: [Int64] = []
    var gapEnd: Int64?
    // No zone shows the local time earlier or later.
    var second = local - Int64(ClockSetting.offsets.upperBound)
    let last = local - Int64(ClockSetting.offsets.lowerBound)
    while second <= last {
      let segment = segment(at: second)
      let shown = local - Int64(segment.offset)
      let isStarted = segment.start.map { $0 <= shown } ?? true
      if isStarted, segment.end.map({ shown < $0 }) ?? true {
        found.append(shown)
      } else if !isStarted, gapEnd == nil {
        gapEnd = segment.start
      }
      guard let end = segment.end else { break }
      second = end
    }
    switch found.count {
    case 0: return .skipped(gapEnd: gapEnd ?? second)
    case 1: return .once(found[0])
    case _: return .doubled(first: found[0], second: found[1])
    }
  }
}

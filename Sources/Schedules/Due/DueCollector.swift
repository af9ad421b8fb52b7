import Operations

/// Collects due instants, of which it keeps the latest, and counts the others.
struct DueCollector {
  /// One more than is returned: the latest of those before them.
  private static let mostKept = DueInstants.mostLatest + 1

  private let interval: DueInterval?
  private let start: Int64
  private let end: Int64
  /// The latest of those that were added, of which `oldest` was added first: a ring.
  private var kept: [Int64] = []
  private var oldest = 0
  private var count = 0
  private var first: Int64?

  /// Those of `interval` after `start` and up to `end` count, too.
  init(_ interval: DueInterval?, after start: Int64, through end: Int64) {
    self.interval = interval
    self.start = start
    self.end = end
  }

  /// Adds an instant of another source; they come in order.
  mutating func add(_ second: Int64) {
    guard interval?.contains(second) != true else { return }
    count += 1
    first = first ?? second
    if kept.count < Self.mostKept {
      kept.append(second)
    } else {
      kept[oldest] = second
      oldest = (oldest + 1) % Self.mostKept
    }
  }

  /// All of them.
  var instants: DueInstants {
    let regular = interval?.count(after: start, through: end) ?? 0
    let latest = (kept + latestOfInterval(regular)).sorted().suffix(Self.mostKept)
    let total = count + regular
    guard total > DueInstants.mostLatest, let last = latest.first else {
      return DueInstants(latest: latest.map { Moment(second: $0) })
    }
    let earliest = min(first ?? .max, regular > 0 ? interval?.first(after: start) ?? .max : .max)
    return DueInstants(
      earlier: DueInstants.Range(
        first: Moment(second: earliest), last: Moment(second: last),
        count: total - DueInstants.mostLatest),
      latest: latest.dropFirst().map { Moment(second: $0) })
  }

  private func latestOfInterval(_ count: Int) -> [Int64] {
    guard count > 0, let interval, let last = interval.last(through: end) else { return [] }
    return (0..<Int64(min(count, Self.mostKept))).map { last - $0 * interval.step }
  }
}

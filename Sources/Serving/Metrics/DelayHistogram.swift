/// How often a delay was at most how long.
package struct DelayHistogram: Sendable, Hashable {
  /// The upper bounds of the buckets, ascending; a last one has no bound.
  package static let bounds: [Duration] = [
    .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2),
    .seconds(5), .seconds(10), .seconds(30), .seconds(60), .seconds(300), .seconds(1800),
    .seconds(3600),
  ]

  /// How many delays were at most the bound of each bucket and more than that of the one before; those beyond
  /// the last bound are only in `count`.
  package private(set) var buckets = Array(repeating: 0, count: bounds.count)
  /// How many delays there were.
  package private(set) var count = 0
  /// All delays together.
  package private(set) var sum = Duration.zero

  /// No delay yet.
  package init() {}

  /// Counts a delay, at least 0.
  package mutating func add(_ delay: Duration) {
    count += 1
    sum += delay
    if let bucket = Self.bounds.firstIndex(where: { delay <= $0 }) { buckets[bucket] += 1 }
  }
}

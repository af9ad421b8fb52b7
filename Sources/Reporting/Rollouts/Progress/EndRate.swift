import Operations

/// How fast tenants end, as the latest ends show it.
struct EndRate: Sendable, Hashable {
  /// So many ends are remembered.
  private static let mostEnds = 60
  /// Fewer ends say nothing of those to come.
  private static let fewestEnds = 5

  private var ends: [Moment] = []

  /// A tenant ended.
  mutating func add(_ moment: Moment) {
    if ends.count == Self.mostEnds { ends.removeFirst() }
    ends.append(moment)
  }

  /// How many tenants end in a minute, fewer while none ends; nil while that is not known.
  func perMinute(at now: Moment) -> Double? {
    guard ends.count >= Self.fewestEnds, let first = ends.first, now > first else { return nil }
    let nanoseconds = Double((now - first).wholeNanoseconds)
    return Double(ends.count) * 60_000_000_000 / nanoseconds
  }
}

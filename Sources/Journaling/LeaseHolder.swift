package import Operations

/// The process that acts on the schedules of a journal, or did last.
package struct LeaseHolder: Sendable, Hashable {
  /// What is seen of it.
  package var sight: LeaseSight
  /// Whether it lives; who may not look at the locks takes it for alive.
  package var isAlive: Bool

  /// When it renewed the lease last, in whole seconds; nil for one of an older program, which only counts.
  package var renewedAt: Moment? {
    guard (Self.earliestSecond...Self.latestSecond).contains(sight.beat) else { return nil }
    return Moment(nanoseconds: Int64(sight.beat) * 1_000_000_000)
  }

  /// Fewer are a number of renewals, and more cannot be represented.
  private static let (earliestSecond, latestSecond) = (1_000_000_000, 9_000_000_000)

  /// A holder as it was seen.
  package init(_ sight: LeaseSight, isAlive: Bool) {
    self.sight = sight
    self.isAlive = isAlive
  }
}

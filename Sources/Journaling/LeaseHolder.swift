/// The process that acts on the schedules of a journal, or did last.
package struct LeaseHolder: Sendable, Hashable {
  /// What is seen of it.
  package var sight: LeaseSight
  /// Whether it lives; who may not look at the locks takes it for alive.
  package var isAlive: Bool

  /// A holder as it was seen.
  package init(_ sight: LeaseSight, isAlive: Bool) {
    self.sight = sight
    self.isAlive = isAlive
  }
}

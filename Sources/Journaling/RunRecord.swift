package import Events

/// What the journal holds of one run.
package struct RunRecord: Sendable, Hashable {
  /// The events up to the first flaw.
  package var events: [RunEvent]
  /// Every flaw, in the order of the events; empty when all is as it was recorded.
  package var flaws: [ChainFlaw]
  /// Whether the tags were verified, for which the journal's key must be at hand.
  package var isVerified: Bool

  /// A record of `events` with these flaws.
  package init(events: [RunEvent], flaws: [ChainFlaw] = [], isVerified: Bool) {
    self.events = events
    self.flaws = flaws
    self.isVerified = isVerified
  }
}

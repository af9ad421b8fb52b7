package import Events
package import Operations

/// Reports the events of one run in one form, as they happen.
///
/// A recorder is fed the events of one run in order; it writes through a function it was given.
package protocol RunRecorder: Sendable {
  /// Applies the next event.
  mutating func record(_ event: RunEvent)

  /// Time went by without an event; only a live view has something to do then.
  mutating func tick(at now: Moment)
}

extension RunRecorder {
  /// Does nothing: most forms change by events alone.
  package mutating func tick(at now: Moment) {}
}

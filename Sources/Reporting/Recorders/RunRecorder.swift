package import Events
package import Operations

/// Reports the events of one run in one form, as they happen.
///
/// A recorder is fed the events of one run in order; it writes through a function it was given.
package protocol RunRecorder: Sendable {
  /// Applies the next event.
  mutating func record(_ event: RunEvent)

  /// Takes over an event that was reported before, by whoever drove the run then.
  mutating func recall(_ event: RunEvent)

  /// Somebody else writes on the same terminal now; what is drawn in place stays as it is.
  mutating func yieldTerminal()

  /// Time went by without an event; only a live view has something to do then.
  mutating func tick(at now: Moment)
}

extension RunRecorder {
  /// Does nothing: most forms draw nothing in place.
  package mutating func yieldTerminal() {}

  /// Does nothing: most forms change by events alone.
  package mutating func tick(at now: Moment) {}
}

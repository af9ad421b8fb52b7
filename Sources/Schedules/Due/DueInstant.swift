package import Operations

/// A due instant, and what daylight saving does to it.
package struct DueInstant: Sendable, Hashable {
  /// What daylight saving does to a local time.
  package enum Shift: Sendable, Hashable {
    /// The clocks skip the time that is written: it is due at the end of the gap.
    case skipped(written: String)
    /// The clocks show the time twice: it is due the first time.
    case doubledFirst
    /// The clocks show the time twice, and this is the second time: step and `*` hours follow elapsed time.
    case doubledSecond
  }

  /// The instant, whole seconds.
  package var at: Moment
  /// Nil where daylight saving does nothing to it.
  package var shift: Shift?

  /// The instant `at`.
  package init(at: Moment, shift: Shift? = nil) {
    self.at = at
    self.shift = shift
  }
}

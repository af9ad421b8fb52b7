package import Operations

/// An instant as a rollout file has it: a local time, or one with an offset from UTC.
package struct ScheduledInstant: Sendable, Hashable {
  /// As written, such as `2027-03-01T03:00`.
  package var text: String
  /// The instant, whole seconds, where daylight saving is settled.
  package var moment: Moment
  /// What daylight saving does to it; nil where it does nothing.
  package var shift: DueInstant.Shift?

  /// The instant that `text` means.
  package init(text: String, moment: Moment, shift: DueInstant.Shift? = nil) {
    self.text = text
    self.moment = moment
    self.shift = shift
  }
}

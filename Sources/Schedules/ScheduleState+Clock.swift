package import Events
package import Operations

extension ScheduleState {
  /// Whether everything is decided up to a moment more than a day after `now`.
  ///
  /// A clock was that far ahead, and nothing is due until then.
  package func isDecidedAhead(of now: Moment) -> Bool { decidedThrough - now > .seconds(86_400) }
}

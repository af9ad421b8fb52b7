package import Operations

/// Decides about the due instants of all schedules: a value that performs nothing.
package struct Scheduler: Sendable {
  /// A scheduler that knows no schedule and does not act.
  package init() {}

  /// When it wants a `tick`, or nil when it waits for something else.
  package var nextDeadline: Moment? { nil }

  /// Handles an input and returns what to do next.
  package mutating func apply(_ input: SchedulerInput, at now: Moment) -> [SchedulerAction] { [] }
}

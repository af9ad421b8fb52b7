package import Operations

/// The clocks of a daemon.
package struct DaemonClock: Sendable {
  /// The time of day, read anew each time, so that its jumps are seen.
  package var now: @Sendable () -> Moment
  /// A clock that never jumps and stands still while the machine is suspended.
  package var uptime: @Sendable () -> Duration
  /// Returns after a duration of `uptime`, or throws when its task is cancelled.
  package var sleep: @Sendable (Duration) async throws -> Void

  /// Clocks that are read by these functions.
  package init(
    now: @escaping @Sendable () -> Moment, uptime: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.now = now
    self.uptime = uptime
    self.sleep = sleep
  }
}

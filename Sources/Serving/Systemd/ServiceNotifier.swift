/// Reports to systemd how the daemon stands (sd_notify(3)); does nothing where systemd did not start it.
package struct ServiceNotifier: Sendable {
  /// How often systemd wants a sign of life; nil where it wants none of this process.
  package let watchdog: Duration?

  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of `environment`; `process` is this process.
  package init(_ environment: [String: String], process: Int32) {
    watchdog = nil
  }

  /// Sends `notice` without waiting; a failure is ignored.
  package func send(_ notice: ServiceNotice) {}
}

/// What systemd is notified of.
package enum ServiceNotice: Sendable, Hashable {
  /// The start is over, or a reload is.
  case ready
  /// Files are read again; the time is that of CLOCK_MONOTONIC.
  case reloading(at: Duration)
  /// It is about to stop.
  case stopping
  /// It lives.
  case alive
  /// What it does, in one line.
  case status(String)
}

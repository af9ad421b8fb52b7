import ServiceLifecycle

/// Shows systemd that the daemon lives, twice as often as it wants.
package struct WatchdogService: Service {
  private let notifier: ServiceNotifier
  private let isHealthy: @Sendable () -> Bool
  private let sleep: @Sendable (Duration) async throws -> Void

  /// Shows nothing while `isHealthy` is false, so that systemd restarts a daemon that is stuck.
  package init(
    _ notifier: ServiceNotifier, isHealthy: @escaping @Sendable () -> Bool,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.notifier = notifier
    self.isHealthy = isHealthy
    self.sleep = sleep
  }

  /// Goes on until a graceful shutdown; the first service of a group is shut down last, so that a daemon
  /// that drains shows that it lives, too.
  package func run() async throws {
    guard let interval = notifier.watchdog else {
      // A service that returns early would end the others.
      try? await gracefulShutdown()
      return
    }
    try? await cancelWhenGracefulShutdown {
      while true {
        if isHealthy() { notifier.send(.alive) }
        try await sleep(interval / 2)
      }
    }
  }
}

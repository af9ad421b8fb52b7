import ServiceLifecycle

/// Gives memory back that the daemon does not need any more, after its start and then each minute.
///
/// A start reads every rollout file and much of the program, of which an idle daemon uses little.
package struct MemoryService: Service {
  /// How long after the start memory is first given back.
  package static let delay = Duration.seconds(5)
  /// How often it is given back after that.
  package static let interval = Duration.seconds(60)

  private let sleep: @Sendable (Duration) async throws -> Void
  private let release: @Sendable () -> Void

  /// A service that calls `release`, which must not wait for anything.
  package init(
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    release: @escaping @Sendable () -> Void = UnusedMemory.release
  ) {
    self.sleep = sleep
    self.release = release
  }

  /// Goes on until a graceful shutdown, or until the task is cancelled.
  package func run() async throws {
    try? await cancelWhenGracefulShutdown {
      try await sleep(Self.delay)
      while true {
        release()
        try await sleep(Self.interval)
      }
    }
  }
}

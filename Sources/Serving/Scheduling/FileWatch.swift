import Events
import Rollouts
package import Schedules
import ServiceLifecycle

/// Looks at the rollout files of a daemon again and again.
package struct FileWatch: Service {
  /// How often the files are looked at.
  package static let interval = Duration.seconds(2)

  private let files: ServedFiles
  private let clock: DaemonClock
  private let requests: AsyncStream<Void>
  private let take: @Sendable (ServedScan, ScanPatience) -> Void

  /// A watch of `files`, which looks at them at once at each of `requests`, too; `take` must not wait.
  package init(
    _ files: ServedFiles, clock: DaemonClock, requests: AsyncStream<Void>,
    take: @escaping @Sendable (ServedScan, ScanPatience) -> Void
  ) {
    self.files = files
    self.clock = clock
    self.requests = requests
    self.take = take
  }

  /// Goes on until a graceful shutdown, or until the task is cancelled.
  package func run() async throws {
    try? await cancelWhenGracefulShutdown { try await watch() }
  }

  private func watch() async throws {
    let (looks, continuation) = AsyncStream.makeStream(
      of: ScanPatience.self, bufferingPolicy: .bufferingNewest(8))
    continuation.yield(.immediate)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { [requests] in for await _ in requests { continuation.yield(.immediate) } }
      group.addTask { [clock] in
        while true {
          try await clock.sleep(Self.interval)
          continuation.yield(.settled)
        }
      }
      for await patience in looks { take(await files.scan(patience), patience) }
      throw CancellationError()
    }
  }
}

extension ServedSchedules {
  /// What the scheduler is to know of the files of `scan`.
  package init(_ scan: ServedScan) {
    self.init(scan.served.map { ScheduledFile($0) }, unread: scan.unread)
  }
}

extension ScheduledFile {
  /// The schedule of a rollout that is served.
  package init(_ served: ServedRollout) {
    self.init(
      name: served.name, file: served.path, schedule: served.definition.schedule,
      leavesRecord: served.definition.mode == .apply)
  }
}

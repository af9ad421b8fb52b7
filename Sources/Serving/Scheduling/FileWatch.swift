import Events
import Rollouts
package import Schedules
import ServiceLifecycle
import Synchronization

/// Looks at the rollout files of a daemon again and again.
package struct FileWatch: Service {
  /// How often the files are looked at.
  package static let interval = Duration.seconds(3)

  /// What happens while the files are watched.
  package enum Event: Sendable, Hashable {
    /// The look that was requested begins.
    case reloading
    /// The files were looked at.
    case looked(ServedScan, ScanPatience)
    /// The look that was requested is over.
    case reloaded
  }

  private let files: ServedFiles
  private let clock: DaemonClock
  private let requests: AsyncStream<Void>
  private let report: @Sendable (Event) async -> Void

  /// A watch of `files`, which looks at them at once at each of `requests`, too; the next look waits until
  /// `report` returns.
  package init(
    _ files: ServedFiles, clock: DaemonClock, requests: AsyncStream<Void>,
    report: @escaping @Sendable (Event) async -> Void
  ) {
    self.files = files
    self.clock = clock
    self.requests = requests
    self.report = report
  }

  /// Goes on until a graceful shutdown, or until the task is cancelled.
  package func run() async throws {
    try? await cancelWhenGracefulShutdown { try await watch() }
  }

  private func watch() async throws {
    let (looks, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let request = LookRequest()
    await look(.immediate)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { [requests] in
        for await _ in requests {
          request.isWaiting.store(true, ordering: .releasing)
          continuation.yield()
        }
      }
      group.addTask { [clock] in
        while true {
          try await clock.sleep(Self.interval)
          continuation.yield()
        }
      }
      for await _ in looks {
        // A look that takes long delays a request, and loses none.
        guard request.isWaiting.exchange(false, ordering: .acquiring) else {
          await look(.settled)
          continue
        }
        await report(.reloading)
        await look(.immediate)
        await report(.reloaded)
      }
      throw CancellationError()
    }
  }

  private func look(_ patience: ScanPatience) async {
    await report(.looked(files.scan(patience), patience))
  }
}

/// Whether a look was requested that has not begun.
private final class LookRequest: Sendable {
  let isWaiting = Atomic(false)
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

import Cryptography
import Events
import Hosting
import Journaling
import Networking
import Operations
import Running

/// Drives a run of which nothing is recorded, since it only reads; a signal ends it early.
struct UnrecordedRun {
  let environment: [String: String]
  let clock: WallClock
  let trace: (@Sendable (String) -> Void)?

  /// The end of the run; `observe` is given its events as they happen.
  func perform(
    _ order: RunOrder, over transport: any Transport,
    observe: @escaping @Sendable ([RunEvent]) async -> Void = { _ in }
  ) async throws -> RunEnding {
    let host = Host(environment: hostEnvironment(transport, observe))
    host.start(order)
    host.close()
    return try await drive(host)[order.run] ?? .notStarted
  }

  private func hostEnvironment(
    _ transport: any Transport, _ observe: @escaping @Sendable ([RunEvent]) async -> Void
  ) -> HostEnvironment {
    HostEnvironment(
      journal: DiscardingJournal(),
      tools: RunTools(
        transport: transport,
        localActions: LocalActions(
          files: .live(home: environment["HOME"]), randomBytes: RandomBytes.system.draw),
        offload: BlockingThreads.perform, now: { clock.now() }),
      observe: { _, events in await observe(events) },
      now: { clock.now() }, sleep: { try await Task.sleep(for: $0) }, trace: trace)
  }

  private func drive(_ host: Host) async throws -> [RunID: RunEnding] {
    let interrupts = Interrupts()
    defer { withExtendedLifetime(interrupts) {} }
    let signals = interrupts.signals
    return try await withThrowingTaskGroup(of: [RunID: RunEnding]?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        for await _ in signals { host.cancelAll() }
        return nil
      }
      group.addTask { try await host.drive() }
      while let endings = try await group.next() {
        if let endings { return endings }
      }
      throw CancellationError()
    }
  }
}

import Events
import Hosting
import Journaling
import Networking
import Operations
import Running
import Synchronization

/// Drives any number of runs of which nothing is recorded, since they only read; a signal ends all of
/// them early.
final class PlanHost: Sendable {
  private let host: Host
  private let runs: CollectedRuns

  private init(
    _ transport: any Transport, _ environment: [String: String], _ clock: WallClock,
    _ trace: (@Sendable (String) -> Void)?
  ) {
    let runs = CollectedRuns()
    self.runs = runs
    var hosting = HostEnvironment(
      journal: DiscardingJournal(),
      tools: RunTools(
        transport: transport,
        localActions: .live(home: environment["HOME"]),
        offload: BlockingThreads.perform, now: { clock.now() }),
      observe: { run, events in runs.add(events, to: run) },
      now: { clock.now() }, sleep: { try await Task.sleep(for: $0) }, trace: trace)
    hosting.ended = { run, ending in runs.end(run, ending) }
    host = Host(environment: hosting)
  }

  /// Runs `body` with a host over `transport`.
  ///
  /// A signal has one receiver in a process: `endsAtSignals` is false where another host of this process
  /// handles signals.
  static func with<Result: Sendable>(
    _ transport: any Transport, _ environment: [String: String], endsAtSignals: Bool = true,
    trace: (@Sendable (String) -> Void)? = nil,
    _ body: @Sendable @escaping (PlanHost) async throws -> Result
  ) async throws -> Result {
    let plans = PlanHost(transport, environment, try WallClock(), trace)
    let interrupts = endsAtSignals ? Interrupts() : nil
    defer { withExtendedLifetime(interrupts) {} }
    let signals = interrupts?.signals
    return try await withThrowingTaskGroup(of: Result?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        if let signals { for await _ in signals { plans.host.cancelAll() } }
        return nil
      }
      group.addTask {
        _ = try await plans.host.drive()
        return nil
      }
      group.addTask { try await body(plans) }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }

  /// Drives the run of `order` to its end, and returns its events and how it ended.
  func perform(_ order: RunOrder) async -> (events: [RunEvent], ending: RunEnding) {
    await withCheckedContinuation { continuation in
      runs.begin(order.run, continuation)
      host.start(order)
    }
  }
}

/// The runs in progress, and their events so far.
private final class CollectedRuns: Sendable {
  typealias Collected = (events: [RunEvent], ending: RunEnding)

  private struct Entry: Sendable {
    var events: [RunEvent] = []
    let continuation: CheckedContinuation<Collected, Never>
  }

  private let entries = Mutex<[RunID: Entry]>([:])

  func begin(_ run: RunID, _ continuation: CheckedContinuation<Collected, Never>) {
    entries.withLock { $0[run] = Entry(continuation: continuation) }
  }

  func add(_ events: [RunEvent], to run: RunID) {
    entries.withLock { $0[run]?.events += events }
  }

  func end(_ run: RunID, _ ending: RunEnding) {
    let entry = entries.withLock { $0.removeValue(forKey: run) }
    entry?.continuation.resume(returning: (entry?.events ?? [], ending))
  }
}

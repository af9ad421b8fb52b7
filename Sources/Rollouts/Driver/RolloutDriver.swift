package import Events
package import Hosting
package import Journaling
import Operations

/// Drives a rollout: one host for the runs of its tenants, and the machine that decides which of them
/// run.
///
/// What the machine decides about the rollout as a whole is recorded before anything follows from it.
package struct RolloutDriver: Sendable {
  private let environment: RolloutEnvironment
  private let machine: RolloutMachine
  private let record: RolloutRecord
  private let signals: AsyncStream<RolloutSignal>
  private let inbox: AsyncStream<RolloutSignal>.Continuation

  /// A driver of the rollout that `machine` decides about and `record` keeps.
  package init(
    _ machine: RolloutMachine, recordedBy record: RolloutRecord, in environment: RolloutEnvironment
  ) {
    self.machine = machine
    self.record = record
    self.environment = environment
    (signals, inbox) = AsyncStream.makeStream()
  }

  /// Requests an orderly stop: running tenants are cancelled, and no further one starts.
  package func cancel() { inbox.yield(.input(.cancel)) }

  /// Drives the rollout until nothing is left to do.
  ///
  /// Cancelling the task stops everything at once: what is recorded stays, and the rollout can be
  /// resumed. Throws `RolloutFailure` when nothing can be recorded any more, and `CancellationError`.
  package func drive() async throws -> RolloutResult {
    var hosting = environment.host
    let inbox = inbox
    hosting.ended = { run, ending in inbox.yield(.ended(run, ending)) }
    let host = Host(environment: hosting)
    defer { inbox.finish() }
    return try await withThrowingDiscardingTaskGroup { group in
      defer { group.cancelAll() }
      group.addTask { _ = try await host.drive() }
      var loop = RolloutLoop(machine, record, environment, host, inbox)
      try await loop.begin(in: &group)
      for await signal in signals {
        try await loop.handle(signal, in: &group)
        if let result = loop.result {
          host.close()
          return result
        }
      }
      throw CancellationError()
    }
  }
}

/// What a rollout needs of the world around it.
package struct RolloutEnvironment: Sendable {
  /// How runs are driven; its journal is that of the rollout, too.
  package var host: HostEnvironment
  /// The run of a tenant that has none yet; throws `TenantRefusal` when none can be made.
  package var start: @Sendable (_ index: Int) async throws(TenantRefusal) -> RunOrder
  /// The run of a tenant that is continued; throws `TenantRefusal` when it cannot be.
  package var resume: @Sendable (_ index: Int, RunID) async throws(TenantRefusal) -> RunOrder
  /// Shows what happens to the rollout as a whole; called after it is recorded.
  package var observe: @Sendable ([RunEvent]) async -> Void
  /// How often requests of other processes are looked for.
  package var requestInterval: Duration = .milliseconds(500)

  /// An environment in which the runs of tenants are made by `start` and `resume`.
  package init(
    host: HostEnvironment,
    start: @escaping @Sendable (Int) async throws(TenantRefusal) -> RunOrder,
    resume: @escaping @Sendable (Int, RunID) async throws(TenantRefusal) -> RunOrder,
    observe: @escaping @Sendable ([RunEvent]) async -> Void
  ) {
    self.host = host
    self.start = start
    self.resume = resume
    self.observe = observe
  }
}

/// Why a rollout stopped in the middle.
package enum RolloutFailure: Error, Sendable, Hashable {
  /// What happened could not be recorded, so that nothing more was done.
  case unrecorded(JournalError)
  /// Another process took it over.
  case lost(to: JournalOwner?)
}

/// One thing that comes to a rollout from outside.
enum RolloutSignal: Sendable {
  case input(RolloutInput)
  /// The run of a tenant is made, or cannot be.
  case made(Int, Result<RunOrder, TenantRefusal>)
  case ended(RunID, RunEnding)
  case requests(RequestPage)
  /// The sleeper that was set for that instant is done.
  case woke(Moment)
}

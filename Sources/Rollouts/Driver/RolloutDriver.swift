package import Events
package import Hosting
package import Journaling
import Operations
import Synchronization

/// Drives a rollout: one host for the runs of its tenants and the rollout's own record, and the machine
/// that decides which of them run.
package struct RolloutDriver: Sendable {
  private let environment: RolloutEnvironment
  private let machine: RolloutMachine
  private let record: RolloutRecord
  private let signals: AsyncStream<RolloutSignal>
  private let inbox: AsyncStream<RolloutSignal>.Continuation

  /// A driver of the rollout that `machine` decides about, whose record is `record`.
  package init(
    _ machine: RolloutMachine, recordedIn record: RolloutRecord,
    environment: RolloutEnvironment
  ) {
    self.machine = machine
    self.record = record
    self.environment = environment
    (signals, inbox) = AsyncStream.makeStream()
  }

  /// Requests an orderly stop: running tenants are cancelled, and no further one starts.
  package func cancel() { inbox.yield(.input(.cancel)) }

  /// Lets no further tenant begin, and leaves the rollout once those in progress have ended: `drive` returns
  /// `left`, or how it finished where they were the last.
  ///
  /// Nothing is recorded of that. Retries, gates and approvals in between wait for whoever continues it.
  package func drain() { inbox.yield(.drain) }

  /// Drives the rollout until nothing is left to do, and returns how it ended; its last event is recorded
  /// then.
  ///
  /// Cancelling the task stops everything at once: what is recorded stays, and the rollout can be
  /// resumed. Throws `RolloutFailure` when nothing can be recorded any more, and `CancellationError`.
  package func drive() async throws -> RolloutEnd {
    let (inbox, rollout) = (inbox, record.rollout)
    // The record may be lost after the last decision, when no signal is read any more.
    let failure = Mutex<RolloutFailure?>(nil)
    var hosting = environment.host
    hosting.ended = { run, ending in
      if run == rollout { failure.withLock { $0 = RolloutFailure(ending) } }
      inbox.yield(.ended(run, ending))
    }
    hosting.requested = { inbox.yield(.requested($0)) }
    hosting.caughtUp = { _ in inbox.yield(.caughtUp) }
    let host = Host(environment: hosting)
    defer { inbox.finish() }
    return try await withThrowingTaskGroup(of: RolloutEnd?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        _ = try await host.drive()
        return nil
      }
      group.addTask { try await decide(host) }
      var ending: RolloutEnd?
      // The host ends on its own once everything is recorded.
      while let next = try await group.next() { ending = next ?? ending }
      if let failure = failure.withLock({ $0 }) { throw failure }
      guard let ending else { throw CancellationError() }
      return ending
    }
  }

  private func decide(_ host: Host) async throws -> RolloutEnd {
    try await withThrowingDiscardingTaskGroup { group in
      defer { group.cancelAll() }
      var loop = RolloutLoop(machine, record, environment, host, inbox)
      loop.begin(in: &group)
      if let ending = loop.ending { return ending }
      for await signal in signals {
        try loop.handle(signal, in: &group)
        if let ending = loop.ending { return ending }
      }
      throw CancellationError()
    }
  }
}

/// How a rollout is driven no more.
package enum RolloutEnd: Sendable, Hashable {
  case finished(RolloutResult)
  /// Nothing but a person brings it any further, and it was left.
  case waiting
  /// `drain` was called: it is not over, and another process can continue it.
  case left
}

/// Where the rollout's own record stands in the journal.
package struct RolloutRecord: Sendable {
  /// The id of the record.
  package var rollout: RunID
  /// How far it is written, and as whose.
  package var claim: RunClaim
  /// Recorded with the first event.
  package var texts: [StoredText]
  /// What the runs share.
  package var limits: RunGroupLimits
  /// What is decided about the schedule that starts it, recorded with the first event.
  ///
  /// Where it is refused, nothing is recorded, and the rollout is `unrecorded` with `ledgerMoved` or
  /// `leaseLost`.
  package var ledger: [LedgerChange] = []
  /// The notifications that follow from an event of the rollout, recorded with it.
  package var notices: @Sendable (RunEvent) -> [StoredNotice] = { _ in [] }

  /// A record that nothing is written of yet.
  package init(new rollout: RunID, texts: [StoredText], limits: RunGroupLimits) {
    self.rollout = rollout
    claim = RunClaim(epoch: 0, head: .empty)
    self.texts = texts
    self.limits = limits
  }

  /// A record that is continued under `claim`.
  package init(continuing rollout: RunID, under claim: RunClaim, limits: RunGroupLimits) {
    self.rollout = rollout
    self.claim = claim
    texts = []
    self.limits = limits
  }
}

/// What a rollout needs of the world around it.
package struct RolloutEnvironment: Sendable {
  /// How runs are driven and recorded; `observe` is also called with the events of the rollout itself.
  ///
  /// `ended`, `requested` and `caughtUp` are the driver's own.
  package var host: HostEnvironment
  /// Makes the run of a tenant that has none yet, or is continued; throws `TenantRefusal` when that is
  /// impossible.
  package var run: @Sendable (TenantTurn) async throws(TenantRefusal) -> TenantRun
  /// Receives each end of a run; must not wait.
  package var ended: @Sendable (RunID, RunEnding) -> Void
  /// Receives each tenant that cannot start before that other run gives up a lock; must not wait.
  package var blocked: @Sendable (_ index: Int, RunID) -> Void = { _, _ in }
  /// How long a request that comes now would wait for its turn.
  package var backlog: @Sendable () -> Duration

  /// What happens when nothing but a person brings the rollout any further.
  package var whenWaiting = RunOrder.WhenWaiting.wait

  /// An environment in which the runs of tenants are made by `run`.
  package init(
    host: HostEnvironment,
    run: @escaping @Sendable (TenantTurn) async throws(TenantRefusal) -> TenantRun,
    ended: @escaping @Sendable (RunID, RunEnding) -> Void = { _, _ in },
    backlog: @escaping @Sendable () -> Duration = { .zero }
  ) {
    self.host = host
    self.run = run
    self.ended = ended
    self.backlog = backlog
  }
}

/// A tenant's run that is to be driven.
package enum TenantRun: Sendable {
  case order(RunOrder)
  /// It cannot be driven before that other run gives up a lock.
  case blocked(by: RunID)
}

/// Why a rollout stopped in the middle.
package enum RolloutFailure: Error, Sendable, Hashable {
  /// What happened could not be recorded, so that nothing more was done; `eventCount` of the rollout's own
  /// events are recorded.
  case unrecorded(JournalError, eventCount: Int)
  /// Another process took it over.
  case lost(to: JournalOwner?)
  /// A mistake in this program; one sentence without a secret.
  case faulty(String)
}

/// One thing that comes to a rollout from outside.
enum RolloutSignal: Sendable {
  case input(RolloutInput)
  /// No further tenant begins.
  case drain
  /// The run of a tenant is made, or cannot be.
  case made(TenantTurn, Result<TenantRun, TenantRefusal>)
  case ended(RunID, RunEnding)
  case requested(PostedRequest)
  /// What was asked before the rollout was taken up has come.
  case caughtUp
  /// The sleeper that was set for that instant is done.
  case woke(Moment)
}

package import Events
package import Journaling
package import Schedules

/// Prepares, starts and continues the rollouts of schedules, as closures.
package struct RolloutRunner: Sendable {
  /// Reads and checks everything that a rollout needs; sends nothing and records nothing.
  package var prepare: @Sendable (ScheduledStart) async throws(StartRefusal) -> PreparedStart
  /// How a rollout stands in the journal, whoever drives it.
  package var standing: @Sendable (RunID) async throws(JournalError) -> RolloutStanding
  /// Becomes the owner of a rollout that no living process drives, and drives it on.
  package var resume: @Sendable (RunID, DriveOrder) async throws(ResumeRefusal) -> RolloutConclusion
  /// Does what is left to do once a rollout is over that this process did not drive to its end; may be repeated.
  package var settle: @Sendable (RunID) async -> Void
  /// Handles the requests to cancel a rollout that no living process drives; false where there are none.
  package var handleCancellation: @Sendable (RunID) async -> Bool

  /// A runner of these functions.
  package init(
    prepare: @escaping @Sendable (ScheduledStart) async throws(StartRefusal) -> PreparedStart,
    standing: @escaping @Sendable (RunID) async throws(JournalError) -> RolloutStanding,
    resume:
      @escaping @Sendable (RunID, DriveOrder) async throws(ResumeRefusal) -> RolloutConclusion,
    settle: @escaping @Sendable (RunID) async -> Void,
    handleCancellation: @escaping @Sendable (RunID) async -> Bool
  ) {
    self.prepare = prepare
    self.standing = standing
    self.resume = resume
    self.settle = settle
    self.handleCancellation = handleCancellation
  }
}

extension Journal {
  /// Handles the requests to cancel `run`, if no living process drives it; false where there are none, or where
  /// that is not known.
  package func handleCancellation(of run: RunID) async -> Bool {
    guard let claim = try? await claim(run) else { return false }
    let posted = (try? await requests(after: .start))?.requests ?? []
    let handled = posted.filter { $0.request == RunRequest(run: run, .cancel) }.map(\.number)
    var isHandled = false
    if !handled.isEmpty, case .committed = await commit(JournalCommit([], handled: handled)) {
      isHandled = true
    }
    try? await release(run, epoch: claim.epoch)
    return isHandled
  }
}

/// A rollout that can be started.
package struct PreparedStart: Sendable {
  /// The id of its record; nil for one that leaves none.
  package var rollout: RunID?
  /// Drives it to its end.
  package var drive: @Sendable (DriveOrder) async -> RolloutConclusion

  /// A rollout that `drive` drives.
  package init(
    _ rollout: RunID?, drive: @escaping @Sendable (DriveOrder) async -> RolloutConclusion
  ) {
    self.rollout = rollout
    self.drive = drive
  }
}

/// How a rollout is to be driven.
package struct DriveOrder: Sendable {
  /// What is recorded with the first event of one that is started.
  package var ledger: [LedgerChange]
  /// What stops it.
  package var control: RolloutControl
  /// To be called when its first event is durable, or when this process is its owner; does not wait.
  package var began: @Sendable () -> Void

  /// An order to drive a rollout, whose beginning is recorded with `ledger`.
  package init(
    _ ledger: [LedgerChange] = [], control: RolloutControl,
    began: @escaping @Sendable () -> Void = {}
  ) {
    self.ledger = ledger
    self.control = control
    self.began = began
  }
}

/// Why a rollout cannot be started.
package struct StartRefusal: Error, Sendable, Hashable {
  /// One sentence without a full stop and without a secret, for the ledger.
  package var reason: String
  /// What to do about it; nil where nothing can be said.
  package var hint: String?

  /// A refusal for `reason`.
  package init(_ reason: String, hint: String? = nil) {
    self.reason = reason
    self.hint = hint
  }
}

/// Why a rollout was not continued.
package enum ResumeRefusal: Error, Sendable, Hashable {
  /// Another process drives it.
  case owned
  /// It cannot be continued for a reason that may pass.
  case hindered(String, hint: String?)
  /// This program can never continue it.
  case impossible(String, hint: String?)
}

/// How a rollout stands in the journal.
package enum RolloutStanding: Sendable, Hashable {
  /// It came to its end.
  case ended(Outcome, TenantCounts)
  /// A living process drives it.
  case driven(by: OwnerIdentity)
  /// It is not over, or it is and somebody decided on what its tenants waited for; no living process drives it.
  case free
  /// It came to its end but for tenants whose runs wait for decisions of people, of which none is there.
  case waiting(TenantCounts)
}

/// How a rollout is driven no more.
package enum RolloutConclusion: Sendable, Hashable {
  /// It came to its end.
  case ended(Outcome, TenantCounts)
  /// It came to its end and leaves no record; the notifications are recorded with what the ledger says of the
  /// end.
  case planned(Outcome, [StoredNotice])
  /// It came to its end but for tenants whose runs wait for decisions of people.
  case waiting(TenantCounts)
  /// It is not over, and another process can continue it.
  case left
  /// It was not started, and nothing of it is recorded.
  case notStarted(StartRefusal)
  /// It was not started: its beginning could not be recorded, as far as is known.
  case unrecorded(JournalError)
  /// It stopped in the middle, since what happened could not be recorded; what this process holds of it
  /// is free once the process has ended.
  case stopped(JournalError)
  /// Another process took it over.
  case lost
  /// A mistake in this program; one sentence without a secret.
  case faulty(String)
}

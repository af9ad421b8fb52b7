import Events
import Journaling
import Operations
import Schedules

/// Keeps one rollout of a schedule going until it is accounted for; a child task of the scheduler.
struct ScheduledDriving: Sendable {
  /// How often a rollout that another process drives is looked at.
  static let watch = Duration.seconds(1)
  /// The pause before a rollout that could not be continued is tried again: the first, and the longest to which
  /// it grows.
  static let pauses = Duration.seconds(30)...Duration.seconds(600)
  /// How often is looked whether somebody decided on what the tenants of a rollout wait for.
  static let decisionWatch = Duration.seconds(5)

  let runner: RolloutRunner
  let writer: LedgerWriter
  let control: RolloutControl
  let put: @Sendable (SchedulerSignal.RolloutStep) -> Void

  private var clock: DaemonClock { writer.clock }

  /// Prepares and starts a rollout, and drives it to its end.
  func start(_ start: ScheduledStart) async {
    let prepared: PreparedStart
    do throws(StartRefusal) {
      prepared = try await runner.prepare(start)
    } catch {
      return put(.notStarted(error))
    }
    guard !control.isDrained, !Task.isCancelled else { return put(.left) }
    do {
      if let rollout = prepared.rollout {
        try await drive(prepared, rollout, start)
      } else {
        try await drive(prepared, start)
      }
    } catch {
      put(.left)
    }
  }

  private func drive(
    _ prepared: PreparedStart, _ rollout: RunID, _ start: ScheduledStart
  ) async throws {
    let change = start.change(starting: rollout)
    let conclusion = await prepared.drive(
      DriveOrder([change], control: control) { put(.started(change)) })
    guard case .unrecorded(let error) = conclusion else {
      return try await conclude(conclusion, rollout)
    }
    switch error {
    case .leaseLost: return put(.leaseLost)
    case .ledgerMoved, .flawedLedger, .otherKey: break
    case _:
      writer.observe(.journalFailed(error))
      try await clock.sleep(LedgerWriter.pause)
    }
    switch try await writer.look(after: change) {
    case .refused(let state): put(.refused(state))
    case .flawed(let flawed): put(.flawed(flawed))
    case .leaseLost: put(.leaseLost)
    // It began although nobody heard of it, and this process holds what it began.
    case .committed: put(.stopped(error))
    }
  }

  /// A rollout without a record: that it was started is recorded before.
  private func drive(_ prepared: PreparedStart, _ start: ScheduledStart) async throws {
    let change = start.change(starting: nil)
    switch try await writer.record(change) {
    case .refused(let state): return put(.refused(state))
    case .flawed(let flawed): return put(.flawed(flawed))
    case .leaseLost: return put(.leaseLost)
    case .committed: put(.started(change))
    }
    switch await prepared.drive(DriveOrder(control: control)) {
    case .planned(let outcome, let notices): put(.ended(outcome, TenantCounts(), notices))
    case .ended(let outcome, let counts): put(.ended(outcome, counts))
    case .faulty(let message): put(.faulty(message))
    case .notStarted(let refusal): put(.faulty(refusal.reason))
    // It is done again.
    case .left, .unrecorded, .stopped, .lost, .waiting: put(.left)
    }
  }

  private func conclude(_ conclusion: RolloutConclusion, _ rollout: RunID) async throws {
    switch conclusion {
    case .ended(let outcome, let counts): put(.ended(outcome, counts))
    case .planned(let outcome, let notices): put(.ended(outcome, TenantCounts(), notices))
    case .left: put(.left)
    case .notStarted(let refusal): put(.notStarted(refusal))
    case .unrecorded(let error), .stopped(let error): put(.stopped(error))
    case .faulty(let message): put(.faulty(message))
    case .lost, .waiting: try await resume(rollout)
    }
  }
}

/// Rollouts that were started before.
extension ScheduledDriving {
  /// Drives `rollout` on as soon as no living process does, or watches it to its end.
  func resume(left rollout: RunID) async {
    do {
      try await resume(rollout)
    } catch {
      put(.left)
    }
  }

  private func resume(_ rollout: RunID) async throws {
    var pause = Self.pauses.lowerBound
    var isFollowed = false
    var waiting = WaitingTenants()
    while true {
      guard !control.isDrained else { return put(.left) }
      switch try await standing(of: rollout) {
      case nil:
        let refusal = ResumeRefusal.impossible("the journal does not hold it", hint: nil)
        return put(.notResumed(refusal, .givesUp))
      case .ended(let outcome, let counts):
        await runner.settle(rollout)
        return put(.ended(outcome, counts))
      case .driven(let process):
        if !isFollowed { put(.followed(by: process)) }
        isFollowed = true
        try await clock.sleep(Self.watch)
      case .waiting(let counts):
        // What was cancelled for another rollout waits no more.
        guard !control.isCancelled else { return put(.ended(.inDoubt, counts)) }
        if waiting.see(counts) { put(.waiting(counts)) }
        try await clock.sleep(Self.decisionWatch)
      case .free:
        if waiting.pause > .zero { try await clock.sleep(waiting.pause) }
        let conclusion: RolloutConclusion
        do throws(ResumeRefusal) {
          conclusion = try await runner.resume(
            rollout, DriveOrder(control: control) { put(.resumed) })
        } catch {
          guard try await goesOn(with: rollout, after: error, &pause) else { return }
          continue
        }
        switch conclusion {
        case .lost: continue
        case .waiting(let counts): waiting.continued(to: counts)
        case _: return try await conclude(conclusion, rollout)
        }
      }
    }
  }

  /// How the rollout stands; nil where the journal does not hold it.
  private func standing(of rollout: RunID) async throws -> RolloutStanding? {
    while true {
      do throws(JournalError) {
        return try await runner.standing(rollout)
      } catch {
        if case .unknownRun = error { return nil }
        writer.observe(.journalFailed(error))
      }
      try await clock.sleep(LedgerWriter.pause)
    }
  }

  /// Waits before the next try, which follows as long as the reason may pass; else the rollout is accounted for
  /// as in doubt, so that its schedule does not wait for it for ever.
  private func goesOn(
    with rollout: RunID, after refusal: ResumeRefusal, _ pause: inout Duration
  ) async throws -> Bool {
    switch refusal {
    case .owned:
      try await clock.sleep(Self.watch)
      return true
    case .hindered(let reason, _):
      put(.notResumed(refusal, .triesAgain(after: pause)))
      if try await wait(pause, for: rollout) == .cancelled {
        let refusal = ResumeRefusal.impossible(
          "it was cancelled while it could not be continued: \(reason)", hint: nil)
        put(.notResumed(refusal, .givesUp))
        return false
      }
      pause = min(pause * 2, Self.pauses.upperBound)
      return true
    case .impossible:
      put(.notResumed(refusal, .givesUp))
      return false
    }
  }

  /// What ends a pause before the next try.
  private enum PauseEnding: Sendable {
    /// Its time, or somebody else who has continued the rollout.
    case over
    /// A request to cancel the rollout, which nobody else would handle.
    case cancelled
  }

  /// Waits until `pause` is over, somebody else has continued the rollout, or a person cancels it.
  private func wait(_ pause: Duration, for rollout: RunID) async throws -> PauseEnding {
    var left = pause
    while left > .zero {
      let next = min(left, Self.pauses.lowerBound)
      try await clock.sleep(next)
      left -= next
      guard try await standing(of: rollout) == .free else { return .over }
      if await runner.handleCancellation(rollout) { return .cancelled }
    }
    return .over
  }
}

/// The tenants of a rollout that wait for people.
private struct WaitingTenants: Sendable {
  private var seen: TenantCounts?
  private var latest: TenantCounts?
  /// How long it takes until the rollout may be continued.
  private(set) var pause = Duration.zero

  /// Whether that was not known.
  mutating func see(_ counts: TenantCounts) -> Bool {
    defer { seen = counts }
    return seen != counts
  }

  /// The rollout was continued, and waits again; where that changed nothing, it is continued ever more rarely.
  mutating func continued(to counts: TenantCounts) {
    let isNew = latest.map { $0 != counts } ?? true
    latest = counts
    pause =
      isNew
      ? .zero
      : min(
        max(pause * 2, ScheduledDriving.pauses.lowerBound), ScheduledDriving.pauses.upperBound)
  }
}

extension LedgerChange.Author {
  /// The epoch of a daemon's lease; 0 for a person, which is the epoch of none.
  var epoch: Int {
    switch self {
    case .daemon(let epoch): epoch
    case .person: 0
    }
  }
}

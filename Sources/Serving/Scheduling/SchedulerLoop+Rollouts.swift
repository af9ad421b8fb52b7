import Events
import Journaling
import Operations
import Schedules

/// Rollouts in progress.
extension SchedulerLoop {
  mutating func handle(
    _ step: SchedulerSignal.RolloutStep, of number: TrackedRollout.Number,
    in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    guard let tracked = rollouts[number] else { return }
    let schedule = tracked.schedule
    switch step {
    case .notStarted(let refusal):
      observe(.refused(schedule: schedule, refusal))
      answer(.notStarted(schedule: schedule, reason: refusal.reason), of: number, in: &group)
    case .started(let change):
      rollouts.begin(change.rollout, of: number)
      guard change.rollout != nil || standing == .acting(epoch: tracked.epoch) else {
        // Whoever acts now does it again.
        tracked.control.cancel()
        rollouts.remove(number)
        return committed(change, in: &group)
      }
      let planned = change.planned(by: files.schedule(of: schedule)) ?? clock.now()
      observe(.started(schedule: schedule, change.rollout, planned: planned))
      committed(change, in: &group)
    case .refused(let state): answer(.refused(schedule: schedule, state), of: number, in: &group)
    case .flawed(let flawed):
      set(aside: flawed, in: &group)
      answer(.refused(schedule: schedule, nil), of: number, in: &group)
    case .leaseLost:
      standBy(after: tracked.epoch, in: &group)
      answer(.refused(schedule: schedule, nil), of: number, in: &group)
    case .left where tracked.stage == .starting:
      let reason = "the daemon is about to stop"
      answer(.notStarted(schedule: schedule, reason: reason), of: number, in: &group)
    case .left:
      rollouts.remove(number)
      tracked.rollout.map { observe(.left(schedule: schedule, $0)) }
    case .resumed: tracked.rollout.map { observe(.resumed(schedule: schedule, $0)) }
    case .followed(let process):
      tracked.rollout.map { observe(.followed(schedule: schedule, $0, by: process)) }
    case .waiting(let counts):
      tracked.rollout.map { observe(.waiting(schedule: schedule, $0, counts)) }
    case .notResumed(let refusal, let persistence):
      tracked.rollout.map { observe(.notResumed(schedule: schedule, $0, refusal, persistence)) }
      if persistence == .givesUp { giveUp(tracked, number, in: &group) }
    case .ended(let outcome, let counts, let notices):
      observe(.ended(schedule: schedule, tracked.rollout, outcome, counts))
      rollouts.end(schedule, with: notices)
      end(tracked, number, outcome, in: &group)
    case .faulty(let message):
      observe(.faulty(schedule: schedule, tracked.rollout, message))
      giveUp(tracked, number, in: &group)
    case .stopped(let error):
      observe(.journalFailed(error))
      phase = .failed(.unrecorded(tracked.rollout, error))
    }
  }

  /// Answers a start that led to no rollout.
  private mutating func answer(
    _ input: SchedulerInput, of number: TrackedRollout.Number,
    in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    rollouts.remove(number)
    apply(input, in: &group)
  }

  /// Accounts for a rollout whose outcome stays unknown; who does not act leaves that to who does.
  private mutating func giveUp(
    _ tracked: TrackedRollout, _ number: TrackedRollout.Number,
    in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let schedule = tracked.schedule
    if standing.isActing {
      rollouts.end(schedule, with: surroundings.doubts(schedule, tracked.rollout, clock.now()))
    }
    end(tracked, number, .inDoubt, in: &group)
  }

  private mutating func end(
    _ ended: TrackedRollout, _ number: TrackedRollout.Number, _ outcome: Outcome,
    in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    rollouts.remove(number)
    apply(.ended(schedule: ended.schedule, ended.rollout, outcome), in: &group)
  }

  mutating func drain(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    guard phase == .serving else { return }
    phase = .draining
    observe(.entered(.draining))
    apply(.drain, in: &group)
    rollouts.drain()
    let (clock, inbox, timeout) = (clock, inbox, surroundings.drainTimeout)
    group.addTask {
      guard (try? await clock.sleep(timeout)) != nil else { return }
      inbox.put(.drainTimedOut)
    }
  }

  /// Gives the lease up as soon as nothing that needs it is on its way, so that another process decides at once:
  /// that one records the ends of the rollouts which this one still drives.
  mutating func resignIfDrained(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    guard phase == .draining, standing != .resigned, commits == 0, !rollouts.areStarting else {
      return
    }
    switch standing {
    case .acting(let epoch), .taking(let epoch):
      standBy(after: epoch, in: &group)
      observe(.acts(nil))
    case .unknown, .standingBy, .resigned: break
    }
    standing = .resigned
    surroundings.resignation.request()
  }

  mutating func leaveIfDrained() {
    guard phase == .draining, commits == 0, !rollouts.areDriven else { return }
    leave()
  }

  mutating func leave() {
    phase = .done
    for rollout in rollouts.driven {
      rollout.rollout.map { observe(.left(schedule: rollout.schedule, $0)) }
    }
  }
}

extension LedgerChange {
  /// When the rollout that it starts was to be started: jitter delays a due instant, and no request of a person.
  fileprivate func planned(by schedule: Schedule?) -> Moment? {
    guard let due = state.current?.due else { return nil }
    if case .triggered? = ticks.last?.verdict { return due }
    return due + (schedule?.delay(of: due, for: state.name) ?? .zero)
  }
}

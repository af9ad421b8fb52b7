import Events
import Journaling
import Operations
import Schedules

/// The loop of the scheduler: hands what happens to it and performs what it decides.
///
/// It never waits: everything that takes time is a child of one task group.
struct SchedulerLoop {
  /// Which process acts.
  enum Standing: Sendable, Hashable {
    /// Nothing is known yet.
    case unknown
    case standingBy
    /// This process has the lease, and has not read the ledger under it yet.
    case taking(epoch: Int)
    case acting(epoch: Int)
  }

  /// How far the end of the process is.
  enum Phase: Sendable, Hashable {
    case serving
    /// What is in progress comes to its end.
    case draining
    case done
  }

  let surroundings: SchedulerSurroundings
  let inbox: SchedulerInbox
  private var scheduler = Scheduler()
  var standing = Standing.unknown
  var reading = LedgerPosition()
  var files = ServedTable()
  var rollouts = TrackedRollouts()
  /// How many changes are on their way alone.
  var commits = 0
  var phase = Phase.serving
  /// Why nothing can be done any more.
  var failure: DaemonFailure?

  init(_ surroundings: SchedulerSurroundings, _ inbox: SchedulerInbox) {
    self.surroundings = surroundings
    self.inbox = inbox
  }

  var clock: DaemonClock { surroundings.clock }
  var observe: DaemonObserver { surroundings.observe }

  mutating func handle(
    _ signal: SchedulerSignal, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    switch signal {
    case .second: turn(in: &group)
    case .files(let served):
      files.served = served
      applyFiles(in: &group)
      readLedger(in: &group)
    case .lease(let event): handle(event, in: &group)
    case .read(let purpose, let result, let epoch):
      reading.isReading = false
      handle(result, purpose, epoch, in: &group)
    case .committed(let change):
      commits -= 1
      committed(change, in: &group)
    case .refused(let schedule, let state):
      commits -= 1
      apply(.refused(schedule: schedule, state), in: &group)
    case .leaseLost(let epoch):
      commits -= 1
      standBy(after: epoch, in: &group)
    case .dropped: commits -= 1
    case .rollout(let number, let step): handle(step, of: number, in: &group)
    case .drain: drain(in: &group)
    case .drainTimedOut: leave()
    }
    leaveIfDrained()
  }

  private mutating func turn(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    observe(.turned)
    apply(.tick, in: &group)
    readLedger(in: &group)
  }

  mutating func apply(
    _ input: SchedulerInput, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    for action in scheduler.apply(input, at: clock.now()) { perform(action, in: &group) }
  }
}

/// What the scheduler decides.
extension SchedulerLoop {
  private mutating func perform(
    _ action: SchedulerAction, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    switch action {
    case .commit(let change): commit(change, in: &group)
    case .start(let start):
      rollouts.dropUnrecorded(of: start.schedule)
      let driving = driving(start.schedule, start.template.author.epoch)
      group.addTask { await driving.start(start) }
    case .resume(let schedule, let rollout):
      guard rollouts.rollout(rollout) == nil, case .acting(let epoch) = standing else { return }
      let driving = driving(schedule, epoch, rollout)
      group.addTask { await driving.resume(left: rollout) }
    case .cancel(_, let rollout): cancel(rollout, in: &group)
    case .decided(let schedule, let ticks): observe(.decided(schedule: schedule, ticks))
    case .pauseChanged(let schedule, let pause):
      observe(.pauseChanged(schedule: schedule, pause))
    }
  }

  private mutating func commit(
    _ change: LedgerChange, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    commits += 1
    let (writer, inbox) = (surroundings.writer, inbox)
    group.addTask {
      switch try? await writer.record(change) {
      case .committed?: inbox.put(.committed(change))
      case .refused(let state)?: inbox.put(.refused(schedule: change.state.name, state))
      case .leaseLost?: inbox.put(.leaseLost(epoch: change.author.epoch))
      case nil: inbox.put(.dropped)
      }
    }
  }

  private mutating func driving(
    _ schedule: String, _ epoch: Int, _ rollout: RunID? = nil
  ) -> ScheduledDriving {
    let control = RolloutControl()
    if phase != .serving { control.drain() }
    let number = rollouts.add(
      TrackedRollout(
        schedule: schedule, epoch: epoch, rollout: rollout, control: control))
    return ScheduledDriving(
      runner: surroundings.runner, writer: surroundings.writer, control: control
    ) { [inbox] in inbox.put(.rollout(number, $0)) }
  }

  /// Stops a rollout cleanly, whoever drives it.
  private func cancel(_ rollout: RunID, in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    if let tracked = rollouts.rollout(rollout), tracked.control.isDriven {
      return tracked.control.cancel()
    }
    let ledger = surroundings.ledger
    group.addTask {
      // One that is over needs no request.
      try? await ledger.post(RunRequest(run: rollout, .cancel))
    }
  }
}

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
    /// This process is about to stop and does not act any more; what it drives comes to its end.
    case resigned

    /// Whether this process decides.
    var isActing: Bool { if case .acting = self { true } else { false } }
  }

  /// How far the end of the process is.
  enum Phase: Sendable, Hashable {
    case serving
    /// What is in progress comes to its end.
    case draining
    case done
    /// Nothing can be done any more.
    case failed(DaemonFailure)
  }

  let surroundings: SchedulerSurroundings
  let inbox: SchedulerInbox
  private var scheduler: Scheduler
  var standing = Standing.unknown
  var reading = LedgerPosition()
  var files = ServedTable()
  var rollouts = TrackedRollouts()
  /// How many changes are on their way alone.
  var commits = 0
  var phase = Phase.serving
  /// The latest instant for which a sleeper was set.
  private var alarm: Moment?

  init(_ surroundings: SchedulerSurroundings, _ inbox: SchedulerInbox) {
    self.surroundings = surroundings
    scheduler = Scheduler(reading: surroundings.reading)
    self.inbox = inbox
  }

  var clock: DaemonClock { surroundings.clock }
  var observe: DaemonObserver { surroundings.observe }

  mutating func handle(
    _ signal: SchedulerSignal, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    switch signal {
    case .second: turn(in: &group)
    case .woke: apply(.tick, in: &group)
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
      rollouts.recorded(change)
      committed(change, in: &group)
    case .refused(let schedule, let state):
      commits -= 1
      apply(.refused(schedule: schedule, state), in: &group)
    case .flawed(let flawed):
      commits -= 1
      set(aside: flawed, in: &group)
      apply(.refused(schedule: flawed.name, nil), in: &group)
    case .leaseLost(let change):
      commits -= 1
      standBy(after: change.author.epoch, in: &group)
      apply(.refused(schedule: change.state.name, nil), in: &group)
    case .dropped: commits -= 1
    case .rollout(let number, let step): handle(step, of: number, in: &group)
    case .drain: drain(in: &group)
    case .drainTimedOut: leave()
    }
    resignIfDrained(in: &group)
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
    let now = clock.now()
    for action in scheduler.apply(input, at: now) { perform(action, in: &group) }
    wakeSoon(after: now, in: &group)
  }

  /// What is due before the next second is up is not kept waiting for it.
  private mutating func wakeSoon(
    after now: Moment, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    guard let deadline = scheduler.nextDeadline, deadline != alarm, deadline > now,
      deadline - now <= .seconds(1)
    else { return }
    alarm = deadline
    let (clock, inbox) = (clock, inbox)
    group.addTask {
      guard (try? await clock.sleep(deadline - now)) != nil else { return }
      inbox.put(.woke(deadline))
    }
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
      let driving = driving(start.schedule, start.template.author.epoch, .starting)
      group.addTask { await driving.start(start) }
    case .resume(let schedule, let rollout):
      guard rollouts.rollout(rollout) == nil, case .acting(let epoch) = standing else { return }
      let driving = driving(schedule, epoch, .begun(rollout))
      group.addTask { await driving.resume(left: rollout) }
    case .cancel(_, let rollout?): cancel(rollout, in: &group)
    case .cancel(let schedule, nil): rollouts.unrecorded(of: schedule)?.control.cancel()
    case .decided(let schedule, let ticks):
      let overlap = files.schedule(of: schedule)?.overlap ?? .skip
      observe(.decided(schedule: schedule, ticks, overlap: overlap))
    case .pauseChanged(let schedule, let pause):
      observe(.pauseChanged(schedule: schedule, pause))
    case .unreadable(let schedule, _): observe(.unreadable(schedule: schedule))
    }
  }

  private mutating func commit(
    _ change: LedgerChange, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    commits += 1
    let (writer, inbox) = (surroundings.writer(adding: rollouts.notices(with: change)), inbox)
    group.addTask {
      switch try? await writer.record(change) {
      case .committed?: inbox.put(.committed(change))
      case .refused(let state)?: inbox.put(.refused(schedule: change.state.name, state))
      case .flawed(let flawed)?: inbox.put(.flawed(flawed))
      case .leaseLost?: inbox.put(.leaseLost(change))
      case nil: inbox.put(.dropped)
      }
    }
  }

  private mutating func driving(
    _ schedule: String, _ epoch: Int, _ stage: TrackedRollout.Stage
  ) -> ScheduledDriving {
    let control = RolloutControl()
    if phase != .serving { control.drain() }
    let number = rollouts.add(
      TrackedRollout(
        schedule: schedule, epoch: epoch, stage: stage, control: control))
    return ScheduledDriving(
      runner: surroundings.runner, writer: surroundings.writer, control: control
    ) { [inbox] in inbox.put(.rollout(number, $0)) }
  }

  /// Stops a rollout cleanly, whoever drives it.
  private func cancel(_ rollout: RunID, in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    if let tracked = rollouts.rollout(rollout) {
      let isDriven = tracked.control.isDriven
      tracked.control.cancel()
      if isDriven { return }
    }
    let ledger = surroundings.ledger
    group.addTask {
      // One that is over needs no request.
      try? await ledger.post(RunRequest(run: rollout, .cancel))
    }
  }
}

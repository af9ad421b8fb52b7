import Events
import Journaling
package import Logging
import Operations
package import Reporting
import Schedules

/// Reports what a daemon does: to its log, its metrics, its status and systemd.
package struct DaemonReporter: Sendable {
  let log: Logger
  let metrics: ServiceMetrics
  let status: DaemonStatus
  private let notifier: ServiceNotifier
  private let clock: DaemonClock
  private let commands: ScheduleCommands
  private let memory = ReporterMemory()

  /// A reporter to these; suggested commands name the `journal` unless it is nil.
  package init(
    log: Logger, metrics: ServiceMetrics, status: DaemonStatus, notifier: ServiceNotifier,
    clock: DaemonClock, journal: JournalReference? = nil
  ) {
    self.log = log
    self.metrics = metrics
    self.status = status
    self.notifier = notifier
    self.clock = clock
    commands = ScheduleCommands(journal: journal)
  }

  /// The rollout files are read again by request, from now on.
  package func reloading() {
    if memory.reloads() { notifier.send(.reloading(at: .sinceBoot)) }
  }

  /// The rollout files were read again by request.
  package func reloaded() {
    if memory.reloaded() { notifier.send(.ready) }
  }

  /// What hands events to it.
  package var observer: DaemonObserver { DaemonObserver(report) }

  private func report(_ event: DaemonEvent) {
    switch event {
    case .turned: status.turned(at: clock.uptime())
    case .entered(let state): enter(state)
    case .acts(let process):
      status.setActing(process)
      // This one drains, and gave the lease up.
      if process == nil { metrics.forgetGauges() }
      if memory.isNew(process), let process {
        log.info("active daemon", .of(process))
      }
    case .recorded(let state, let schedule):
      gauge(state, schedule)
      warnOfClock(state)
    case .journalFailed(let error):
      status.commitFailed(at: clock.now())
      metrics.journalFailed()
      if memory.isNew(error) { log.error("the journal failed", error.fields) }
    case .journalWorked:
      status.committed()
      if memory.recovered() { log.notice("the journal works again", [:]) }
    case .decided(let schedule, let ticks, let overlap):
      metrics.decided(ticks, schedule: schedule)
      for tick in ticks { log.write(tick, of: schedule, overlap) }
    case .pauseChanged(let schedule, let pause): log.write(pause, of: schedule)
    case .started(let schedule, let rollout, let planned):
      metrics.started(schedule, due: planned, at: clock.now())
      log.info("rollout started", .of(schedule, rollout))
    case .ended(let schedule, let rollout, let outcome, let counts):
      metrics.ended(schedule, outcome, counts, at: clock.now())
      log.write(outcome, counts, of: schedule, rollout)
    case .refused(let schedule, let refusal):
      // Its verdict is the error.
      log.info(
        "the rollout could not be started", .of(schedule, nil, refusal.reason, refusal.hint))
    case .unreadable(let schedule):
      log.error(
        "the recorded schedule cannot be read; instants due since the last verdict are not decided",
        .of(schedule, nil))
    case .unusable(let schedules): report(schedules)
    case .notResumed(let schedule, _, _, .givesUp), .faulty(let schedule, _, _):
      metrics.ended(schedule, .inDoubt, TenantCounts(), at: clock.now())
      log.write(event)
    case .resumed, .followed, .waiting, .notResumed, .left: log.write(event)
    }
  }

  private func enter(_ state: DaemonState) {
    status.enter(state, at: clock.now())
    metrics.enter(state)
    metrics.setLease(state == .acting ? .held : .notHeld)
    notifier.send(.status(state.phrase))
    log.notice("\(state.phrase)", [:])
    if state == .standingBy {
      metrics.forgetGauges()
      status.setUnusable([])
      _ = memory.change(to: [])
    }
    switch state {
    case .starting: break
    case .acting, .standingBy: if memory.didStart() { notifier.send(.ready) }
    case .draining:
      memory.stops()
      notifier.send(.stopping)
    }
  }

  private func warnOfClock(_ state: ScheduleState) {
    let isAhead = state.isActive && state.isDecidedAhead(of: clock.now())
    guard memory.isNew(isAhead, for: state.name), isAhead else { return }
    var fields = Logger.Metadata.of(state.name, nil)
    fields["until"] = "\(state.decidedThrough.text)"
    log.warning("a clock was ahead when the schedule was decided, and nothing is due yet", fields)
  }

  private func gauge(_ state: ScheduleState, _ schedule: Schedule?) {
    guard state.isActive, let schedule else { return metrics.set(nil, of: state.name) }
    let now = clock.now()
    metrics.set(
      ScheduleGauges(
        next: schedule.nextStart(of: state.name, after: state.decidedThrough, from: now),
        isPaused: state.pause != nil, isInProgress: state.current != nil),
      of: state.name)
  }
}

extension Schedule {
  /// When the rollout `name` is to start for the first instant due after `moment` for which that is `earliest` or
  /// later; nil when there is none.
  fileprivate func nextStart(
    of name: String, after moment: Moment, from earliest: Moment
  ) -> Moment? {
    var cursor = max(moment, earliest + (.zero - jitter) + .nanoseconds(-1))
    while let due = next(after: cursor)?.at {
      let start = due + delay(of: due, for: name)
      if start >= earliest { return start }
      cursor = due
    }
    return nil
  }
}

/// The ledgers that cannot be used.
extension DaemonReporter {
  private func report(_ schedules: [FlawedSchedule]) {
    status.setUnusable(schedules.map(\.name))
    let change = memory.change(to: schedules)
    for schedule in change.new {
      metrics.set(nil, of: schedule.name)
      let hint = schedule.hint ?? commands.hint(forFlawed: schedule.name)
      log.error(
        "nothing is decided about the schedule: its ledger cannot be used",
        .of(schedule.name, nil, schedule.reason, hint))
    }
    for name in change.gone {
      log.notice("the ledger of the schedule can be used again", .of(name, nil))
    }
  }
}

/// The rollout files.
extension DaemonReporter {
  /// Reports what a look at the files found.
  package func report(_ scan: ServedScan) {
    status.setFiles(scan.counts)
    metrics.setFiles(scan.counts)
    for problem in scan.reported {
      for message in problem.messages {
        log.error(
          problem.isServed
            ? "a rollout file has an error; its last valid version is served"
            : "a rollout file has an error and is not served",
          ["file": "\(problem.path)", "reason": "\(message)"])
      }
    }
    for warnings in scan.warned {
      for message in warnings.messages {
        log.warning(
          "a rollout file has a warning", ["file": "\(warnings.path)", "reason": "\(message)"])
      }
    }
    for path in scan.mended { log.notice("the rollout file was fixed", ["file": "\(path)"]) }
    if scan.hasChanged {
      log.info("rollout files loaded", ["schedules": .stringConvertible(scan.served.count)])
    }
  }
}

extension DaemonState {
  /// What it does, for people.
  fileprivate var phrase: String {
    switch self {
    case .starting: "starting"
    case .acting: "active: starting rollouts when they are due"
    case .standingBy: "on standby: another daemon is active"
    case .draining: "draining: no further rollout starts, and tenants in progress finish"
    }
  }
}

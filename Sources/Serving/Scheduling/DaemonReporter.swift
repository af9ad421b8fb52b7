import Events
import Journaling
package import Logging
import Operations
import Reporting
import Schedules
import Synchronization

/// Reports what a daemon does: to its log, its metrics, its status and systemd.
package struct DaemonReporter: Sendable {
  let log: Logger
  let metrics: ServiceMetrics
  let status: DaemonStatus
  private let notifier: ServiceNotifier
  private let clock: DaemonClock
  private let memory = ReporterMemory()

  /// A reporter to these.
  package init(
    log: Logger, metrics: ServiceMetrics, status: DaemonStatus, notifier: ServiceNotifier,
    clock: DaemonClock
  ) {
    self.log = log
    self.metrics = metrics
    self.status = status
    self.notifier = notifier
    self.clock = clock
  }

  /// What hands events to it.
  package var observer: DaemonObserver { DaemonObserver(report) }

  private func report(_ event: DaemonEvent) {
    switch event {
    case .turned: status.turned(at: clock.uptime())
    case .entered(let state): enter(state)
    case .acts(let process):
      status.setActing(process)
      if memory.isNew(process), let process {
        log.info("acting process", ["process": "\(process)"])
      }
    case .recorded(let state, let schedule): gauge(state, schedule)
    case .journalFailed(let error):
      status.commitFailed(at: clock.now())
      metrics.commitFailed()
      if memory.isNew(error) { log.error("the journal failed", error.fields) }
    case .journalWorked:
      status.committed()
      if memory.recovered() { log.notice("the journal works again", [:]) }
    case .decided(let schedule, let ticks):
      metrics.decided(ticks, schedule: schedule)
      for tick in ticks { log.write(tick, of: schedule) }
    case .pauseChanged(let schedule, let pause): log.write(pause, of: schedule)
    case .started(let schedule, let rollout, let planned):
      metrics.started(schedule, due: planned, at: clock.now())
      log.info("rollout started", .of(schedule, rollout))
    case .ended(let schedule, let rollout, let outcome, let counts):
      metrics.ended(schedule, outcome, counts, at: clock.now())
      log.write(outcome, counts, of: schedule, rollout)
    case .refused(let schedule, let refusal):
      log.error(
        "the rollout could not be started", .of(schedule, nil, refusal.reason, refusal.hint))
    case .unreadable(let schedule):
      log.error(
        "the definition in the ledger cannot be read: due instants since the latest verdict have none",
        .of(schedule, nil))
    case .resumed, .followed, .notResumed, .left, .faulty: log.write(event)
    }
  }

  private func enter(_ state: DaemonState) {
    status.enter(state, at: clock.now())
    metrics.enter(state)
    metrics.setLease(state == .acting ? .held : .notHeld)
    notifier.send(.status(state.phrase))
    log.notice("\(state.phrase)", [:])
    switch state {
    case .starting: break
    case .acting, .standingBy: if memory.didStart() { notifier.send(.ready) }
    case .draining: notifier.send(.stopping)
    }
  }

  private func gauge(_ state: ScheduleState, _ schedule: Schedule?) {
    guard state.isActive, let schedule else { return metrics.set(nil, of: state.name) }
    let now = clock.now()
    metrics.set(
      ScheduleGauges(
        next: schedule.next(after: max(state.decidedThrough, now))?.at,
        isPaused: state.pause != nil, isInProgress: state.current != nil),
      of: state.name)
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
            ? "a rollout file has an error; its last good version is served"
            : "a rollout file has an error and is not served",
          ["file": "\(problem.path)", "reason": "\(message)"])
      }
    }
    for path in scan.mended { log.notice("the rollout file is good again", ["file": "\(path)"]) }
    if scan.hasChanged {
      log.info("rollout files", ["schedules": .stringConvertible(scan.served.count)])
    }
  }
}

extension DaemonState {
  /// What it does, for people.
  fileprivate var phrase: String {
    switch self {
    case .starting: "starting"
    case .acting: "acting on schedules"
    case .standingBy: "standing by: another process acts on schedules"
    case .draining: "draining: no rollout starts, and tenants in progress come to their end"
    }
  }
}

/// What was reported last, so that nothing is reported twice.
private final class ReporterMemory: Sendable {
  private struct State: Sendable {
    var process: OwnerIdentity?
    var failure: JournalError?
    var isStarted = false
  }

  private let state = Mutex(State())

  func isNew(_ process: OwnerIdentity?) -> Bool {
    state.withLock { state in
      defer { state.process = process }
      return state.process != process
    }
  }

  func isNew(_ failure: JournalError) -> Bool {
    state.withLock { state in
      defer { state.failure = failure }
      return state.failure != failure
    }
  }

  /// Whether something had failed.
  func recovered() -> Bool {
    state.withLock { state in
      defer { state.failure = nil }
      return state.failure != nil
    }
  }

    for warnings in scan.warned {
      for message in warnings.messages {
        log.warning(
          "a rollout file has a warning", ["file": "\(warnings.path)", "reason": "\(message)"])
      }
    }
  /// Whether it is the first time.
  func didStart() -> Bool {
    state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
  }
}

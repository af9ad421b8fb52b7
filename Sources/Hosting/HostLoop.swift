import Events
import Journaling
import Machine
import Operations
import Running

/// The loop that drives a host: hands inputs to the machine and performs its actions.
struct HostLoop {
  private let environment: HostEnvironment
  private let inbox: HostInbox
  private var machine: HostMachine
  private var performers: [RunID: RunPerformer] = [:]
  private var traces: [RunID: WireTrace] = [:]
  private var alarms = Alarms()
  private(set) var endings: [RunID: RunEnding] = [:]

  init(_ environment: HostEnvironment, _ limits: HostLimits, _ inbox: HostInbox) {
    self.environment = environment
    self.inbox = inbox
    machine = HostMachine(limits: limits)
    machine.requestHeaders = environment.requestHeaders
  }

  /// Whether no run is left.
  var isIdle: Bool { machine.isIdle }

  /// Handles what came since the last turn.
  mutating func turn(in group: inout ThrowingDiscardingTaskGroup<any Error>) async {
    var inputs: [HostInput] = []
    // While too much waits to be recorded, nothing else is handled.
    for signal in machine.isBehind ? inbox.takeCommitEnds() : inbox.take() {
      switch signal {
      case .input(let input): inputs.append(input)
      case .woke(let moment):
        alarms.rang(moment)
        inputs.append(.tick)
      }
    }
    let now = environment.now()
    trace(inputs, at: now)
    await perform(machine.apply(inputs, at: now), in: &group)
    if !machine.isBehind, !inbox.isEmpty { inbox.wake() }
    if let deadline = machine.nextDeadline, alarms.needsOne(for: deadline) {
      wake(at: deadline, in: &group)
    }
  }

  /// Ends what the runs have open.
  func stop(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    for performer in performers.values { performer.stop(in: &group) }
  }

  /// Performs actions in order, but for two kinds.
  ///
  /// The disk has the next commit while the requests go out that the last one allows, and these do not wait
  /// until what led to them is shown.
  private mutating func perform(
    _ actions: [HostAction], in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) async {
    for case .commit(let commit) in actions { record(commit, in: &group) }
    var reports: [(RunID, [RunEvent])] = []
    for action in actions {
      switch action {
      case .commit: break
      case .report(let run, let events): reports.append((run, events))
      case .perform, .open, .readRequests: await perform(action, in: &group)
      case .release, .ended, .hand, .caughtUp:
        await report(&reports)
        await perform(action, in: &group)
      }
    }
    await report(&reports)
  }

  private func record(
    _ commit: JournalCommit, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let (journal, inbox) = (environment.journal, inbox)
    guard !journal.begin(commit, ended: { inbox.put(.commitEnded($0)) }) else { return }
    group.addTask { inbox.put(.commitEnded(await journal.commit(commit))) }
  }

  private func report(_ reports: inout [(RunID, [RunEvent])]) async {
    for (run, events) in reports { await environment.observe(run, events) }
    reports = []
  }

  private mutating func perform(
    _ action: HostAction, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) async {
    let (journal, inbox) = (environment.journal, inbox)
    switch action {
    case .open(let run, let service): open(run, service)
    case .commit(let commit): record(commit, in: &group)
    case .report(let run, let events): await environment.observe(run, events)
    case .perform(let run, let actions):
      if var trace = traces[run] {
        trace.take(actions, hiding: machine.secrets(of: run), at: environment.now())
        traces[run] = trace
      }
      performers[run]?.perform(actions, in: &group)
    case .readRequests(let cursor):
      group.addTask {
        let page = try? await journal.requests(after: cursor)
        inbox.put(.requests(page ?? RequestPage([], next: cursor)))
      }
    case .release(let run, let epoch):
      try? await journal.release(run, epoch: epoch)
    case .ended(let run, let ending):
      performers.removeValue(forKey: run)?.stop(in: &group)
      traces[run] = nil
      guard let ended = environment.ended else {
        endings[run] = ending
        return
      }
      ended(run, ending)
    case .hand(let posted): environment.requested?(posted)
    case .caughtUp(let record): environment.caughtUp?(record)
    }
  }

  private mutating func open(_ run: RunID, _ service: ServiceOrigins?) {
    let inbox = inbox
    var tools = environment.tools
    if let headers = environment.requestHeaders, let start = machine.start(of: run) {
      tools.socketHeaders = headers(start, nil)
    }
    performers[run] = RunPerformer(
      tools,
      deliveringTo: RunInputs(
        put: { inbox.put(.run(run, $0)) },
        putMessage: { inbox.putMessage(.run(run, $0), $1) }))
    traces[run] = environment.trace.map { WireTrace(service: service, write: $0) }
  }

  private mutating func trace(_ inputs: [HostInput], at now: Moment) {
    guard environment.trace != nil else { return }
    for case .run(let run, let input) in inputs {
      guard var trace = traces[run] else { continue }
      trace.take(input, hiding: machine.secrets(of: run), at: now)
      traces[run] = trace
    }
  }

  private func wake(
    at deadline: Moment, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) {
    let (pause, inbox) = (max(.zero, deadline - environment.now()), inbox)
    let sleep = environment.sleep
    group.addTask {
      guard (try? await sleep(pause)) != nil else { return }
      inbox.put(.woke(deadline))
    }
  }
}

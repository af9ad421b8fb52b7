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
    let wasBehind = machine.isBehind
    let now = environment.now()
    trace(inputs, at: now)
    for action in machine.apply(inputs, at: now) { await perform(action, in: &group) }
    if wasBehind, !machine.isBehind { inbox.wake() }
    if let deadline = machine.nextDeadline, alarms.needsOne(for: deadline) {
      wake(at: deadline, in: &group)
    }
  }

  /// Ends what the runs have open.
  func stop(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
    for performer in performers.values { performer.stop(in: &group) }
  }

  private mutating func perform(
    _ action: HostAction, in group: inout ThrowingDiscardingTaskGroup<any Error>
  ) async {
    let (journal, inbox) = (environment.journal, inbox)
    switch action {
    case .open(let run, let service): open(run, service)
    case .commit(let commit):
      group.addTask { inbox.put(.commitEnded(await journal.commit(commit))) }
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

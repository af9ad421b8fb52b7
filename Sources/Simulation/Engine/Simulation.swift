package import Events
import Expressions
package import Machine
import Operations
import Planning
import Playbooks
import Randomness
import Running
import Sandbox

/// A whole run without sockets, tasks or real time: the machine and the vault with a seeded network
/// between them, and processes that may end at any instant.
///
/// The same seed and the same crashes give the same events, byte for byte. A copy is independent of
/// the original when it is made with `forked`.
package struct Simulation: Sendable {
  let scenario: Scenario
  var process: SimulatedProcess
  var vault: Vault
  var network: SimulatedNetwork
  var files: LocalWorld
  var random: SplitMix
  var watch: RunWatch
  var trace: SimulationTrace?
  private(set) var now: Moment
  /// The events of the run so far.
  package private(set) var events: [RunEvent] = []
  private(set) var result: RunResult?
  private(set) var commitCount = 0
  private(set) var pointCount = 0
  private(set) var crashes: [PerformedCrash] = []
  var resolutionCount = 0
  var reopeningCount = 0
  /// How often an operator continues the run after it failed.
  private(set) var reopenings = 0
  /// Whether an operator continues the run next, and not just the next process.
  var isResolving = false
  private var happeningCount = 0
  /// When this part of the run began.
  private var start: Moment
  /// How many events were recorded before it.
  private var firstEvent = 0

  /// A crash that took place.
  package struct PerformedCrash: Sendable, Hashable {
    /// Where the process ended.
    package let point: CrashPoint
    /// How long nobody drove the run.
    package let downtime: Duration
  }

  /// Why a simulation failed.
  package enum Stall: Error, Sendable, Hashable {
    /// Nothing is on its way and nobody waits for a time.
    case deadlock(after: [RunEvent])
    /// More happened than a run may take (1,000,000 happenings).
    case endless
  }

  /// A run of `scenario` that has not begun, or a plan where `guidance` says so; `seed` determines all
  /// random choices.
  package init(_ scenario: Scenario, seed: UInt64, guidedBy guidance: Guidance = Guidance()) {
    var random = SplitMix(seed: seed)
    let plan = scenario.plan
    let run = RunStart(
      run: RunID(using: &random), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: random.next(), version: "simulation")
    self.scenario = scenario
    process = SimulatedProcess(
      RunMachine(plan: plan, start: run, settings: scenario.settings, guidedBy: guidance))
    vault = Vault(configuration: scenario.vault, seed: random.next())
    files = LocalWorld(
      files: scenario.files.copy, bytes: SeededBytes(SplitMix(seed: random.next())))
    network = SimulatedNetwork(scenario.conditions, random: SplitMix(seed: random.next()))
    watch = RunWatch(over: scenario, run: run.run)
    self.random = random
    now = scenario.start
    start = now
    process.plan(.receive(.start))
  }
}

/// Running.
extension Simulation {
  /// Whether the run is over.
  package var isOver: Bool { result != nil }

  /// A copy with files of its own, to be continued apart from this one; its time counts from now.
  ///
  /// Requests that move files must not be on their way, unless the process of the copy is ended at
  /// once.
  package func forked() -> Simulation {
    var copy = self
    copy.files = files.copy
    copy.process.transfers = [:]
    copy.start = now
    return copy
  }

  /// Runs to the end; `inspect` gets the events so far and the machine's state after each input.
  ///
  /// The process ends at each of `crashes` whose point is reached. Throws when there is no end.
  package mutating func run(
    crashing crashes: [Crash] = [], inspecting inspect: (([RunEvent], RunState) -> Void)? = nil
  ) throws(Stall) -> SimulationReport {
    var pending = crashes.sorted { $0.point < $1.point }[...]
    while let point = try advance() {
      while let next = pending.first, next.point < point.number { pending.removeFirst() }
      if let next = pending.first, next.point == point.number {
        crash(at: point, downtime: next.downtime)
      }
      if process.nextAct == nil { inspect?(events, process.machine.state) }
    }
    inspect?(events, process.machine.state)
    return report()
  }

  /// Runs on until the next input ends the step whose path is `path`; nil when none does.
  ///
  /// What follows the step begins with the same input, so that nothing of it has happened yet.
  package func before(endOf path: String) throws(Stall) -> Simulation? {
    var ahead = forked()
    var input = 0
    var seen = ahead.events.count
    while let point = try ahead.advance() {
      if point.place == .input { input = point.number }
      let isOver = ahead.events[seen...].contains { $0.kind.isEnd(of: path) }
      seen = ahead.events.count
      guard isOver else { continue }
      var simulation = forked()
      while let point = try simulation.advance(), point.number < input {}
      return simulation
    }
    return nil
  }

  /// From now on things happen as `case` says, whatever happened before.
  mutating func disturb(as case: SimulationCase, allowing effects: [StepPath: Int]) {
    var random = SplitMix(seed: `case`.seed)
    self.random = SplitMix(seed: random.next())
    network.conditions = `case`.conditions
    network.random = SplitMix(seed: random.next())
    vault.slow(to: `case`.delay)
    reopenings = `case`.reopenings
    vault.faults = FaultSource(`case`.faults, seed: random.next())
    vault.faults.allowed = `case`.allowedFaults
    watch.allow(effects)
    (start, pointCount, commitCount, firstEvent) = (now, 0, 0, events.count)
  }

  /// Runs on to the next instant at which the process may end; nil once the run is over.
  package mutating func advance() throws(Stall) -> CrashPoint? {
    while result == nil || isContinued() {
      guard let act = process.takeAct() else {
        rest()
        try wait()
        if case .receive? = process.nextAct { return point(.input) }
        continue
      }
      guard let place = perform(act) else { continue }
      return point(place)
    }
    return nil
  }

  private mutating func rest() {
    guard process.isAlive, watch.wantsRest else { return }
    watch.rested(process.machine.state, at: now)
  }

  private mutating func point(_ place: CrashPoint.Place) -> CrashPoint? {
    guard result == nil else { return nil }
    pointCount += 1
    return CrashPoint(number: pointCount, at: now, place: place, eventCount: events.count)
  }

  /// Lets time pass until something happens.
  private mutating func wait() throws(Stall) {
    happeningCount += 1
    guard happeningCount < 1_000_000 else { throw .endless }
    guard let next = nextMoment else { throw .deadlock(after: events) }
    reach(next)
    if let due = vault.nextDeadline, due <= now {
      deliver(vault.advance(to: now))
      noteOccurrences()
    } else if let happening = network.agenda.pop(at: now) {
      take(happening)
    } else if process.isAlive {
      process.plan(.receive(.tick))
    }
  }

  private var nextMoment: Moment? {
    mutating get {
      var next = network.agenda.next
      if let due = vault.nextDeadline { next = min(next ?? due, due) }
      if process.isAlive, let due = process.machine.nextDeadline { next = min(next ?? due, due) }
      return next
    }
  }

  private mutating func reach(_ moment: Moment) {
    guard moment > now else { return }
    now = moment
    if process.isAlive { watch.reach(now) }
  }

  /// Ends the process; another one continues the run after `downtime`, unless it is over.
  package mutating func crash(at point: CrashPoint, downtime: Duration) {
    let crash = PerformedCrash(point: point, downtime: downtime)
    crashes.append(crash)
    trace?.note(.crash(crash), after: events.count)
    closeSockets()
    process.end()
    watch.processEnded()
    if case .runFinished(let result)? = events.last?.kind, !process.continuesEndedRun {
      self.result = result
    } else {
      // Whoever had continued a run that was over does so again.
      isResolving = process.continuesEndedRun
      network.agenda.add(.takeover, at: now + downtime)
    }
  }

  /// Another process continues the run from what is recorded.
  mutating func takeOver() {
    let resumption = RunResumption(
      owner: "process \(process.number.number)", epoch: process.number.number, seed: random.next(),
      version: "simulation")
    let machine =
      continued(as: resumption)
      ?? RunMachine(
        plan: scenario.plan, start: process.machine.start, settings: scenario.settings)
    isResolving = false
    trace?.note(.takeover(process.number.number), after: events.count)
    process.begin(with: machine)
    if case .runFinished? = events.last?.kind { process.continuesEndedRun = true }
    watch.processBegan(with: machine.state, at: now)
    askAgain()
  }

  /// The machine that continues the run; nil when nothing is recorded yet.
  private func continued(as resumption: RunResumption) -> RunMachine? {
    guard let machine = RunMachine(resuming: scenario.plan, after: events, as: resumption) else {
      return nil
    }
    let guidance = guidance(for: machine)
    guard guidance != Guidance() else { return machine }
    return RunMachine(
      resuming: scenario.plan, after: events, as: resumption, guidedBy: guidance)
  }

  /// The run is over, and another process continues it after `pause` all the same.
  mutating func reopen(after pause: Duration) {
    result = nil
    if process.isAlive {
      closeSockets()
      process.end()
      watch.processEnded()
    }
    network.agenda.add(.takeover, at: now + pause)
  }

  mutating func record(_ event: RunEvent, index: Int) {
    if index == 0 { commitCount += 1 }
    process.continuesEndedRun = false
    events.append(event)
    watch.recorded(event, at: now)
    if case .approvalRequested(let path, let request) = event.kind { ask(path, request) }
  }

  mutating func finish(_ result: RunResult) { self.result = result }

  /// Lets what is on its way reach the service, and commands in progress come to their end.
  ///
  /// What happens then belongs to the run although its record is closed.
  mutating func settle(for pause: Duration? = nil) {
    let end = now + (pause ?? max(.seconds(30), scenario.vault.delay * 2))
    while let next = [network.agenda.next, vault.nextDeadline].compactMap({ $0 }).min(), next <= end
    {
      now = max(now, next)
      _ = vault.advance(to: now)
      if let happening = network.agenda.pop(at: now) { take(happening) }
      noteOccurrences()
    }
  }

  /// What there is of a run that came to no end.
  mutating func reportAtStall() -> SimulationReport { report() }

  private mutating func report() -> SimulationReport {
    let end = now
    watch.finished(process.machine.state, after: events, at: now)
    settle()
    watch.closed(at: now)
    return SimulationReport(
      events: events, firstEvent: firstEvent, state: process.machine.state, result: result ?? .none,
      ledger: vault.ledger,
      elapsed: end - start, commitCount: commitCount, pointCount: pointCount, crashes: crashes,
      resolutionCount: resolutionCount + reopeningCount,
      faults: vault.faults.injected, faultDecisions: vault.faults.decisionCount,
      inventory: vault.inventory, files: files.files.all,
      effectCounts: watch.exchanges.effectCounts, violation: watch.violation, trace: trace)
  }
}

/// What comes after a run that nobody continues.
extension Simulation {
  /// Longer than commands take, and than polls stay open.
  private static let abandonment = Duration.seconds(120)

  /// Ends the process for good, at `point` where the run is not over, and lets what it had sent come to
  /// its end at the service.
  mutating func abandon(at point: CrashPoint?) {
    if process.isAlive {
      closeSockets()
      process.end()
      watch.processEnded()
    }
    settle(for: Self.abandonment)
    guard let point else { return }
    crashes.append(PerformedCrash(point: point, downtime: now - point.at))
  }

  /// A run on what this one has left, or a plan where `guidance` says so, that has not begun.
  func successor(guidedBy guidance: Guidance = Guidance(), seed: UInt64) -> Simulation {
    var next = Simulation(scenario, seed: seed, guidedBy: guidance)
    next.process.number = process.number
    next.vault = vault
    next.files = files.copy
    next.network.conditions = network.conditions
    next.watch.allow(watch.exchanges.allowedEffects)
    next.watch.learn(files.files.secrets)
    (next.now, next.start, next.crashes) = (now, now, crashes)
    guard trace != nil else { return next }
    next.trace = SimulationTrace()
    if let crash = crashes.last { next.trace?.note(.abandonment(crash), after: 0) }
    return next
  }
}

extension RunEvent.Kind {
  fileprivate func isEnd(of path: String) -> Bool {
    guard case .stepFinished(let finished, _) = self else { return false }
    return finished.description == path
  }
}

extension RunResult {
  fileprivate static let none = RunResult(outcome: .failed)
}

import Events
import Operations
import Schedules

/// What must be true of the ledger at any time, going by the changes that were made.
struct LedgerWatch {
  private(set) var objections: [String] = []
  private var specs: [String: ScheduleSpec] = [:]
  /// The verdicts about due instants, by schedule.
  private(set) var verdicts: [String: [Moment: TickVerdict]] = [:]
  /// The rollouts that were started, and by which change.
  private var started: Set<RunID> = []
  private(set) var answered: Set<Int64> = []
  /// Ticks that are durable, and were not reported as such, by schedule.
  private var unreported: [String: [[Tick]]] = [:]
  /// How often each verdict was given, and other things happened.
  private(set) var counts: [String: Int] = [:]

  mutating func object(_ text: String) { objections.append(text) }

  mutating func count(_ what: String, _ number: Int = 1) { counts[what, default: 0] += number }

  mutating func learn(_ spec: ScheduleSpec) { specs[spec.definition] = spec }

  func spec(_ definition: String) -> ScheduleSpec? {
    ScheduleSpec.isReadable(definition) ? specs[definition] : nil
  }

  /// The process reports ticks as durable.
  mutating func decided(_ name: String, _ ticks: [Tick]) {
    if !(unreported[name] ?? []).contains(ticks) {
      object("\(name): ticks are reported that are not in the ledger")
    }
    unreported[name] = []
  }

  /// A rollout is cancelled for what is queued, or waits behind late instants; the ledger is in `state`.
  mutating func cancelled(_ rollout: RunID?, _ state: ScheduleState?) {
    count("cancelled")
    if let state, state.pause != nil {
      object("\(state.name): a rollout is cancelled while it is paused")
    }
    guard let state, let spec = spec(state.definition) else { return }
    if spec.schedule.overlap != .cancel { object("\(state.name): a rollout is cancelled") }
    if state.current?.rollout != rollout { object("\(state.name): another rollout is cancelled") }
  }

  /// The ledger was changed by what a daemon decided.
  mutating func committed(
    _ change: LedgerChange, after before: ScheduleState?, _ write: SimulatedDaemon.Write,
    _ term: SimulatedDaemon.ActingTerm
  ) {
    let name = change.state.name
    unreported[name, default: []].append(change.ticks)
    for tick in change.ticks { count(tick.verdict.name, tick.count) }
    if change.ticks.contains(where: { $0.count > 1 }) { count("many at once") }
    if let queued = change.state.queued, before?.queued != queued { count("queued") }
    if case .start(let start) = write.what, start.template.ticks.isEmpty { count("done again") }
    if let before, before.definition != change.state.definition { count("changed") }
    if let before, before.isActive, !change.state.isActive { count("gone") }
    guard let before else {
      if !change.ticks.isEmpty || change.state.decidedThrough != change.state.firstSeen
        || change.state.firstSeen != write.decidedAt
      {
        object("\(name) is seen for the first time, and something is decided")
      }
      return
    }
    if change.state.decidedThrough < before.decidedThrough { object("\(name): it goes backwards") }
    // The clock may be set back while a rollout is prepared that cannot be started then.
    if change.state.decidedThrough > max(before.decidedThrough, write.decidedAt),
      !change.ticks.contains(where: { $0.verdict.name == "failed-to-start" })
    {
      object("\(name): what is not due is decided")
    }
    for handled in change.handled where !answered.insert(handled).inserted {
      object("\(name): a trigger is answered twice")
    }
    let persons = change.ticks.count { $0.verdict.person != nil }
    if persons != change.handled.count { object("\(name): a trigger has no tick") }
    note(rolloutOf: change)
    guard let spec = spec(before.definition) else { return }
    let decision = WatchedDecision(
      change: change, before: before, spec: spec, decidedAt: write.decidedAt, term: term)
    for problem in decision.problems {
      object("\(name) v\(change.state.version) [\(before.definition)]: \(problem)")
    }
    note(ticksOf: change, decision)
  }

  /// The ledger was changed by a person.
  mutating func committed(_ change: LedgerChange, after before: ScheduleState) {
    let name = change.state.name
    if change.state.decidedThrough < before.decidedThrough { object("\(name): it goes backwards") }
    guard let spec = spec(before.definition) else { return }
    let decision = WatchedDecision(
      change: change, before: before, spec: spec,
      decidedAt: change.ticks.first?.decidedAt ?? change.state.decidedThrough,
      term: SimulatedDaemon.ActingTerm())
    for problem in decision.problems { object("\(name) by a person: \(problem)") }
    note(ticksOf: change, decision)
  }

  private mutating func note(rolloutOf change: LedgerChange) {
    guard let rollout = change.rollout else { return }
    if !started.insert(rollout).inserted { object("a rollout is started twice") }
    let named = change.ticks.filter { $0.verdict.isStart && $0.verdict.rollout == rollout }
    if named.isEmpty { object("a rollout is started for nothing") }
    if change.state.current?.rollout != rollout { object("a rollout is not in progress") }
  }

  /// Every due instant gets its verdict once.
  private mutating func note(ticksOf change: LedgerChange, _ decision: WatchedDecision) {
    let name = change.state.name
    for (instant, verdict) in decision.verdicts {
      if let other = verdicts[name, default: [:]].updateValue(verdict, forKey: instant) {
        object("\(name): \(instant.text) is \(other.name) and \(verdict.name)")
      }
    }
  }
}

extension TickVerdict {
  /// Whether a rollout was started.
  var isStart: Bool {
    switch self {
    case .ran, .caughtUp, .triggered: true
    case .skippedOverlap, .skippedWindow, .paused, .missed, .failedToStart: false
    }
  }
}

import Events
package import Operations

/// Decides about the due instants of all schedules: a value that performs nothing.
///
/// It knows no clock: the moments that it is given may jump either way. A tick with nothing due costs the
/// same however many schedules there are.
package struct Scheduler: Sendable {
  private enum Role: Sendable {
    case standingBy
    case acting(epoch: Int, since: Moment)
  }

  private let reading: @Sendable (String) -> Schedule?
  private var machines: [String: ScheduledRolloutMachine] = [:]
  private var deadlines = ScheduleDeadlines()
  private var role = Role.standingBy
  private var isDraining = false
  /// The latest moment that it was given, before the current one.
  private var clock = Moment(nanoseconds: .min)
  private var hasFiles = false
  /// The schedules for which triggers wait.
  private var triggered: Set<String> = []
  private var actions: [SchedulerAction] = []

  /// A scheduler that knows no schedule and does not act.
  ///
  /// `reading` makes a schedule of a definition in the ledger (`Schedule.text`); nil where that cannot be
  /// read any more.
  package init(reading: @escaping @Sendable (String) -> Schedule?) {
    self.reading = reading
  }

  /// When it wants a `tick`, or nil when it waits for something else.
  package var nextDeadline: Moment? { deadlines.next }

  /// Handles an input and returns what to do next, performing nothing.
  package mutating func apply(_ input: SchedulerInput, at now: Moment) -> [SchedulerAction] {
    follow(now)
    switch input {
    case .acting(let epoch, let states): act(epoch, on: states)
    case .standingBy: standBy()
    case .files(let files): see(files)
    case .ledger(let states, let triggers): see(states, triggers)
    case .committed(let name, let rollout): visit(name) { machine, _ in machine.committed(rollout) }
    case .refused(let name, let state): visit(name) { machine, _ in machine.refused(state) }
    case .notStarted(let name, let reason):
      visit(name) { machine, turn in machine.notStarted(reason, turn) }
    case .ended(let name, let rollout, let outcome):
      visit(name) { machine, _ in machine.ended(rollout, outcome) }
    case .tick: break
    case .drain:
      isDraining = true
      visitAll { _, _ in }
    }
    while let name = deadlines.popDue(at: now) { visit(name) { _, _ in } }
    defer { actions = [] }
    return actions
  }

  /// What the machines need to know; nil while another process acts.
  private var turn: SchedulerTurn? {
    guard case .acting(let epoch, let since) = role else { return nil }
    return SchedulerTurn(
      now: clock, epoch: epoch, since: since, isDraining: isDraining, reading: reading)
  }

  /// It is `now`, which is earlier than before when the clock was set back.
  private mutating func follow(_ now: Moment) {
    let isSetBack = now < clock
    clock = now
    guard isSetBack, case .acting(let epoch, let since) = role else { return }
    role = .acting(epoch: epoch, since: min(since, now))
    visitAll { machine, turn in
      if let turn { machine.rewind(turn) }
    }
  }
}

/// Inputs.
extension Scheduler {
  private mutating func act(_ epoch: Int, on states: [ScheduleState]) {
    guard !isDraining else { return }
    role = .acting(epoch: epoch, since: clock)
    triggered = []
    let known = Dictionary(states.map { ($0.name, $0) }) { first, _ in first }
    visitAll(and: known.keys) { machine, _ in machine.act(on: known[machine.name]) }
  }

  private mutating func standBy() {
    role = .standingBy
    triggered = []
    visitAll { machine, _ in machine.standBy() }
  }

  private mutating func see(_ files: [ScheduledFile]) {
    hasFiles = true
    let served = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
    visitAll(and: served.keys) { machine, turn in machine.see(served[machine.name], turn) }
  }

  private mutating func see(_ states: [ScheduleState], _ triggers: [ScheduleTrigger]) {
    guard case .acting = role else { return }
    for state in states { visit(state.name) { machine, _ in machine.see(state) } }
    let waiting = Dictionary(grouping: triggers, by: \.schedule)
    for name in triggered.union(waiting.keys).sorted() {
      visit(name) { machine, _ in machine.wait(for: waiting[name] ?? []) }
    }
    triggered = Set(waiting.keys)
  }
}

/// Machines.
extension Scheduler {
  private mutating func visitAll(
    and names: some Collection<String> = EmptyCollection(),
    _ body: (inout ScheduledRolloutMachine, SchedulerTurn?) -> Void
  ) {
    for name in Set(machines.keys).union(names).sorted() { visit(name, body) }
  }

  /// Lets a machine handle something, and decide what it can.
  private mutating func visit(
    _ name: String, _ body: (inout ScheduledRolloutMachine, SchedulerTurn?) -> Void
  ) {
    let unknown = ScheduledRolloutMachine(name, file: hasFiles ? .gone : .unknown)
    let answer = machines[name, default: unknown].handle(turn, body)
    actions += answer.actions
    deadlines.set(answer.deadline, for: name)
    if answer.isForgotten { machines[name] = nil }
  }
}

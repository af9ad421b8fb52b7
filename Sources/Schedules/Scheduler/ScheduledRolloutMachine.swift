import Events
import Operations

/// Every rule of one schedule, as a value: what is decided about its due instants, and when its rollout starts.
///
/// What must survive a crash is `state`, as the ledger has it. Nothing is decided but by a change of the
/// ledger, and one change at most is on its way: what comes meanwhile waits.
struct ScheduledRolloutMachine: Sendable {
  /// Why a rollout could not be started whose file is gone.
  static let goneReason = "the rollout file is no longer served"

  /// What is on its way. Exits: `idle` → `committing` or `starting`; both → `idle` with their answer, or
  /// `abandoned` when another process acts; `abandoned` → `idle` with the answer.
  enum Phase: Sendable, Hashable {
    case idle
    case committing(LedgerChange)
    case starting(ScheduledStart)
    /// What was on its way when another process took over; the answer says nothing any more.
    case abandoned
  }

  /// The rollout of `state.current`. Exits: `none` → `interrupted` or `inProgress`; `interrupted` →
  /// `inProgress` or `none`; `inProgress` → `ended`; `ended` → `none` once that is recorded.
  enum Progress: Sendable, Hashable {
    case none
    /// It leaves no record, and the process that did it is gone: it is done again.
    case interrupted
    case inProgress(isCancelled: Bool)
    /// It ended, which is not recorded yet.
    case ended(Outcome)
  }

  /// The rollout file.
  enum File: Sendable, Hashable {
    /// The files were not read yet.
    case unknown
    case gone
    /// It is there, and nobody knows what it says.
    case unreadable
    case readable(Served)

    struct Served: Sendable, Hashable {
      let path: String
      let schedule: Schedule
      /// The schedule as text, with which the ledger's definition is compared.
      let definition: String
      let leavesRecord: Bool
    }
  }

  /// The schedule of `state.definition`, which decides.
  enum Definition: Sendable, Hashable {
    case unread
    case unreadable
    case readable(Schedule)
  }

  let name: String
  private(set) var file: File
  /// What the ledger holds; nil while it does not know the schedule, and while another process acts.
  private(set) var state: ScheduleState?
  /// What the ledger holds after a change of which it is not known yet whose it is.
  private var newerState: ScheduleState?
  var phase = Phase.idle
  var progress = Progress.none
  private var definition = Definition.unread
  var instants = NoticedInstants()
  /// Up to when `definition` decides: it was noticed then that the file says otherwise, or is gone.
  private(set) var changeover: Moment?
  private(set) var triggers = WaitingTriggers()
  var actions: [SchedulerAction] = []

  /// The schedule of the rollout `name`, of which nothing is known.
  init(_ name: String, file: File) {
    self.name = name
    self.file = file
  }

  /// What follows from an input.
  struct Answer: Sendable, Hashable {
    let actions: [SchedulerAction]
    /// When a tick is wanted, which is later than now; nil while something else is waited for.
    let deadline: Moment?
    /// Whether nothing is known of the schedule any more.
    let isForgotten: Bool
  }

  /// Handles an input, and decides what can be decided now; `turn` is nil while another process acts.
  mutating func handle(
    _ turn: SchedulerTurn?,
    _ input: (inout ScheduledRolloutMachine, SchedulerTurn?) -> Void
  ) -> Answer {
    input(&self, turn)
    if let turn { advance(turn) }
    defer { actions = [] }
    return Answer(actions: actions, deadline: deadline(turn), isForgotten: isForgotten)
  }
}

extension ScheduledRolloutMachine.File {
  init(_ seen: ScheduledFile?) {
    guard let seen else {
      self = .gone
      return
    }
    guard let schedule = seen.schedule else {
      self = .unreadable
      return
    }
    self = .readable(
      Served(
        path: seen.file, schedule: schedule, definition: schedule.text,
        leavesRecord: seen.leavesRecord))
  }

  /// Whether it is as it was seen, which is known without making the schedule a text.
  func isOf(_ seen: ScheduledFile?) -> Bool {
    switch self {
    case .unknown: false
    case .gone: seen == nil
    case .unreadable: seen != nil && seen?.schedule == nil
    case .readable(let served):
      seen?.schedule == served.schedule && seen?.file == served.path
        && seen?.leavesRecord == served.leavesRecord
    }
  }
}

/// What others see.
extension ScheduledRolloutMachine {
  private var isForgotten: Bool {
    state == nil && phase == .idle && (file == .gone || file == .unknown)
  }

  private func deadline(_ turn: SchedulerTurn?) -> Moment? {
    guard let turn, !turn.isDraining, let state, state.isActive, case .readable = file else {
      return nil
    }
    guard state.current == nil, let queued = state.queued, queued > turn.now else {
      return instants.next?.start
    }
    return min(queued, instants.next?.start ?? queued)
  }

  /// The schedule that decides, and for which rollout.
  var jittered: JitteredSchedule? {
    guard case .readable(let schedule) = definition else { return nil }
    return JitteredSchedule(schedule: schedule, name: name)
  }

  /// The definition in force, which is read when it is needed first.
  mutating func readDefinition(_ turn: SchedulerTurn) -> Definition {
    guard definition == .unread, let state else { return definition }
    if case .readable(let served) = file, served.definition == state.definition {
      definition = .readable(served.schedule)
    } else if let schedule = turn.reading(state.definition) {
      definition = .readable(schedule)
    } else {
      definition = .unreadable
      actions.append(.unreadable(schedule: name, definition: state.definition))
    }
    if let jittered { instants.restart(after: state.decidedThrough, by: jittered) }
    return definition
  }
}

/// Inputs about the process.
extension ScheduledRolloutMachine {
  /// The process acts from now on, and the ledger is in this state.
  mutating func act(on state: ScheduleState?) {
    standBy()
    follow(state)
  }

  /// Another process acts from now on.
  mutating func standBy() {
    if phase != .idle { phase = .abandoned }
    state = nil
    newerState = nil
    progress = .none
    definition = .unread
    instants = NoticedInstants()
    changeover = nil
    triggers.set([])
  }

  /// The file is like this from now on; nil for one that is gone.
  mutating func see(_ seen: ScheduledFile?, _ turn: SchedulerTurn?) {
    guard !file.isOf(seen) else { return }
    file = File(seen)
    // The same definition may mean other instants, by a newer database of time zones.
    if case .readable(let served) = file, served.definition == state?.definition,
      definition != .readable(served.schedule)
    {
      definition = .unread
    }
    guard let turn, changeover != nil else { return }
    changeover = nil
    noticeAnew(turn)
  }

  /// The clock was set back.
  mutating func rewind(_ turn: SchedulerTurn) {
    if let end = changeover { changeover = min(end, turn.now) }
    if changeover != nil || !instants.spans.isEmpty { noticeAnew(turn) }
  }

  private mutating func noticeAnew(_ turn: SchedulerTurn) {
    guard let state, let jittered else { return }
    instants.rewind(to: turn.now, after: state.decidedThrough, by: jittered)
  }

  /// Notes when it is noticed that the file says otherwise than the ledger.
  mutating func noteChangeover(at now: Moment) {
    let differs =
      switch file {
      case .unknown, .unreadable: false
      case .gone: true
      case .readable(let served): served.definition != state?.definition
      }
    changeover = differs && state?.isActive ?? false ? changeover ?? now : nil
  }
}

/// Inputs about the ledger.
extension ScheduledRolloutMachine {
  /// The ledger is in this state, by a page of it.
  mutating func see(_ seen: ScheduleState) {
    guard seen.version > max(state?.version ?? 0, newerState?.version ?? 0) else { return }
    newerState = seen
    if phase == .idle { takeNewerState() }
  }

  /// These triggers wait.
  mutating func wait(for triggers: [ScheduleTrigger]) { self.triggers.set(triggers) }

  /// What is on its way is durable; of a start, with this rollout.
  mutating func committed(_ rollout: RunID?) {
    switch phase {
    case .idle: break
    case .abandoned: phase = .idle
    case .committing(let change): recorded(change)
    case .starting(let start):
      progress = .inProgress(isCancelled: false)
      recorded(start.change(starting: rollout))
    }
  }

  private mutating func recorded(_ change: LedgerChange) {
    phase = .idle
    triggers.answer(change.handled)
    if !change.ticks.isEmpty { actions.append(.decided(schedule: name, change.ticks)) }
    set(change.state)
    takeNewerState()
  }

  /// What is on its way was refused, since the ledger is in this state.
  mutating func refused(_ actual: ScheduleState?) {
    switch phase {
    case .idle: return
    case .abandoned: return phase = .idle
    case .committing(let change): triggers.doubt(change.handled)
    case .starting(let start): triggers.doubt(start.template.handled)
    }
    phase = .idle
    follow(actual)
    takeNewerState()
  }

  private mutating func takeNewerState() {
    guard let newer = newerState else { return }
    newerState = nil
    if newer.version > state?.version ?? 0 { follow(newer) }
  }

  /// The ledger is in this state, which may be unexpected.
  private mutating func follow(_ new: ScheduleState?) {
    let old = state
    set(new)
    guard let current = new?.current, current != old?.current else { return }
    if let rollout = current.rollout {
      progress = .inProgress(isCancelled: false)
      actions.append(.resume(schedule: name, rollout))
    } else {
      progress = .interrupted
    }
  }

  private mutating func set(_ new: ScheduleState?) {
    if let state, state.pause != new?.pause {
      actions.append(.pauseChanged(schedule: name, new?.pause))
    }
    if state?.definition != new?.definition { definition = .unread }
    state = new
    guard let new else { return progress = .none }
    instants.forget(through: new.decidedThrough)
    if new.current == nil { progress = .none }
  }
}

/// Inputs about rollouts.
extension ScheduledRolloutMachine {
  /// The rollout of the start that is on its way could not be started.
  mutating func notStarted(_ reason: String, _ turn: SchedulerTurn?) {
    if phase == .abandoned { phase = .idle }
    guard case .starting(let start) = phase else { return }
    phase = .idle
    // The next process decides anew about what was given up because this one is about to stop.
    guard let turn, !turn.isDraining else { return }
    guard !start.template.ticks.isEmpty else { return progress = .ended(.failed) }
    var change = start.change(starting: nil)
    change.state.current = nil
    for index in change.ticks.indices {
      switch change.ticks[index].verdict {
      case .ran, .caughtUp: change.ticks[index].verdict = .failedToStart(reason: reason)
      case .triggered(_, let person):
        change.ticks[index].verdict = .failedToStart(reason: reason, by: person)
      case .skippedOverlap, .skippedWindow, .paused, .missed, .failedToStart: break
      }
    }
    pause(&change.state, after: .failed, of: nil, turn)
    commit(change)
  }

  /// The rollout of the schedule has ended.
  mutating func ended(_ rollout: RunID?, _ outcome: Outcome) {
    guard case .inProgress = progress, state?.current?.rollout == rollout else { return }
    progress = .ended(outcome)
  }
}

import Events
import Operations

/// Every rule of one schedule, as a value: what is decided about its due instants, and when its rollout starts.
///
/// What must survive a crash is `state`, as the ledger has it. Nothing is decided but by a change of the
/// ledger, and one change at most is on its way: what comes meanwhile waits.
struct ScheduledRolloutMachine: Sendable {
  let name: String
  var file: File
  /// What the ledger holds; nil while it does not know the schedule, and while another process acts.
  var state: ScheduleState?
  /// What the ledger holds by a page of it, while it is not known whose change that shows.
  var newerState: ScheduleState?
  var phase = Phase.idle
  var progress = Progress.none
  var definition = Definition.unread
  var instants = NoticedInstants()
  var triggers = WaitingTriggers()
  /// Whether the ledger was in `state` just now, under the lease: a change of it was recorded.
  var isConfirmed = false
  var actions: [SchedulerAction] = []

  /// The schedule of the rollout `name`, of which nothing else is known.
  init(_ name: String, file: File) {
    self.name = name
    self.file = file
  }

  /// What is on its way.
  ///
  /// Exits: `idle` → `committing` or `starting`; both → `idle` with their answer, or `abandoned` when another
  /// process acts; `abandoned` → `idle` with the answer.
  enum Phase: Sendable, Hashable {
    case idle
    case committing(LedgerChange)
    case starting(ScheduledStart)
    /// What was on its way when another process took over; the answer says nothing any more.
    case abandoned
  }

  /// How the rollout of `state.current` stands.
  ///
  /// Exits: `none` → `interrupted` or `inProgress`; `interrupted` → `inProgress` or `none`; `inProgress` →
  /// `ended`; `ended` → `none` once that is recorded.
  enum Progress: Sendable, Hashable {
    case none
    /// It leaves no record, and the process that did it is gone: it is done again.
    case interrupted
    case inProgress(Cancellation)
    /// It ended, which is not recorded yet.
    case ended(Outcome)
  }

  /// Whether the rollout in progress is cancelled.
  ///
  /// Exits: `none` → `wanted` or `requested`; `wanted` → `requested`, or `none` when the schedule is paused.
  enum Cancellation: Sendable, Hashable {
    case none
    /// An instant that is on time waits behind late ones.
    case wanted
    case requested
  }

  /// The schedule of `state.definition`, which decides.
  enum Definition: Sendable, Hashable {
    case unread
    case unreadable
    case readable(Schedule)
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
    defer {
      actions = []
      isConfirmed = false
    }
    return Answer(actions: actions, deadline: deadline(turn), isForgotten: isForgotten)
  }
}

extension ScheduledRolloutMachine {
  private var isForgotten: Bool {
    state == nil && phase == .idle && (file == .gone || file == .unknown)
  }

  private func deadline(_ turn: SchedulerTurn?) -> Moment? {
    guard let turn, !turn.isDraining, let state, state.isActive, case .readable = file,
      jittered != nil
    else { return nil }
    // After the clock was set back, what is queued is not due yet.
    let queued = state.current == nil ? state.queued : nil
    return [queued, instants.next?.start].compactMap { $0 }.filter { $0 > turn.now }.min()
  }

  /// The schedule that decides, and for which rollout.
  var jittered: JitteredSchedule? {
    guard case .readable(let schedule) = definition else { return nil }
    return JitteredSchedule(schedule: schedule, name: name)
  }

  /// Reads the schedule that decides, if that was not done yet; nil when it cannot be read any more.
  mutating func readDefinition(_ turn: SchedulerTurn) -> Schedule? {
    if definition == .unread, let state {
      if case .readable(let served) = file, served.definition == state.definition {
        definition = .readable(served.schedule)
      } else if let schedule = turn.reading(state.definition) {
        definition = .readable(schedule)
      } else {
        definition = .unreadable
        actions.append(.unreadable(schedule: name, definition: state.definition))
      }
      if let jittered { instants.restart(after: state.decidedThrough, by: jittered) }
    }
    return jittered?.schedule
  }
}

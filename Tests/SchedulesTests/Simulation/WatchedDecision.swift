import Events
import Operations
import Schedules

/// What one change of the ledger decides, compared with the rules.
struct WatchedDecision {
  let change: LedgerChange
  let before: ScheduleState
  let spec: ScheduleSpec
  /// When it was decided, by the clock on the wall.
  let decidedAt: Moment
  let term: SimulatedDaemon.ActingTerm

  private var schedule: Schedule { spec.schedule }
  private var after: ScheduleState { change.state }
  private var newlyQueued: Moment? { after.queued == before.queued ? nil : after.queued }

  /// The due instants with a verdict.
  var verdicts: [(Moment, TickVerdict)] {
    change.ticks.filter { $0.verdict.person == nil }.flatMap { tick in
      tick.count == 1
        ? [(tick.due, tick.verdict)]
        : spec.instants(after: Moment(nanoseconds: tick.due.nanoseconds - 1), through: tick.through)
          .map { ($0, tick.verdict) }
    }
  }

  /// What is wrong.
  var problems: [String] {
    coverage + starts + change.ticks.compactMap { problem(of: $0) } + queue + catchUp
  }

  /// Every due instant that is passed over has a verdict, but for one that is queued.
  private var coverage: [String] {
    var found = verdicts.map(\.0)
    for tick in change.ticks where tick.verdict.person == nil && tick.count > 1 {
      let count = found.count { tick.due <= $0 && $0 <= tick.through }
      if count != tick.count { return ["a tick stands for \(count) instants, not \(tick.count)"] }
    }
    found += [newlyQueued].compactMap { $0 }
    if let queued = before.queued, after.queued != queued {
      guard let index = found.firstIndex(of: queued) else {
        return ["what was queued is forgotten"]
      }
      found.remove(at: index)
    }
    let due =
      before.isActive
      ? spec.instants(after: before.decidedThrough, through: after.decidedThrough) : []
    return found.sorted() == due ? [] : ["\(found.map(\.text)) is decided, not \(due.map(\.text))"]
  }

  private var starts: [String] {
    let starting = change.ticks.filter(\.verdict.isStart)
    guard !starting.isEmpty else { return [] }
    var problems: [String] = []
    if before.current != nil { problems.append("it starts while a rollout is in progress") }
    if after.current == nil { problems.append("what starts is not in progress") }
    if starting.contains(where: { $0.verdict.person == nil }) {
      if before.pause != nil { problems.append("it starts while it is paused") }
      if !before.isActive { problems.append("it starts although its file is gone") }
    }
    let kinds = Set(starting.map(\.verdict.name))
    if kinds.count > 1 || (starting.count > 1 && kinds != ["caught-up"]) {
      problems.append("a rollout is started for several reasons")
    }
    return problems
  }

  private func problem(of tick: Tick) -> String? {
    // What could not be started was decided before, and the clock may have been set back since.
    let isFailure = change.ticks.contains { $0.verdict.name == "failed-to-start" }
    let now = isFailure ? tick.decidedAt : decidedAt
    let isOverdue = schedule.window.map { now > tick.due + $0 } ?? false
    let text = "\(tick.verdict.name) \(tick.due.text) at \(now.text)"
    let isFine =
      switch tick.verdict {
      case .ran:
        !isOverdue && tick.count == 1 && tick.due <= now
          && (tick.due == before.queued || wasOnTime(tick.due))
      case .caughtUp: !isOverdue && schedule.catchUp != .none && tick.through <= now
      case .triggered: true
      case .skippedOverlap(let rollout):
        before.current.map { $0.rollout == rollout } ?? false && wasOnTime(tick.due)
          && (schedule.overlap == .skip || after.queued != nil)
      case .skippedWindow: schedule.window.map { now > tick.through + $0 } ?? false
      case .paused: before.pause != nil
      case .missed: isMissed(tick)
      case .failedToStart: before.current == nil || !after.isActive
      }
    return isFine && tick.decidedAt == now ? nil : text
  }

  private func isMissed(_ tick: Tick) -> Bool {
    switch schedule.catchUp {
    case .one: false
    case .none: !isExact || !wasOnTime(tick.due)
    case .all: spec.instants(after: tick.through, through: tick.decidedAt).count >= 1000
    }
  }

  private var queue: [String] {
    guard let queued = newlyQueued else { return [] }
    let isFine =
      before.queued == nil && schedule.overlap != .skip && before.current != nil
      && before.pause == nil && wasOnTime(queued)
    return isFine ? [] : ["it is queued"]
  }

  private var catchUp: [String] {
    let caught = change.ticks.filter { $0.verdict.name == "caught-up" }
    guard let first = caught.first else { return [] }
    var problems: [String] = []
    if schedule.catchUp == .all, caught.count != 1 || first.count != 1 {
      problems.append("several instants are caught up with one rollout")
    }
    // What is on time is caught up only behind what is late.
    if schedule.catchUp == .one, schedule.window == nil, isExact, wasOnTime(first.due) {
      problems.append("\(first.due.text) was on time")
    }
    return problems
  }

  /// Whether it can be known from outside when an instant was noticed.
  private var isExact: Bool { schedule.jitter == .zero && !term.wasSetBack }

  /// Whether the process looked at the schedule when the instant was due, or shortly after.
  private func wasOnTime(_ due: Moment) -> Bool {
    let latest = due + schedule.jitter
    return term.since <= latest
      && term.looked(at: before.name, from: due, through: latest + .seconds(30))
  }
}

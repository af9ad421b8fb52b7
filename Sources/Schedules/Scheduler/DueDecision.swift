import Events
import Operations

/// What one change of the ledger decides about noticed instants: in the order in which they are due, until
/// one needs a rollout, or has to wait.
struct DueDecision: Sendable, Hashable {
  /// Where a rollout would start.
  enum Place: Sendable, Hashable {
    case free
    /// This rollout is in progress; nil where it leaves no record.
    case taken(by: RunID?)
    /// Its file is gone: nothing can start, and nothing waits.
    case gone
  }

  let schedule: Schedule
  let pause: SchedulePause?
  let place: Place
  let now: Moment
  private(set) var decidedThrough: Moment
  private(set) var queued: Moment?
  private(set) var ticks: [Tick] = []
  /// The due instant that a rollout starts for.
  private(set) var start: Moment?
  /// Whether all that is not decided counts as late, since it waits for instants that are.
  private(set) var delays = false

  /// Nothing is decided yet of what is due after `state.decidedThrough`.
  init(_ schedule: Schedule, _ state: ScheduleState, place: Place, at now: Moment) {
    self.schedule = schedule
    self.place = place
    self.now = now
    pause = state.pause
    decidedThrough = state.decidedThrough
    queued = state.queued
  }

  /// Decides about `spans`, which go on from what is decided.
  mutating func decide(_ spans: [NoticedInstants.Span]) {
    for span in spans {
      // What waits for late instants is caught up with them.
      let end = span.timing == .late ? spans[spans.count - 1].through : span.through
      if !decide(span, withFollowing: end) { return }
    }
  }

  /// Whether all of the span is decided.
  private mutating func decide(
    _ span: NoticedInstants.Span, withFollowing end: Moment
  ) -> Bool {
    let pausedFrom = pause?.since ?? Moment(nanoseconds: .max)
    let unpaused = min(span.through, pausedFrom.before)
    if let window = schedule.window {
      close(through: min(unpaused, (now - window).before), .skippedWindow)
    }
    if hasInstants(through: unpaused) {
      switch span.timing {
      case .late:
        guard decideLate(through: unpaused, withFollowing: end) else { return false }
      case .onTime:
        guard decideOnTime(through: unpaused) else { return false }
      }
    }
    if pause != nil { close(through: span.through, .paused) }
    return true
  }

  private func hasInstants(through end: Moment) -> Bool {
    decidedThrough < end && schedule.next(after: decidedThrough).map { $0.at <= end } ?? false
  }

  /// All instants up to `end` have this verdict.
  private mutating func close(through end: Moment, _ verdict: TickVerdict) {
    guard decidedThrough < end else { return }
    add(schedule.instants(after: decidedThrough, through: end), verdict)
  }

  private mutating func add(_ instants: DueInstants, _ verdict: TickVerdict) {
    if let earlier = instants.earlier {
      ticks.append(
        Tick(
          due: earlier.first, through: earlier.last, count: earlier.count, verdict,
          decidedAt: now))
    }
    ticks += instants.latest.map { Tick(due: $0, verdict, decidedAt: now) }
    decidedThrough = instants.latest.last ?? instants.earlier?.last ?? decidedThrough
  }

  /// Why nothing starts although it could, as a verdict.
  private var refusal: TickVerdict? {
    if place == .gone { return .failedToStart(reason: ScheduledRolloutMachine.goneReason) }
    return pause == nil ? nil : .paused
  }
}

/// Instants that are late.
extension DueDecision {
  private mutating func decideLate(through end: Moment, withFollowing last: Moment) -> Bool {
    switch schedule.catchUp {
    case .none: close(through: end, .missed)
    case .one, .all:
      guard refusal == nil else {
        close(through: end, refusal ?? .paused)
        return true
      }
      delays = true
      if schedule.catchUp == .one { catchUpOnce(through: last) } else { catchUp(through: last) }
      return false
    }
    return true
  }

  private mutating func catchUpOnce(through end: Moment) {
    guard place == .free else { return }
    close(through: end, .caughtUp(nil))
    start = decidedThrough
  }

  private mutating func catchUp(through end: Moment) {
    let instants = schedule.instants(after: decidedThrough, through: end)
    if let earlier = instants.earlier { add(DueInstants(earlier: earlier), .missed) }
    guard place == .free, let first = instants.latest.first else { return }
    add(DueInstants(latest: [first]), .caughtUp(nil))
    start = first
  }
}

/// Instants that are on time.
extension DueDecision {
  private mutating func decideOnTime(through end: Moment) -> Bool {
    switch place {
    case .free:
      guard refusal == nil, let first = schedule.next(after: decidedThrough)?.at else { break }
      add(DueInstants(latest: [first]), .ran(nil))
      start = first
      return false
    case .taken(let current):
      switch schedule.overlap {
      case .skip: close(through: end, .skippedOverlap(current))
      case .queue, .cancel:
        guard refusal == nil else { break }
        if queued == nil, let first = schedule.next(after: decidedThrough)?.at {
          queued = first
          decidedThrough = first
        }
        close(through: end, .skippedOverlap(current))
      }
    case .gone: break
    }
    close(through: end, refusal ?? .paused)
    return true
  }
}

import Operations

/// The due instants of one schedule that were noticed and are not decided, and the one that comes next.
///
/// They are known by spans, of which each goes on from the one before, the first from the latest decided
/// instant: what may be millions of instants costs as little as one.
struct NoticedInstants: Sendable, Hashable {
  /// How long after its start an instant may be noticed and still be on time.
  static let tolerance = Duration.seconds(30)

  /// When the instants of a span were noticed.
  enum Timing: Sendable, Hashable {
    /// When they were due, or shortly after.
    case onTime
    /// Later: no process acted at that time, or it did not run.
    case late
  }

  /// Instants in a row.
  struct Span: Sendable, Hashable {
    /// No instant of it is due after this one.
    var through: Moment
    var timing: Timing
  }

  /// In the order in which they are due; neighbours differ in `timing`.
  private(set) var spans: [Span] = []
  /// The first instant that is not noticed; nil when there is none.
  private(set) var next: JitteredSchedule.Coming?
  /// The latest instant that may be due: another definition counts from then on, or none; nil for no end.
  var end: Moment?

  /// Nothing due after `decided` is noticed.
  mutating func restart(after decided: Moment, by schedule: JitteredSchedule) {
    spans = []
    next = schedule.first(after: decided)
  }

  /// Notices the instants whose rollouts start up to `now`.
  ///
  /// Those that start before `since`, when the process began to act, are late. With an end, all instants due up to it are noticed, however long their start is delayed.
  mutating func notice(at now: Moment, since: Moment, by schedule: JitteredSchedule) {
    guard let first = next else { return }
    guard end.map({ first.due <= $0 }) ?? (first.start <= now) else {
      if end != nil { next = nil }
      return
    }
    let decided = first.due.before
    next = end == nil ? schedule.first(after: decided, startingFrom: now.after) : nil
    let through = end ?? next?.due.before ?? max(now, first.due)
    let punctual = schedule.first(
      after: decided, startingFrom: max(since, now - Self.tolerance))
    guard let punctual, punctual.due <= through else { return add(.late, through: through) }
    if punctual.due > first.due { add(.late, through: punctual.due.before) }
    add(.onTime, through: through)
  }

  private mutating func add(_ timing: Timing, through moment: Moment) {
    if let last = spans.last, last.timing == timing {
      spans[spans.count - 1].through = moment
    } else {
      spans.append(Span(through: moment, timing: timing))
    }
  }

  /// The clock was set back to `now`, or the end is another: what starts after `now` is not noticed any more.
  mutating func rewind(to now: Moment, after decided: Moment, by schedule: JitteredSchedule) {
    let coming = schedule.first(after: decided, startingFrom: now.after)
    while let coming, let last = spans.last, last.through >= coming.due {
      let start = spans.count > 1 ? spans[spans.count - 2].through : decided
      if start < coming.due.before {
        spans[spans.count - 1].through = coming.due.before
      } else {
        spans.removeLast()
      }
    }
    next = schedule.first(after: max(decided, spans.last?.through ?? decided))
  }

  /// All of them are late: those that were on time wait for late ones.
  mutating func delay() {
    guard let last = spans.last else { return }
    spans = [Span(through: last.through, timing: .late)]
  }

  /// Forgets those that are decided.
  mutating func forget(through decided: Moment) {
    while let first = spans.first, first.through <= decided { spans.removeFirst() }
  }
}

extension Moment {
  /// The earliest instant after this one.
  var after: Moment { self + .nanoseconds(1) }
}

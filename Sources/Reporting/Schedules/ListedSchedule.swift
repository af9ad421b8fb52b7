package import Events
package import Operations
package import Schedules

/// A schedule in a list.
package struct ListedSchedule: Sendable, Hashable {
  /// Where it stands.
  enum Standing: String, Sendable, Hashable {
    /// Its rollouts are started when they are due.
    case active
    /// No rollout is started when one is due.
    case paused
    /// A rollout that it started is in progress.
    case running
    /// Its file is not among those that are served, so that nothing is due.
    case notServed = "not-served"

    var words: String { self == .notServed ? "not served" : rawValue }
  }

  /// What only people bring further: what a rollout in progress waits for.
  package enum Wait: Sendable, Hashable {
    /// The approval to go on after that stage, which is asked for since then.
    case approval(stage: Int, since: Moment)
    /// Decisions on steps in the runs of that many tenants; nothing else is left.
    case decisions(tenants: Int)
  }

  /// What the ledger holds of it.
  package var state: ScheduleState
  /// Its definition; nil where this program, or the time zones of this machine, cannot read it.
  package var schedule: Schedule?
  /// The tick that was decided last; nil before the first.
  package var latest: Tick?
  /// How many requests to start a rollout now wait for an answer.
  package var triggers: Int
  /// What its rollout in progress waits for; nil where people need not do anything.
  package var wait: Wait?

  /// The schedule in `state`, whose definition is `schedule`.
  package init(
    _ state: ScheduleState, _ schedule: Schedule?, latest: Tick? = nil, triggers: Int = 0,
    wait: Wait? = nil
  ) {
    self.state = state
    self.schedule = schedule
    self.latest = latest
    self.triggers = triggers
    self.wait = wait
  }

  var standing: Standing {
    if !state.isActive { return .notServed }
    if state.pause != nil { return .paused }
    return state.current == nil ? .active : .running
  }

  /// The first instant that is due after `now`; nil where there is none, or it is not known.
  func next(after now: Moment) -> DueInstant? {
    guard state.isActive else { return nil }
    return schedule?.next(after: max(now, state.decidedThrough))
  }

  /// The instants at or before `now` that have no verdict; nil where there are none.
  ///
  /// A process that acts on the schedule decides about one within a second of its start.
  func undecided(at now: Moment) -> DueInstants.Range? {
    guard state.isActive, let schedule else { return nil }
    let end = now + (.zero - schedule.jitter)
    guard state.decidedThrough < end else { return nil }
    return schedule.instants(after: state.decidedThrough, through: end).whole
  }

  /// What there is to say besides its standing, each a few words.
  func notes(at now: Moment) -> [String] {
    var notes: [String] = []
    if let pause = state.pause { notes.append(pause.text) }
    if let current = state.current {
      let rollout = current.rollout.map { "rollout \($0)" } ?? "a rollout without a record"
      notes.append("\(rollout) runs for \(current.due.listText)")
      if let wait { notes.append(wait.text) }
    }
    if let queued = state.queued { notes.append("\(queued.listText) is queued") }
    if triggers > 0 {
      notes.append("\(triggers) \(triggers == 1 ? "trigger waits" : "triggers wait")")
    }
    if let undecided = undecided(at: now) {
      let count = undecided.count
      notes.append(
        "\(count) \(count == 1 ? "instant" : "instants") due since \(undecided.first.listText) "
          + "\(count == 1 ? "has" : "have") no verdict yet")
    }
    if state.isActive, state.isDecidedAhead(of: now) {
      notes.append("nothing is due before \(state.decidedThrough.listText): a clock was ahead")
    }
    if schedule == nil { notes.append("its definition cannot be read here") }
    return notes
  }
}

extension ListedSchedule.Wait {
  /// Such as `it waits for an approval after stage 1 since 2027-03-01 10:00:00Z`.
  fileprivate var text: String {
    switch self {
    case .approval(let stage, let since):
      "it waits for an approval after stage \(stage) since \(since.listText)"
    case .decisions(let tenants):
      "it waits for decisions on \(tenants == 1 ? "1 tenant" : "\(tenants) tenants")"
    }
  }

  /// The same for programs.
  var json: EncodedJSON {
    switch self {
    case .approval(let stage, let since):
      .object([
        "kind": .text("approval"), "stage": .count(stage), "since": .instant(since),
      ])
    case .decisions(let tenants):
      .object(["kind": .text("decisions"), "tenants": .count(tenants)])
    }
  }
}

extension DueInstants {
  /// All of them as one range; nil when there are none.
  var whole: Range? {
    guard let first = earlier?.first ?? latest.first, let last = latest.last ?? earlier?.last else {
      return nil
    }
    return Range(first: first, last: last, count: count)
  }
}

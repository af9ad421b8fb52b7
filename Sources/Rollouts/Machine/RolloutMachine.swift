package import Events
package import Operations

/// Every rule of a rollout, as a value: it receives inputs and returns actions.
///
/// It decides which tenant begins when, and never what a tenant's run does. It performs nothing and knows
/// no clock, no randomness and no task. What must survive a crash is `state`, the fold of the events it
/// recorded and of how the tenants' runs stand; all else is built anew when a rollout is continued.
package struct RolloutMachine: Sendable {
  /// What it keeps to.
  package let limits: RolloutLimits
  /// How the rollout stands.
  package internal(set) var state: RolloutState
  var queue = TenantQueue()
  var pacing: StartPacing
  private var beginning: Beginning?
  private(set) var now = Moment(nanoseconds: .min)
  var actions: [RolloutAction] = []

  /// What the first input begins.
  private enum Beginning: Sendable {
    case new(RolloutStart)
    case continuation([RunEvent], [TenantStanding], RolloutResumption)
  }

  /// A rollout that has not begun.
  package init(start: RolloutStart, limits: RolloutLimits) {
    self.limits = limits
    state = RolloutState(tenantCount: start.tenantCount)
    pacing = StartPacing(pace: limits.pace)
    beginning = .new(start)
  }

  /// A rollout that is continued after `events`, all that are recorded of it; nil when they do not begin as
  /// a rollout does.
  ///
  /// `standings` are the tenants that have a run, as they stand after the last of the events.
  package init?(
    resuming events: [RunEvent], limits: RolloutLimits, tenants standings: [TenantStanding],
    as resumption: RolloutResumption
  ) {
    guard case .rollout(.started(let start))? = events.first?.kind else { return nil }
    self.limits = limits
    state = RolloutState(
      tenantCount: start.tenantCount, after: events, standings: standings, retry: limits.retry)
    pacing = StartPacing(pace: limits.pace)
    beginning = .continuation(events, standings, resumption)
    now = max(events.last?.at ?? now, standings.map(\.latestAt).max() ?? now)
  }

  /// Handles one input and returns what to do next, performing nothing.
  package mutating func apply(_ input: RolloutInput, at moment: Moment) -> [RolloutAction] {
    now = max(now, moment)
    if case .start = input {
      begin()
    } else if beginning == nil, state.result == nil {
      handle(input)
    }
    if beginning == nil, state.result == nil { work() }
    defer { actions = [] }
    return actions
  }
}

/// What others see.
extension RolloutMachine {
  /// How many tenants are in which state.
  package var counts: TenantCounts { state.tenants.counts }
  /// The positions of the tenants that hold a slot.
  package var activeTenants: [Int] { queue.active }
  /// How many tenants wait until another run gives up a lock.
  package var blockedCount: Int { queue.blockedCount }
  /// Whether a person is asked about the next stage.
  package var awaitsApproval: Bool { state.stop == nil && state.stage.gate == .requested }

  /// Whether nothing but a person brings the rollout any further.
  package var waitsForPeopleOnly: Bool {
    beginning == nil && state.result == nil && state.stop == nil && queue.activeCount == 0
      && queue.interrupted.isEmpty && (state.isPaused || awaitsApproval)
  }

  /// When the machine wants a `tick`, or nil when it waits for something else.
  package var nextDeadline: Moment? {
    mutating get {
      guard beginning == nil, state.result == nil else { return nil }
      var moments = [queue.nextPauseEnd, deadline]
      if state.stage.isProved, state.stop == nil { moments.append(state.stage.bakeEnd) }
      if mightStart, !pacing.mayStart(at: now) { moments.append(pacing.next(after: now)) }
      return moments.compactMap { $0 }.filter { $0 > now }.min()
    }
  }

  /// When the time for the rollout is over; nil when that stops nothing any more.
  var deadline: Moment? {
    guard let limit = limits.deadline, state.stop == nil, counts.unsettled > 0 else { return nil }
    return (state.times.reopenedAt ?? state.times.startedAt).map { $0 + limit }
  }
}

/// Inputs.
extension RolloutMachine {
  private mutating func begin() {
    guard let beginning else { return }
    self.beginning = nil
    switch beginning {
    case .new(let start): record(.started(start))
    case .continuation(let events, let standings, let resumption):
      let event = RunEvent(
        sequence: state.nextSequence, at: now, kind: .rollout(.resumed(resumption)))
      actions.append(.record(event))
      state = RolloutState(
        tenantCount: state.tenants.counts.total, after: events + [event], standings: standings,
        retry: limits.retry)
      takeUp(standings)
    }
  }

  private mutating func handle(_ input: RolloutInput) {
    switch input {
    case .start, .tick: break
    case .tenantBegan(let index, let run): queue.began(index, as: run)
    case .tenantEnded(let index, let state): ended(index, state)
    case .tenantBlocked(let index, _): blocked(index)
    case .tenantNotStarted(let index): notStarted(index)
    case .tenantRefused(let refusal): refused(refusal)
    case .decide(let decision):
      if awaitsApproval { record(.approvalDecided(stage: state.stage.number, decision)) }
    case .pause: if !state.isPaused { record(.paused) }
    case .unpause: if state.isPaused { record(.unpaused) }
    case .cancel: if !state.isCancelled { stop(.cancelled) }
    case .backlog(let backlog): pacing.note(backlog: backlog, at: now)
    }
  }

  private mutating func work() {
    queue.endPauses(at: now)
    stopAtLimits()
    while advanceStage() {}
    beginTenants()
    finishIfOver()
  }

  /// Records one thing that happened.
  mutating func record(_ event: RolloutEvent) {
    let event = RunEvent(sequence: state.nextSequence, at: now, kind: .rollout(event))
    actions.append(.record(event))
    state.evolve(event)
  }
}

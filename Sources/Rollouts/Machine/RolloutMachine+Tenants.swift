import Events
import Operations

/// Which tenants begin.
extension RolloutMachine {
  /// How long a tenant is left alone whose lock another run holds.
  private static let blockedPause = Duration.seconds(2)

  /// So many tenants more than may be in progress wait for locks at most: one rollout that waits for
  /// another does not try all of its tenants.
  private static let blockedBeyondSlots = 16

  /// Whether a tenant might start but for the time.
  var mightStart: Bool {
    state.stop == nil && !state.isPaused && queue.activeCount < limits.concurrency
      && queue.blockedCount < limits.concurrency + Self.blockedBeyondSlots
      && queue.hasContinuedAll
      && (!queue.ready.isEmpty || queue.next < state.tenants.limit)
  }

  /// Fills the free slots: first with interrupted runs, which nothing holds back, then with those that have
  /// another turn, then with tenants that never had one.
  ///
  /// A place among the open votes is kept for interrupted runs only once the host knows of them: so no other
  /// tenant begins before that.
  mutating func beginTenants() {
    while queue.activeCount < limits.concurrency, let index = queue.nextInterrupted() {
      begin(index)
    }
    while mightStart, pacing.mayStart(at: now), let index = queue.nextReady() ?? nextNew() {
      pacing.started(at: now)
      begin(index)
    }
  }

  private mutating func nextNew() -> Int? {
    while queue.next < state.tenants.limit {
      defer { queue.next += 1 }
      if state.tenants[queue.next] == .notStarted, queue[queue.next] == nil { return queue.next }
    }
    return nil
  }

  private mutating func begin(_ index: Int) {
    let tenant = queue.activate(index, lastState: state.stateWithoutRun(index))
    state.setTenant(index, .running)
    let isLast = state.stop != nil || limits.retry?.pause(afterAttempt: tenant.attempts) == nil
    actions.append(.begin(TenantTurn(index: index, run: tenant.run, isLast: isLast)))
    if isCancelling { actions.append(.cancel(index)) }
  }
}

/// What happens to them.
extension RolloutMachine {
  mutating func ended(_ index: Int, _ ending: TenantState) {
    guard let (turn, began) = queue.deactivate(index) else { return }
    pacing.endHold()
    guard ending == .failed, state.stop == nil,
      let pause = limits.retry?.pause(afterAttempt: turn.attempts)
    else { return state.setTenant(index, ending) }
    var tenant = turn
    tenant.run = began ?? tenant.run
    (tenant.idleState, tenant.lastState) = (.running, .failed)
    queue.add(index, tenant, pausingUntil: now + pause, isBlocked: false)
  }

  mutating func blocked(_ index: Int) {
    putBack(index, until: now + Self.blockedPause, isBlocked: true)
  }

  mutating func notStarted(_ index: Int) {
    pacing.hold(from: now)
    putBack(index, until: now + StartPacing.holdAfterRefusal, isBlocked: false)
  }

  /// Nothing of the tenant's turn was recorded: it gets another one.
  private mutating func putBack(_ index: Int, until end: Moment, isBlocked: Bool) {
    guard var tenant = queue.deactivate(index)?.tenant else { return }
    tenant.attempts -= 1
    guard state.stop == nil || tenant.isUnfinished else {
      return state.setTenant(index, tenant.lastState)
    }
    state.setTenant(index, tenant.idleState)
    queue.add(index, tenant, pausingUntil: end, isBlocked: isBlocked)
  }

  mutating func refused(_ refusal: TenantRefusal) {
    guard let tenant = queue.deactivate(refusal.index)?.tenant else { return }
    pacing.endHold()
    // Once the rollout stops, a tenant that could not start is one that did not.
    guard state.stop == nil || tenant.run != nil else {
      return state.setTenant(refusal.index, tenant.lastState)
    }
    record(.tenantRefused(refusal))
  }
}

/// A rollout that is continued.
extension RolloutMachine {
  /// Runs that are not over go on first; then tenants in doubt, about which votes may be open; then the
  /// others, in their order.
  mutating func takeUp(_ standings: [TenantStanding]) {
    let standings = standings.filter { state.tenants.holds($0.index) }
      .sorted { ($0.turnOrder, $0.index) < ($1.turnOrder, $1.index) }
    for standing in standings where !state.isRefused(standing.index) {
      var tenant = TenantQueue.Tenant(
        run: standing.run, attempts: standing.attempts, idleState: standing.state,
        lastState: standing.state)
      if tenant.isUnfinished {
        queue.add(standing.index, tenant)
      } else if state.runsAgain(standing) {
        tenant.attempts = 0
        tenant.idleState = .notStarted
        queue.add(standing.index, tenant)
      } else if let pause = state.pause(after: standing, retry: limits.retry) {
        tenant.idleState = .running
        queue.add(standing.index, tenant, pausingUntil: now + pause, isBlocked: false)
      }
    }
  }
}

extension TenantStanding {
  fileprivate var turnOrder: Int { state == .inDoubt ? 0 : 1 }
}

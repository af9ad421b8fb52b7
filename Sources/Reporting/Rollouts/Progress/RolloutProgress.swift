package import Events
package import Operations

/// How far a rollout is, as its own events and those of its runs say.
///
/// It keeps something of the tenants that are in progress and of those that did not succeed, and counts the
/// others.
package struct RolloutProgress: Sendable {
  /// A tenant that came to an end.
  struct Ended: Sendable, Hashable {
    var row: TenantRow
    /// How long its run took this time.
    var elapsed: Duration?
  }

  private struct Idle: Sendable {
    var name: String
    var state: TenantState
    /// What counts of its run already; the next end has it once more.
    var changes = ChangeCounts()
  }

  /// The rollout as a whole.
  package private(set) var view = RolloutView()
  /// How the tenants stand.
  package private(set) var counts = TenantCounts()
  /// Why tenants did not succeed.
  package private(set) var reasons = ReasonTable()
  /// What was done to the service in runs that ended.
  package private(set) var changes = ChangeCounts()
  /// When the latest thing happened, or the time was given last.
  package private(set) var now: Moment?
  /// When the part of the rollout began that is watched; earlier parts were recalled.
  private var beganAt: Moment?
  private var running: [RunID: RunningTenant] = [:]
  /// Tenants with a run that is not in progress and may go on.
  private var idle: [RunID: Idle] = [:]
  /// Their runs, by name.
  private var idleRuns: [String: RunID] = [:]
  /// The tenants whose runs could not be started or continued.
  private var refused: Set<String> = []
  private var rate = EndRate()

  /// A rollout without events.
  package init() {}

  /// Takes over an event of the rollout's own record that was reported before.
  package mutating func recall(_ event: RunEvent) {
    guard case .rollout(let kind) = event.kind else { return }
    _ = apply(kind, event)
    beganAt = nil
  }

  /// Takes over how a tenant with a run stands, after the events of the rollout's own record.
  package mutating func recall(_ row: TenantRow) {
    guard let run = row.run, row.refusal == nil else { return }
    // A run that was interrupted goes on later.
    let state = row.state == .running ? .notStarted : row.state
    changes.add(row.changes)
    // It counts already, with a later reason.
    let isRefused = refused.contains(row.name)
    if !isRefused { counts.move(from: .notStarted, to: state) }
    guard isRefused || !state.isSuccess else { return }
    idle[run] = Idle(
      name: row.name, state: isRefused ? .failed : state, changes: row.changes)
    idleRuns[row.name] = run
    if !isRefused { reasons.add(row) }
  }

  /// Applies the next event of `run`, which may be the rollout's own record; returns the tenant that ended with
  /// it, if one did.
  @discardableResult
  mutating func apply(_ event: RunEvent, of run: RunID) -> Ended? {
    now = max(now ?? event.at, event.at)
    beganAt = beganAt ?? event.at
    switch event.kind {
    case .rollout(let kind): return apply(kind, event)
    case .runStarted(let start):
      guard let tenant = start.tenant else { return nil }
      running[run] = RunningTenant(name: tenant.name, startedAt: event.at)
      counts.move(from: .notStarted, to: .running)
      return nil
    case .runResumed:
      guard let tenant = idle.removeValue(forKey: run) else { return nil }
      idleRuns[tenant.name] = nil
      running[run] = RunningTenant(name: tenant.name, startedAt: event.at)
      counts.move(from: tenant.state, to: .running)
      changes.remove(tenant.changes)
      reasons.remove(tenant: tenant.name)
      return nil
    case .runFinished(let result): return end(run, result, at: event.at)
    case _:
      running[run]?.apply(event)
      return nil
    }
  }

  /// A run is left without an end, because nothing but a person's decision brings it any further.
  @discardableResult
  mutating func leave(_ run: RunID, as state: TenantState) -> Ended? {
    guard let tenant = running.removeValue(forKey: run) else { return nil }
    counts.move(from: .running, to: state)
    idle[run] = Idle(name: tenant.name, state: state)
    idleRuns[tenant.name] = run
    let row = TenantRow(name: tenant.name, run: run, state: state, startedAt: tenant.startedAt)
    reasons.add(row)
    return Ended(row: row, elapsed: now.map { $0 - tenant.startedAt })
  }

  /// Time went by without an event.
  package mutating func tick(at now: Moment) {
    self.now = max(self.now ?? now, now)
  }

  private mutating func apply(_ kind: RolloutEvent, _ event: RunEvent) -> Ended? {
    if case .resumed(let resumption) = kind, resumption.tenants == .unsuccessful {
      for refusal in view.refusals.values {
        if idleRuns[refusal.tenant] == nil { counts.move(from: .failed, to: .notStarted) }
        reasons.remove(tenant: refusal.tenant)
      }
      refused = []
    }
    view.apply(event)
    if case .started(let start) = kind { counts[.notStarted] = start.tenantCount }
    guard case .tenantRefused(let refusal) = kind else { return nil }
    let row = TenantRow(refusal)
    note(refusal)
    reasons.add(row)
    rate.add(event.at)
    return Ended(row: row)
  }

  /// The tenant counts as failed, once, also where it has a run that cannot be continued.
  private mutating func note(_ refusal: TenantRefusal) {
    let isKnown = !refused.insert(refusal.tenant).inserted
    if let run = idleRuns[refusal.tenant], let tenant = idle[run] {
      counts.move(from: tenant.state, to: .failed)
      idle[run]?.state = .failed
    } else if !isKnown {
      counts.move(from: .notStarted, to: .failed)
    }
  }

  private mutating func end(_ run: RunID, _ result: RunResult, at moment: Moment) -> Ended? {
    guard let tenant = running.removeValue(forKey: run) else { return nil }
    let state = TenantState(result)
    counts.move(from: .running, to: state)
    changes.add(result.changes)
    rate.add(moment)
    let row = TenantRow(
      name: tenant.name, run: run, state: state, startedAt: tenant.startedAt, endedAt: moment,
      failure: result.failure, failedStep: result.failedStep, changes: result.changes)
    if !state.isSuccess {
      idle[run] = Idle(name: tenant.name, state: state, changes: result.changes)
      idleRuns[tenant.name] = run
    }
    reasons.add(row)
    return Ended(row: row, elapsed: moment - tenant.startedAt)
  }
}

extension RolloutProgress {
  /// How many tenants have come to an end.
  package var endedCount: Int {
    TenantState.allCases.filter { $0 != .running && $0 != .notStarted }
      .reduce(0) { $0 + counts[$1] }
  }

  /// How many tenants end in a minute; nil while that is not known.
  package var perMinute: Double? { now.flatMap { rate.perMinute(at: $0) } }

  /// How long the rest is likely to take; nil while that is not known.
  package var timeLeft: Duration? {
    guard let perMinute, perMinute > 0, !view.isPaused, view.result == nil, let now else {
      return nil
    }
    // No further tenant starts once the rollout stops.
    let rest = counts[.running] + (view.stop == nil ? counts[.notStarted] : 0)
    let baking: Duration
    if case .baking(let until)? = view.hold {
      baking = max(.zero, until - now)
    } else {
      baking = .zero
    }
    let left = baking + .seconds(Int64(min(Double(rest) / perMinute * 60, 1e9)))
    return rest == 0 ? nil : max(left, .seconds(1))
  }

  /// How long it has been in progress, without the parts that were recalled.
  package var elapsed: Duration? {
    beganAt.flatMap { began in now.map { $0 - began } }
  }

  /// The tenants in progress that began first, at most `limit`.
  func slowest(_ limit: Int) -> [RunningTenant] {
    var slowest: [RunningTenant] = []
    for tenant in running.values {
      if slowest.count == limit, let last = slowest.last, !Self.isSlower(tenant, last) { continue }
      let index = slowest.firstIndex { Self.isSlower(tenant, $0) } ?? slowest.endIndex
      slowest.insert(tenant, at: index)
      if slowest.count > limit { slowest.removeLast() }
    }
    return slowest
  }

  private static func isSlower(_ left: RunningTenant, _ right: RunningTenant) -> Bool {
    (left.startedAt, left.name) < (right.startedAt, right.name)
  }

  /// How many tenants wait for what, the most lasting first.
  var waits: [(wait: RunningTenant.Wait, count: Int)] {
    var counts: [RunningTenant.Wait: Int] = [:]
    for tenant in running.values {
      if let wait = tenant.wait { counts[wait, default: 0] += 1 }
    }
    return RunningTenant.Wait.allCases.compactMap { wait in counts[wait].map { (wait, $0) } }
  }
}

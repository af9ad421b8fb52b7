package import Events
package import Operations

/// How a rollout stands: the fold of its own events, and how its tenants stand.
///
/// What happens to a tenant is in the record of its run, and nowhere else. So the state of a rollout that
/// is continued is made of both, and equals that of a machine that was never interrupted, as far as the
/// records go.
package struct RolloutState: Sendable, Hashable {
  /// The stage that may start, or has.
  package struct Stage: Sendable, Hashable {
    /// Counts from 1; 0 before the first.
    package var number = 0
    /// Every tenant of it ended well.
    package var isProved = false
    /// When the pause after it is over.
    package var bakeEnd: Moment?
    /// What is known of the gate after it.
    package var gate = Gate.unknown
  }

  /// Exits: `unknown` → `requested`, `open` or `shut`; `requested` → `open` or `shut`.
  package enum Gate: Sendable, Hashable {
    case unknown
    /// A person is asked.
    case requested
    case open
    case shut
  }

  /// When the rollout, or its continuation after an end, began.
  struct Times: Sendable, Hashable {
    var startedAt: Moment?
    var finishedAt: Moment?
    /// When it went on after its end, or with its unsuccessful tenants, for the latest time.
    var reopenedAt: Moment?
    /// The same, where the unsuccessful tenants run again.
    var repeatedAt: Moment?
    /// How long it was over before it went on.
    var timeOver = Duration.zero
  }

  /// The sequence number of the next event.
  package private(set) var nextSequence = 0
  /// The latest stage that started.
  package private(set) var stage = Stage()
  /// No tenant starts.
  package private(set) var isPaused = false
  /// Why no further tenant starts.
  package private(set) var stop: RolloutStop?
  /// A person asked for it to stop, whatever else stopped it before.
  package private(set) var isCancelled = false
  /// How the rollout ended; nil while it has not.
  package private(set) var result: RolloutResult?
  /// How each tenant stands.
  package private(set) var tenants: TenantTable
  private(set) var times = Times()
  /// Failures that a person knows of who let the rollout go on.
  private var forgivenFailures = 0
  /// The tenants without a run, since none could be started.
  private var refused: Set<Int> = []
  /// Those of them that get another turn since the rollout went on with its unsuccessful tenants.
  private var refusedBefore: Set<Int> = []

  /// A rollout of `tenantCount` tenants that has not begun.
  package init(tenantCount: Int) {
    tenants = TenantTable(count: tenantCount)
  }

  /// The state after `events` of a rollout whose tenants have runs as `standings` say.
  package init(
    tenantCount: Int, after events: some Sequence<RunEvent>, standings: [TenantStanding],
    retry: RolloutRetry?
  ) {
    self.init(tenantCount: tenantCount)
    for event in events { evolve(event) }
    for standing in standings where tenants.holds(standing.index) && !isRefused(standing.index) {
      setTenant(standing.index, state(of: standing, retry: retry))
    }
  }

  /// How many failures count towards `max-failures`.
  package var failures: Int { max(0, tenants.counts.failures - forgivenFailures) }

  /// How long the rollout goes on at `now`, without the time in which it was over.
  func elapsed(at now: Moment) -> Duration {
    guard let start = times.startedAt else { return .zero }
    return now - start - times.timeOver
  }

  func isRefused(_ index: Int) -> Bool { refused.contains(index) }

  /// The state of a tenant without a run when it gets no turn.
  func stateWithoutRun(_ index: Int) -> TenantState {
    refusedBefore.contains(index) ? .failed : .notStarted
  }

  mutating func setTenant(_ index: Int, _ state: TenantState) { tenants.set(state, at: index) }
}

/// Applying events.
extension RolloutState {
  /// Applies one event of the rollout's record.
  package mutating func evolve(_ event: RunEvent) {
    guard case .rollout(let kind) = event.kind else { return }
    nextSequence = event.sequence + 1
    switch kind {
    case .started: times.startedAt = event.at
    case .stageStarted(let number, let count):
      stage = Stage(number: number)
      tenants.extend(to: count)
    case .stageProved: stage.isProved = true
    case .baking(_, let end): stage.bakeEnd = end
    case .gateEvaluated(_, let isOpen): stage.gate = isOpen ? .open : .shut
    case .approvalRequested: stage.gate = .requested
    case .approvalDecided(_, let decision):
      stage.gate = if case .approved = decision.verdict { .open } else { .shut }
    case .tenantRefused(let refusal): refuse(refusal.index)
    case .paused: isPaused = true
    case .unpaused: isPaused = false
    case .stopping(let reason):
      stop = stop ?? reason
      if case .cancelled = reason { isCancelled = true }
      for index in refusedBefore where tenants[index] == .notStarted {
        setTenant(index, .failed)
      }
    case .resumed(let resumption): resume(resumption, at: event.at)
    case .finished(let result):
      self.result = result
      times.finishedAt = event.at
    }
  }

  private mutating func refuse(_ index: Int) {
    guard tenants.holds(index) else { return }
    refused.insert(index)
    setTenant(index, .failed)
  }

  /// A rollout that was interrupted goes on as it was.
  ///
  /// One that was over, or whose unsuccessful tenants run
  /// again, is not stopped any more, and the failures until then do not stop it once more.
  private mutating func resume(_ resumption: RolloutResumption, at moment: Moment) {
    switch (resumption.tenants, result) {
    case (.unfinished, nil): return
    case (.unfinished, let result?):
      forgivenFailures = result.counts.failures
      times.repeatedAt = nil
    case (.unsuccessful, _):
      forgivenFailures = 0
      times.repeatedAt = moment
      for index in refused { setTenant(index, .notStarted) }
      refusedBefore.formUnion(refused)
      refused = []
    }
    if let end = times.finishedAt { times.timeOver += moment - end }
    times.finishedAt = nil
    times.reopenedAt = moment
    (result, stop, isCancelled) = (nil, nil, false)
    if stage.gate == .shut { stage.gate = .unknown }
  }
}

/// What follows from how a tenant's run stands.
extension RolloutState {
  /// The state of a tenant in the rollout: its run may be over and the tenant not.
  func state(of standing: TenantStanding, retry: RolloutRetry?) -> TenantState {
    if runsAgain(standing) { return .notStarted }
    return pause(after: standing, retry: retry) == nil ? standing.state : .running
  }

  /// Whether the run of the tenant ended without success before the rollout went on with such tenants.
  func runsAgain(_ standing: TenantStanding) -> Bool {
    guard stop == nil, let repeatedAt = times.repeatedAt, standing.latestAt <= repeatedAt else {
      return false
    }
    switch standing.state {
    case .failed, .cancelled, .inDoubt: return true
    case .succeeded, .unchanged, .waiting, .running, .notStarted: return false
    }
  }

  /// The pause before the failed run of the tenant is continued automatically; nil where it is not.
  ///
  /// The attempts of its run are all that were begun, also those that were interrupted.
  func pause(after standing: TenantStanding, retry: RolloutRetry?) -> Duration? {
    guard standing.state == .failed, stop == nil, result == nil,
      times.reopenedAt.map({ standing.latestAt > $0 }) ?? true
    else { return nil }
    return retry?.pause(afterAttempt: standing.attempts)
  }
}

package import Operations

/// A rollout as a whole, as its own events say; of its tenants it knows only those that have no run.
package struct RolloutView: Sendable, Hashable {
  /// What it was started with; nil while there is no event.
  package private(set) var start: RolloutStart?
  /// When it started; nil while there is no event.
  package private(set) var startedAt: Moment?
  /// When the last event was recorded; nil while there is no event.
  package private(set) var latestAt: Moment?
  /// The stage that is in progress or over, counted from 1; 0 before the first one.
  package var stage: Int { stages.last?.number ?? 0 }
  /// How many tenants may have started, counted from the first stage on.
  package private(set) var openedTenants = 0
  /// The stages that started, in their order.
  package private(set) var stages: [Stage] = []
  /// What it waits for between two stages; nil while it waits for nothing.
  package private(set) var hold: Hold?
  /// Since when it is paused; nil while it is not.
  package private(set) var pausedAt: Moment?
  /// Why no further tenant starts; nil while tenants may.
  package private(set) var stop: RolloutStop?
  /// Those tenants that have no run, because none could be started, by their positions.
  package private(set) var refusals: [Int: TenantRefusal] = [:]
  /// The continuations, in their order.
  package private(set) var resumptions: [RolloutResumption] = []
  /// How it ended; nil while it is in progress, and for one that was interrupted.
  package private(set) var result: RolloutResult?

  /// A stage that started.
  package struct Stage: Sendable, Hashable {
    /// Its place, counted from 1.
    package var number: Int
    /// When it started.
    package var startedAt: Moment
    /// When every tenant of it and of those before had ended well; nil while that is not so.
    package var provedAt: Moment?
  }

  /// What a rollout waits for before the next stage.
  package enum Hold: Sendable, Hashable {
    /// That time passes.
    case baking(until: Moment)
    /// A person's decision, which is asked for since then.
    case approval(since: Moment)
  }

  /// A rollout without events.
  package init() {}

  /// A rollout after `events`.
  package init(_ events: some Sequence<RunEvent>) {
    for event in events { apply(event) }
  }

  /// Whether no tenant starts because somebody paused it.
  package var isPaused: Bool { pausedAt != nil }

  /// When it came to its end; nil while it has none.
  package var endedAt: Moment? { result == nil ? nil : latestAt }

  /// Applies the next event; those of runs are passed over.
  package mutating func apply(_ event: RunEvent) {
    guard case .rollout(let kind) = event.kind else { return }
    latestAt = event.at
    switch kind {
    case .started(let start):
      self.start = start
      startedAt = event.at
    case .stageStarted(let stage, let tenants):
      if stage > self.stage { stages.append(Stage(number: stage, startedAt: event.at)) }
      openedTenants = tenants
      hold = nil
    case .stageProved(let stage):
      if let index = stages.lastIndex(where: { $0.number == stage }) {
        stages[index].provedAt = event.at
      }
    case .baking(_, let until): hold = .baking(until: until)
    case .approvalRequested: hold = .approval(since: event.at)
    case .gateEvaluated, .approvalDecided: hold = nil
    case .tenantRefused(let refusal): refusals[refusal.index] = refusal
    case .paused: pausedAt = event.at
    case .unpaused: pausedAt = nil
    case .stopping(let stop):
      self.stop = self.stop ?? stop
      hold = nil
    case .resumed(let resumption): resume(resumption)
    case .finished(let result):
      self.result = result
      hold = nil
    }
  }

  /// A rollout that was interrupted goes on as it was; one that was over, or whose unsuccessful tenants
  /// run again, is not stopped any more.
  private mutating func resume(_ resumption: RolloutResumption) {
    resumptions.append(resumption)
    switch resumption.tenants {
    case .unfinished: if result == nil { return }
    case .unsuccessful: refusals = [:]
    }
    result = nil
    stop = nil
  }
}

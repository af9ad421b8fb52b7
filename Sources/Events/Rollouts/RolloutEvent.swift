package import Expressions
package import Operations

/// Something that happened to a rollout as a whole.
///
/// A rollout has a record of its own in the journal. What happens to a tenant is in the record of the
/// tenant's run, whose `RunStart.tenant` names the rollout: the start of a tenant is the first event of
/// that run, and its end is the last. Stages are counted from 1.
package enum RolloutEvent: Sendable, Hashable {
  /// The first event of every rollout's record.
  case started(RolloutStart)
  /// Tenants may start until `tenants` of them have, counted from the first stage on.
  case stageStarted(stage: Int, tenants: Int)
  /// Every tenant of the stage ended well.
  case stageProved(stage: Int)
  /// The rollout waits before the next stage.
  case baking(stage: Int, until: Moment)
  /// The condition of the gate after `stage` was evaluated; the rollout stops when it is false.
  case gateEvaluated(stage: Int, isOpen: Bool)
  /// A person is asked whether the stage after `stage` may start.
  case approvalRequested(stage: Int)
  /// A person decided on the stage after `stage`.
  case approvalDecided(stage: Int, ApprovalDecision)
  /// A tenant has no run, because none could be started.
  case tenantRefused(TenantRefusal)
  /// No tenant starts until `unpaused`.
  case paused
  /// Tenants start again.
  case unpaused
  /// No further tenant starts.
  case stopping(RolloutStop)
  /// The record is continued, after an interruption or its end.
  case resumed(RolloutResumption)
  /// The last event of a rollout that came to its end, unless it is resumed.
  case finished(RolloutResult)
}

/// What a rollout was started with.
package struct RolloutStart: Sendable, Hashable {
  /// The id of the rollout's record, drawn like that of a run.
  package var rollout: RunID
  /// The name that the rollout file gives it.
  package var name: String
  /// The path of the rollout file; empty for a rollout without one.
  package var file: String
  /// The name of the playbook.
  package var playbook: String
  /// The path of the tenants file.
  package var tenantsFile: String
  /// How many tenants are selected.
  package var tenantCount: Int
  /// What it does with each tenant.
  package var mode: RolloutMode
  /// The limits, as the rollout file names them.
  package var limits: ValueMap
  /// The cumulative numbers of tenants of the stages; the last one is `tenantCount`.
  package var stages: [Int]
  /// The name of the environment; nil where none is named.
  package var environment: String?
  /// The service; nil for a playbook that calls none.
  package var service: ServiceOrigins?
  /// What people call it by; its runs have these labels, too.
  package var labels: [RunLabel]
  /// The program's version.
  package var version: String
  /// The seed of all random choices.
  package var seed: UInt64
  /// The digest of the text with the definition (`RolloutDefinition`), lower-case hex.
  package var definition: String
  /// The digest of the text with the selected tenants (`TenantList.text`), lower-case hex.
  package var tenants: String
  /// What the runs are planned from.
  package var pinned: PinnedPlan

  /// The start of the rollout `rollout` of `tenantCount` tenants.
  package init(
    rollout: RunID, name: String, file: String, playbook: String, tenantsFile: String,
    tenantCount: Int, mode: RolloutMode, limits: ValueMap, stages: [Int], environment: String?,
    service: ServiceOrigins?, labels: [RunLabel], version: String, seed: UInt64,
    definition: String, tenants: String, pinned: PinnedPlan
  ) {
    self.rollout = rollout
    self.name = name
    self.file = file
    self.playbook = playbook
    self.tenantsFile = tenantsFile
    self.tenantCount = tenantCount
    self.mode = mode
    self.limits = limits
    self.stages = stages
    self.environment = environment
    self.service = service
    self.labels = labels
    self.version = version
    self.seed = seed
    self.definition = definition
    self.tenants = tenants
    self.pinned = pinned
  }
}

/// What a rollout does with each tenant.
package enum RolloutMode: String, Sendable, Hashable, CaseIterable {
  /// It runs the playbook.
  case apply
  /// It plans, and changes nothing.
  case plan
  /// It compares what there is with what the last successful run left.
  case drift
}

/// Which tenant of which rollout a run is about.
package struct TenantReference: Sendable, Hashable {
  /// The rollout's record.
  package var rollout: RunID
  /// The name of the rollout, which listings show.
  package var rolloutName: String
  /// The name of the tenant.
  package var name: String
  /// Its position among the selected tenants, from 0.
  package var index: Int
  /// What no other run holds while this one is not over; in a journal, each key has at most one holder.
  package var locks: [String]

  /// The tenant `name` of `rollout`.
  package init(rollout: RunID, rolloutName: String, name: String, index: Int, locks: [String]) {
    self.rollout = rollout
    self.rolloutName = rolloutName
    self.name = name
    self.index = index
    self.locks = locks
  }
}

/// Why a tenant has no run.
package struct TenantRefusal: Error, Sendable, Hashable {
  /// The name of the tenant.
  package var tenant: String
  /// Its position among the selected tenants, from 0.
  package var index: Int
  /// One sentence without a secret, such as that a secret's file does not exist.
  package var reason: String
  /// What to do about it; nil where nothing can be said.
  package var hint: String?

  /// A tenant for which no run could be started.
  package init(tenant: String, index: Int, reason: String, hint: String? = nil) {
    self.tenant = tenant
    self.index = index
    self.reason = reason
    self.hint = hint
  }
}

/// Why no further tenant starts.
package enum RolloutStop: Sendable, Hashable {
  /// So many tenants failed that the limit is reached.
  case failures(count: Int, limit: Int)
  /// A tenant of the stage did not end well, so that the stages after it do not start.
  case stageFailed(stage: Int)
  /// The gate after the stage stayed shut: its condition is false, or a person refused.
  case gateShut(stage: Int)
  /// A person asked for it.
  case cancelled
  /// The time for the whole rollout is over.
  case deadline
}

/// The continuation of a rollout.
package struct RolloutResumption: Sendable, Hashable {
  /// Which tenants run again.
  package enum Tenants: String, Sendable, Hashable, CaseIterable {
    /// Those that have not ended.
    case unfinished
    /// Also those that failed, were cancelled or are in doubt.
    case unsuccessful
  }

  /// The process that continues it, such as `process 4711 on build-3`.
  package var owner: String
  /// Its epoch, higher than that of every owner before.
  package var epoch: Int
  /// The program's version.
  package var version: String
  /// Which tenants run again.
  package var tenants: Tenants

  /// A continuation by `owner`.
  package init(owner: String, epoch: Int, version: String, tenants: Tenants) {
    self.owner = owner
    self.epoch = epoch
    self.version = version
    self.tenants = tenants
  }
}

/// How a rollout ended.
package struct RolloutResult: Sendable, Hashable {
  /// `succeeded`, `failed`, `cancelled` or `inDoubt`; in doubt also when tenants wait for decisions.
  package var outcome: Outcome
  /// How its tenants stand.
  package var counts: TenantCounts
  /// Why not every tenant was started; nil when every one was.
  package var stop: RolloutStop?

  /// The end of a rollout.
  package init(outcome: Outcome, counts: TenantCounts, stop: RolloutStop? = nil) {
    self.outcome = outcome
    self.counts = counts
    self.stop = stop
  }

  /// Whether every tenant was started, and some wait for decisions of people: once those are there, the rollout
  /// goes on when it is resumed.
  package var isWaiting: Bool { stop == nil && counts[.waiting] > 0 }
}

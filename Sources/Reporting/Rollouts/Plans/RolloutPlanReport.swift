package import Events
import OrderedCollections

/// What a rollout would do, as `privirun rollout plan` reports it; also of rollouts with `mode: drift`.
///
/// The plans are added one after another. The first ones are kept; of the others only little, so that there
/// may be many.
///
///     var report = RolloutPlanReport(heading)
///     for tenant in tenants { report.add(.plan(plan(tenant)), of: tenant.name) }
///     print(report.text(TerminalStyle(), .summarized))
package struct RolloutPlanReport: Sendable {
  /// What was planned, and within which limits.
  package struct Heading: Sendable, Hashable {
    /// The name of the rollout.
    package var name: String
    /// The path of the rollout file, as it was given; of a rollout without one, that of the tenants file.
    package var file: String
    /// The name of the playbook.
    package var playbook: String
    /// The service whose state was read; nil where there is none.
    package var service: ServiceOrigins?
    /// The name of the environment; nil where none is used.
    package var environment: String?
    /// What the rollout does with each tenant.
    package var mode: RolloutMode
    /// How many tenants are selected.
    package var tenantCount: Int
    /// The cumulative numbers of tenants of the stages; the last one is `tenantCount`.
    package var stages: [Int]
    /// How many tenants are in progress at once.
    package var concurrency: Int
    /// The number of failed tenants at which no further tenant starts; nil for no limit.
    package var maxFailures: Int?
    /// How many votes are open at once; nil for no limit.
    package var votesAtOnce: Int?
    /// How many requests are sent per second; nil for no limit.
    package var pace: Double?
    /// How long the rollout waits between two stages.
    package var bake: Duration?
    /// What decides on the next stage, as the rollout file names it: `approval` or a condition.
    package var gate: String?
    /// How long the whole rollout may take.
    package var deadline: Duration?
    /// Tenants of the last rollout that are not in the tenants file any more.
    package var gone: [String]

    /// The heading of a plan of the rollout `name`; what is left out is not limited.
    package init(
      name: String, file: String, playbook: String, service: ServiceOrigins?, environment: String?,
      mode: RolloutMode, tenantCount: Int, stages: [Int], concurrency: Int,
      maxFailures: Int? = nil, votesAtOnce: Int? = nil, pace: Double? = nil, bake: Duration? = nil,
      gate: String? = nil, deadline: Duration? = nil, gone: [String] = []
    ) {
      self.name = name
      self.file = file
      self.playbook = playbook
      self.service = service
      self.environment = environment
      self.mode = mode
      self.tenantCount = tenantCount
      self.stages = stages
      self.concurrency = concurrency
      self.maxFailures = maxFailures
      self.votesAtOnce = votesAtOnce
      self.pace = pace
      self.bake = bake
      self.gate = gate
      self.deadline = deadline
      self.gone = gone
    }
  }

  /// What was planned of one tenant.
  package enum TenantPlan: Sendable {
    /// What a run would do.
    case plan(PlanReport)
    /// What is not as the last successful run left it.
    case drift(DriftReport)
    /// Nothing, because no run of the tenant could be started.
    case refused(TenantRefusal)
  }

  /// A tenant whose plan is kept whole.
  struct WholePlan: Sendable {
    let tenant: String
    let plan: TenantPlan
  }

  let heading: Heading
  /// How many tenants are kept whole.
  private let mostWhole: Int
  /// The first tenants with something to show.
  private(set) var whole: [WholePlan] = []
  /// All tenants, in the order of the rollout.
  private(set) var tenants = TenantOutlines()
  private(set) var votes = RolloutVotes()
  /// Which steps have an effect that cannot be undone.
  private(set) var finals = TenantTally<FinalStep>()
  private(set) var lifetimes = TenantTally<LifetimeWarning>()
  /// Why tenants have no complete plan.
  private(set) var reasons = ReasonTable()
  /// Whether the service was not read, for one tenant at least.
  private(set) var omitsReads = false

  /// A plan of `heading`, of which the first `whole` tenants with something to do are shown whole.
  package init(_ heading: Heading, whole: Int = 3) {
    self.heading = heading
    mostWhole = whole
  }

  /// Whether a run of the rollout may change something.
  package var hasWork: Bool { tenants.contains { $0.subject == .work && $0.isNotable } }

  /// Whether the run of a tenant would fail at a step that could be planned.
  package var hasConflicts: Bool { tenants.contains(where: \.hasConflicts) }

  /// Whether a tenant has no complete plan, or none at all.
  package var failed: Bool {
    tenants.contains { $0.ending != .complete } || missing > 0
  }

  /// Whether anything is not as the last successful runs left it.
  package var hasDrift: Bool { tenants.contains { $0.subject == .drift && $0.isNotable } }

  /// Whether the last run of a tenant left things, and none of them was compared.
  package var comparedNothing: Bool { tenants.contains(where: \.comparedNothing) }

  /// How many of the selected tenants were not planned.
  var missing: Int { max(0, heading.tenantCount - tenants.count) }

  /// The longest time that the rollout may wait.
  var wait: RolloutWait { RolloutWait(tenants.outlines, heading) }
}

/// A step of several tenants whose effect cannot be undone.
struct FinalStep: Sendable, Hashable {
  var sign: PlanSign
  /// The operation or local action.
  var subject: String
}

extension RolloutPlanReport {
  /// Adds what was planned of `tenant`; each of the selected ones is added once, in the order of the rollout.
  package mutating func add(_ plan: TenantPlan, of tenant: String) {
    switch plan {
    case .plan(let report): add(report, of: tenant)
    case .drift(let report):
      tenants.add(
        tenant, TenantOutline(report), TenantProblem(report.plan.ending), since: report.baseline)
      explain(report.plan.ending, of: tenant)
    case .refused(let refusal):
      tenants.add(
        tenant, .refused(heading.mode == .drift ? .drift : .work), .refused(refusal), since: nil)
      reasons.add(
        tenant, .notStarted, refusal.reason, hint: refusal.hint, nil, at: nil)
    }
    if whole.count < mostWhole, plan.isWorthShowing {
      whole.append(WholePlan(tenant: tenant, plan: plan))
    }
  }

  private mutating func add(_ report: PlanReport, of tenant: String) {
    tenants.add(tenant, TenantOutline(report), TenantProblem(report.ending), since: nil)
    if report.heading.reads == .omitted { omitsReads = true }
    votes.add(report.votes, of: tenant)
    for item in report.finals {
      guard let sign = item.sign, let subject = item.subject else { continue }
      finals.add(FinalStep(sign: sign, subject: subject), of: tenant)
    }
    for warning in report.lifetimes { lifetimes.add(warning, of: tenant) }
    explain(report.ending, of: tenant)
  }

  /// Adds `shared`, the plan of each of `tenants`, one after another; `labels` are those of a tenant's run.
  package mutating func add(
    _ shared: SharedReport, of tenants: [String], labelled labels: (Int) -> [RunLabel]
  ) {
    let report = shared.report
    self.tenants.add(tenants, shared.outline)
    if report.heading.reads == .omitted { omitsReads = true }
    votes.add(shared.votes, of: tenants)
    for (step, count) in shared.finals { finals.add(step, count: count, ofEach: tenants) }
    for (warning, count) in shared.lifetimes {
      lifetimes.add(warning, count: count, ofEach: tenants)
    }
    guard TenantPlan.plan(report).isWorthShowing else { return }
    for (index, tenant) in tenants.enumerated().prefix(mostWhole - whole.count) {
      whole.append(
        WholePlan(tenant: tenant, plan: .plan(report.labelled(labels(index)))))
    }
  }

  private mutating func explain(_ ending: PlanReport.Ending, of tenant: String) {
    switch ending {
    case .complete: break
    case .failed(let failure, let step):
      reasons.add(
        tenant, .failed, failure.message, hint: failure.hint ?? failure.usualHint(of: nil), failure,
        at: step)
    case .incomplete(let cause):
      reasons.add(
        tenant, .failed, "the plan is incomplete: \(cause)", hint: nil, nil, at: nil)
    }
  }
}

extension RolloutPlanReport.TenantPlan {
  /// Whether it is complete and has something to look at; other tenants are listed with their reasons.
  fileprivate var isWorthShowing: Bool {
    switch self {
    case .plan(let report): !report.failed && !report.isQuiet
    case .drift(let report): !report.failed && (report.hasDrift || report.comparedNothing)
    case .refused: false
    }
  }
}

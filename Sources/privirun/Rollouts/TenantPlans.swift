import Diagnostics
import Events
import Expressions
import Journaling
import Machine
import Networking
import Operations
import Planning
import Reporting
import Rollouts
import Running
import Tenants

/// Makes the plans of a rollout's tenants, some at a time.
struct TenantPlans: Sendable {
  let prepared: PreparedRollout
  let options: JournalSettings
  /// Where drift is compared from; nil without a journal.
  let reader: JournalReader?
  let service: ServiceOrigins?
  let secrets: [Secret]
  let labels: [RunLabel]
  let environmentName: String?
  let planning: Planning
  let environment: [String: String]
  /// Whether the plans are kept.
  let savesPlans: Bool
  let clock: WallClock
  /// The rollout that the plans belong to, which is not recorded.
  let rollout: RunID
  /// The plans that tenants have in common; nil where each tenant is planned.
  let shares: PlanShares?

  init(
    prepared: PreparedRollout, rollout: RunID, options: JournalSettings, reader: JournalReader?,
    service: ServiceOrigins?, secrets: [Secret], labels: [RunLabel], environmentName: String?,
    planning: Planning, environment: [String: String], savesPlans: Bool, sharing: PlanSharing
  ) throws {
    self.prepared = prepared
    self.options = options
    self.reader = reader
    self.service = service
    self.secrets = secrets
    self.labels = labels
    self.environmentName = environmentName
    self.planning = planning
    self.environment = environment
    self.savesPlans = savesPlans
    self.rollout = rollout
    clock = try WallClock()
    // What is read of a tenant's things is nobody else's.
    let isShared =
      sharing == .exact && planning.isOffline && !savesPlans
      && prepared.definition.mode != .drift
    shares =
      isShared
      ? PlanShares(
        of: prepared.checked.planned, actions: .live(home: environment["HOME"])) : nil
  }

  /// What is planned for one tenant.
  struct Made: Sendable {
    let content: RolloutPlanReport.TenantPlan
    /// The events of the plan, with the digests of input files; empty for a tenant that was refused.
    var events: [RunEvent] = []
  }

  /// A tenant, or several in a row that share a plan.
  enum Planned: Sendable {
    case tenant(String, Made)
    case several([SharingTenant], SharedReport)
  }

  /// A tenant whose plan is that of others.
  struct SharingTenant: Sendable {
    let name: String
    let labels: [RunLabel]
  }

  /// Plans every tenant, as many at once as the rollout's concurrency allows, and hands the plans over in
  /// the order of the tenants.
  func each(in host: PlanHost, _ take: (Planned) throws -> Void) async throws {
    let count = prepared.tenants.count
    let size = portion
    try await withThrowingTaskGroup(of: (Int, [Planned]).self) { group in
      var (begun, inProgress, next) = (0, 0, 0)
      var finished: [Int: [Planned]] = [:]
      func beginOthers() {
        // What the first ones show is of use to all others. What is finished and waits for an earlier tenant
        // is kept, so that it has a limit, too.
        let width = next == 0 && size > 1 ? 1 : prepared.limits.concurrency
        while begun < count, inProgress < width, finished.count * size < Self.mostFinished {
          let range = begun..<min(begun + size, count)
          (begun, inProgress) = (range.upperBound, inProgress + 1)
          group.addTask { (range.lowerBound, try await planned(range, in: host)) }
        }
      }
      beginOthers()
      while let (first, plans) = try await group.next() {
        inProgress -= 1
        finished[first] = plans
        while let plans = finished.removeValue(forKey: next) {
          for plan in plans { try take(plan) }
          next = min(next + size, count)
        }
        beginOthers()
      }
    }
  }

  /// So many plans at most wait until those of earlier tenants are made.
  private static let mostFinished = 1000
  /// So many tenants that may share plans are looked at one after another.
  private static let mostAtOnce = 64

  /// How many tenants are planned by one task; commands for secrets take their time, and run beside each other.
  private var portion: Int {
    shares != nil && prepared.definition.commands.isEmpty ? Self.mostAtOnce : 1
  }

  private func planned(_ range: Range<Int>, in host: PlanHost) async throws -> [Planned] {
    var planned: [Planned] = []
    var rest = range
    while !rest.isEmpty {
      let indices = rest
      let (shared, next) = try await BlockingThreads.result { sharing(indices) }
      planned += shared
      guard let next else { break }
      let index = indices.lowerBound + shared.reduce(0) { $0 + $1.count }
      rest = (index + 1)..<indices.upperBound
      switch next {
      case .refused(let name, let made): planned.append(.tenant(name, made))
      case .plan(let tenant, let plan):
        planned.append(.tenant(tenant.name, try await made(plan, of: tenant, index, in: host)))
      }
    }
    return planned
  }

  /// A tenant that is to be planned.
  private enum Bound: Sendable {
    case plan(Tenant, Plan)
    case refused(String, Made)
  }

  /// The tenants at the beginning of `indices` that share plans, and the one after them; blocks.
  private func sharing(_ indices: Range<Int>) -> (shared: [Planned], next: Bound?) {
    var (planned, run): ([Planned], [SharingTenant]) = ([], [])
    var report: SharedReport?
    func end() {
      if let report, !run.isEmpty { planned.append(.several(run, report)) }
      run = []
    }
    for index in indices {
      let bound = bound(index)
      guard case .plan(let tenant, let plan) = bound, let shared = shares?.report(of: plan) else {
        end()
        return (planned, bound)
      }
      if shared !== report { end() }
      report = shared
      run.append(
        SharingTenant(
          name: tenant.name, labels: prepared.labels(of: tenant, plan, besides: labels)))
    }
    end()
    return (planned, nil)
  }

  private func bound(_ index: Int) -> Bound {
    var name = "tenant \(index + 1)"
    do throws(InvalidInput) {
      let tenant = try prepared.tenants[index]
      name = tenant.name
      var plan = try prepared.plan(for: tenant)
      plan.plainSecrets += secrets
      return .plan(tenant, plan)
    } catch {
      return .refused(name, Made(content: .refused(TenantRefusal(error, of: name, at: index))))
    }
  }

  private func made(
    _ plan: Plan, of tenant: Tenant, _ index: Int, in host: PlanHost
  ) async throws -> Made {
    do {
      return try await self.plan(plan, of: tenant, index, in: host)
    } catch let error as InvalidInput {
      return Made(content: .refused(TenantRefusal(error, of: tenant.name, at: index)))
    } catch let failure as CommandFailure where failure.status == .invalid {
      let refusal = TenantRefusal(
        tenant: tenant.name, index: index, reason: failure.reason, hint: failure.hint)
      return Made(content: .refused(refusal))
    }
  }

  private func plan(
    _ plan: Plan, of tenant: Tenant, _ index: Int, in host: PlanHost
  ) async throws -> Made {
    var planRun = PlanRun(
      plan: plan, planning: planning,
      labels: prepared.labels(of: tenant, plan, besides: labels), environmentName: environmentName)
    planRun.tenant = try prepared.reference(to: tenant, at: index, of: rollout, service)
    // Without one, nothing has to be read.
    let baseline = try prepared.definition.mode == .drift ? baseline(of: tenant, plan) : nil
    let (outcome, forecast) = try await planRun.forecast(in: host, at: service)
    let shown = outcome.events.scrubbed(by: SecretScrubber(baseline?.events.secrets ?? []))
    let report = PlanReport(
      of: shown, reads: planning.isOffline ? .omitted : .made, votes: forecast.votes,
      lifetimes: forecast.lifetimes, isFinal: plan.api.isFinal
    ).noting(UndoGaps(of: plan))
    if let baseline {
      let drift = DriftReport(
        of: report, since: baseline.summary,
        DriftFinding(left: baseline.events, found: outcome.events))
      return Made(content: .drift(drift))
    }
    guard savesPlans else {
      if let shares {
        let made = PlanShares.Made(plan: plan, events: outcome.events, report: report)
        try await BlockingThreads.result { shares.add(made) }
      }
      return Made(content: .plan(report))
    }
    let contents = try FileContents(of: plan, [String](), home: environment["HOME"])
    return Made(content: .plan(report), events: outcome.events(with: contents))
  }

  private func baseline(of tenant: Tenant, _ plan: Plan) throws -> DriftBaseline {
    guard let reader else {
      throw CommandFailure(
        .invalid, "there is no journal, so that there is nothing to compare with",
        hint: "`mode: plan` compares the service with the playbook")
    }
    return try DriftBaseline(of: plan, at: service, tenant: tenant.name, in: reader, options)
  }
}

extension TenantPlans.Planned {
  /// How many tenants there are.
  fileprivate var count: Int {
    switch self {
    case .tenant: 1
    case .several(let tenants, _): tenants.count
    }
  }
}

/// Whether tenants share plans.
enum PlanSharing: Sendable {
  /// Where a plan of one must be that of the other.
  case exact
  /// Every tenant is planned: to compare.
  case none
}

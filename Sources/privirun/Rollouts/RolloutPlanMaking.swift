import Events
import Expressions
import Journaling
import Machine
import Operations
import Planning
import Reporting
import Rollouts
import Running
import Tenants

/// Plans a prepared rollout, tenant by tenant, whoever reads the report.
struct RolloutPlanMaking {
  let prepared: PreparedRollout
  /// Names the plan, which is not recorded.
  let rollout: RunID
  let options: JournalSettings
  /// Where drift is compared from; nil without a journal.
  let reader: JournalReader?
  let labels: [RunLabel]
  let environmentName: String?
  let environment: [String: String]
  var planning = Planning()
  /// Whether tenants share plans where nothing is read.
  var sharing = PlanSharing.exact
  /// How many plans are kept whole.
  var whole = 3
  /// Keeps the plans; nil keeps none.
  var keeping: SavedTenantPlans.Writer?
  /// Whether signals end it early: a signal has one receiver in a process.
  var endsAtSignals = true
  var trace: (@Sendable (String) -> Void)?

  /// What was planned with reads of `target`.
  func report(calling target: ServiceTarget) async throws -> RolloutPlanReport {
    try await target.withTransport { transport, origins in
      try await report(over: transport, at: origins, target.secrets)
    }
  }

  /// The same over `transport`.
  func report(
    over transport: any Transport, at service: ServiceOrigins?, _ secrets: [Secret]
  ) async throws -> RolloutPlanReport {
    let heading = heading(service)
    let (keeping, whole) = (keeping, whole)
    let plans = try TenantPlans(
      prepared: prepared, rollout: rollout, options: options, reader: reader,
      service: service, secrets: secrets,
      labels: labels, environmentName: environmentName, planning: planning,
      environment: environment, savesPlans: keeping != nil, sharing: sharing)
    let paced = PacedTransport(
      over: transport, pace: prepared.limits.pace, now: { plans.clock.now() },
      sleep: { try await Task.sleep(for: $0) })
    return try await PlanHost.with(
      paced, environment, endsAtSignals: endsAtSignals, trace: trace
    ) { host in
      var report = RolloutPlanReport(heading, whole: whole)
      try await plans.each(in: host) { planned in
        switch planned {
        case .tenant(let name, let plan):
          report.add(plan.content, of: name)
          try keeping?.add(plan.events, of: name)
        case .several(let tenants, let shared):
          report.add(shared, of: tenants.map(\.name)) { tenants[$0].labels }
        }
      }
      return report
    }
  }

  private func heading(
    _ service: ServiceOrigins?
  ) -> RolloutPlanReport.Heading {
    let limits = prepared.limits
    let gone = reader.flatMap { try? prepared.goneTenants(in: $0, options) } ?? []
    return RolloutPlanReport.Heading(
      name: prepared.definition.name, file: prepared.definition.file,
      playbook: prepared.checked.planned.name, service: service, environment: environmentName,
      mode: prepared.definition.mode, tenantCount: prepared.tenants.count,
      stages: limits.stages, concurrency: limits.concurrency, maxFailures: limits.maxFailures,
      votesAtOnce: limits.votesAtOnce, pace: limits.pace, bake: limits.bake,
      gate: limits.gate?.text, deadline: limits.deadline, gone: gone)
  }
}

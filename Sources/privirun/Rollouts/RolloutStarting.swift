import Cryptography
import Events
import Expressions
import Hosting
import Journaling
import Machine
import Operations
import Planning
import Reporting
import Rollouts
import Running
import Tenants

/// Starts a prepared rollout.
struct RolloutStarting {
  let prepared: PreparedRollout
  let journal: SQLiteJournal
  let options: JournalSettings
  let output: OutputOptions
  let environment: [String: String]
  /// Whether a rollout that only a person brings any further is left.
  let noWait: Bool
  /// The labels of the command line and the environment, which override those of the rollout file.
  let labels: [RunLabel]
  /// The name of the environment; nil where none is used.
  let environmentName: String?
  let secrets: [Secret]
  var plans: SavedTenantPlans?

  /// Drives the rollout over `transport` to its end.
  func perform(
    over transport: any Transport, at service: ServiceOrigins?
  ) async throws -> ExitStatus {
    guard let plans else { return try await perform(over: transport, at: service, nil) }
    let trace = output.trace(environment: environment)
    return try await PlanHost.with(transport, environment, trace: trace) { host in
      var plans = plans
      plans.planAgain = { plan, start in
        var planRun = PlanRun(
          plan: plan, planning: Planning(), labels: start.labels,
          environmentName: start.environment)
        planRun.tenant = start.tenant
        return await planRun.perform(in: host, at: service).events
      }
      return try await perform(over: transport, at: service, plans)
    }
  }

  private func perform(
    over transport: any Transport, at service: ServiceOrigins?, _ plans: SavedTenantPlans?
  ) async throws -> ExitStatus {
    let (start, texts) = try start(at: service)
    let limits = prepared.limits
    let runs = TenantRuns(
      prepared: prepared, start: start, journal: journal, options: options, service: service,
      secrets: secrets, clock: try WallClock(), environment: environment,
      plans: plans)
    return try await LiveRollout(
      prepared: prepared, start: start,
      machine: RolloutMachine(start: start, limits: limits),
      record: RolloutRecord(
        new: start.rollout, texts: texts,
        limits: RunGroupLimits(
          maxFailures: limits.maxFailures, votesAtOnce: limits.votesAtOnce)),
      runs: runs, transport: transport, output: output, environment: environment,
      noWait: noWait
    ).perform()
  }

  private func start(at service: ServiceOrigins?) throws -> (RolloutStart, [StoredText]) {
    let definition = prepared.definition
    let origin = try StoredText(prepared.origin.text)
    let tenants = try StoredText(prepared.tenants.text)
    var generator = SystemRandomNumberGenerator()
    let start = RolloutStart(
      rollout: RunID(using: &generator), name: definition.name, file: definition.file,
      playbook: prepared.checked.planned.name, tenantsFile: definition.tenantsPath,
      tenantCount: prepared.tenants.count, mode: definition.mode,
      limits: prepared.limits.encoded, stages: prepared.limits.stages,
      environment: environmentName, service: service, labels: labels, version: Version.text,
      seed: prepared.seed, definition: Hexadecimal.encode(origin.digest.bytes),
      tenants: Hexadecimal.encode(tenants.digest.bytes), pinned: prepared.pinned)
    return (start, prepared.texts + [origin, tenants])
  }
}

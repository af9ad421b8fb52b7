import Cryptography
import Events
import Expressions
import Hosting
import Journaling
import Machine
import Networking
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
  /// Trust and proxies of what is sent besides requests to the service.
  let connections: TransportOptions
  var plans: SavedTenantPlans?

  /// Drives the rollout over `transport` to its end.
  func perform(
    over transport: any Transport, at service: ServiceOrigins?
  ) async throws -> ExitStatus {
    let clock = try WallClock()
    let paced = LiveRollout.paced(transport, prepared.limits, clock)
    return try await SavedTenantPlans.with(
      plans, over: paced, at: service, environment, trace: output.trace(environment: environment)
    ) { plans in
      try await perform(over: paced, at: service, plans, clock)
    }
  }

  private func perform(
    over transport: PacedTransport, at service: ServiceOrigins?, _ plans: SavedTenantPlans?,
    _ clock: WallClock
  ) async throws -> ExitStatus {
    let (start, texts) = try start(at: service)
    let limits = prepared.limits
    let runs = TenantRuns(
      prepared: prepared, start: start, journal: journal, options: options, service: service,
      secrets: secrets, clock: clock, environment: environment, plans: plans)
    return try await LiveRollout(
      prepared: prepared, start: start,
      machine: RolloutMachine(start: start, limits: limits),
      record: RolloutRecord(
        new: start.rollout, texts: texts,
        limits: RunGroupLimits(
          maxFailures: limits.maxFailures, votesAtOnce: limits.votesAtOnce)),
      runs: runs, transport: transport, output: output, environment: environment,
      noWait: noWait, connections: connections
    ).perform()
  }

  private func start(at service: ServiceOrigins?) throws -> (RolloutStart, [StoredText]) {
    let definition = prepared.definition
    var source = prepared.origin
    source.savedPlan = plans.map { CommandPath.absolute($0.path) }
    let origin = try StoredText(source.text)
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

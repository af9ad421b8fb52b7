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
  /// Whether requests carry the trace context of their run.
  let tracesRequests: Bool
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
    let (start, texts) = try prepared.start(
      at: service, labels: labels, environmentName: environmentName, plans: plans)
    let runs = TenantRuns(
      prepared: prepared, start: start, journal: journal, options: options, service: service,
      secrets: secrets, clock: clock, environment: environment, plans: plans)
    return try await LiveRollout(
      prepared: prepared, start: start,
      machine: RolloutMachine(start: start, limits: prepared.limits),
      record: RolloutRecord(
        new: start.rollout, texts: texts, limits: prepared.groupLimits),
      runs: runs, transport: transport, output: output, environment: environment,
      noWait: noWait, connections: connections, tracesRequests: tracesRequests
    ).perform()
  }

}

extension PreparedRollout {
  /// What a rollout of it at `service` is started with, and the texts that are recorded with that.
  func start(
    as rollout: RunID = .random, at service: ServiceOrigins?, labels: [RunLabel],
    environmentName: String?, plans: SavedTenantPlans? = nil
  ) throws -> (RolloutStart, [StoredText]) {
    var source = origin
    source.savedPlan = plans.map { CommandPath.absolute($0.path) }
    let origin = try StoredText(source.text)
    let tenantsText = try StoredText(tenants.text)
    let start = RolloutStart(
      rollout: rollout, name: definition.name, file: definition.file,
      playbook: checked.planned.name, tenantsFile: definition.tenantsPath,
      tenantCount: tenants.count, mode: definition.mode, limits: limits.encoded,
      stages: limits.stages, environment: environmentName, service: service, labels: labels,
      version: Version.text, seed: seed, definition: Hexadecimal.encode(origin.digest.bytes),
      tenants: Hexadecimal.encode(tenantsText.digest.bytes), pinned: pinned)
    return (start, texts + [origin, tenantsText])
  }

  /// What its runs share.
  var groupLimits: RunGroupLimits {
    RunGroupLimits(maxFailures: limits.maxFailures, votesAtOnce: limits.votesAtOnce)
  }
}

extension RunID {
  /// Another id each time.
  static var random: RunID {
    var generator = SystemRandomNumberGenerator()
    return RunID(using: &generator)
  }
}

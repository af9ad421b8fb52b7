import Diagnostics
import Events
import Expressions
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Planning
import Playbooks
import Reporting
import Rollouts
import Running
import Tenants

/// Plans a rollout, tenant by tenant: only reads are sent.
struct RolloutPlanning {
  let source: RolloutSourceOptions
  let environment: [String: String]
  let output: PlanOutputOptions
  /// The path of the file that keeps the plans of the tenants; nil keeps none.
  var save: String?
  /// Whether nothing is sent.
  var isOffline = false

  func perform(_ definition: RolloutDefinition, _ texts: SourceTexts) async throws -> ExitStatus {
    let planned = try await plan(definition, texts)
    output.write(planned.report, environment: environment)
    if !isOffline {
      try await planned.notify(environment, isQuiet: output.quiet)
    }
    return status(of: planned)
  }

  /// The plans of all tenants; nothing is printed but what is wrong with the files.
  func plan(
    _ definition: RolloutDefinition, _ texts: SourceTexts
  ) async throws -> PlannedRollout {
    let choice = try source.environment.choice(
      environment, rolloutFile: definition.environmentName)
    let options = try source.journal.settings(choice)
    let prepared = try RolloutPreparation(
      options: source, environment: environment, selected: choice.selected,
      report: { StandardStream.report($0, quoting: $1) }
    ).prepare(definition, texts)
    let service = ServiceSettings(
      options: source.service, choice: choice, isQuiet: output.quiet)
    let target: ServiceTarget =
      isOffline
      ? .nothing
      : try source.sandbox.target(for: prepared.anyPlan, else: service, environment: environment)
    let reader = try? options.reader()
    let keeping = try save.map { path in
      try SavedTenantPlans.Writer(to: path, options)
    }
    let id = RunID.random
    let report = try await RolloutPlanMaking(
      prepared: prepared, rollout: id, options: options, reader: reader,
      labels: source.labels.added(to: definition.labels, choice.selected),
      environmentName: choice.selected?.name, environment: environment,
      planning: Planning(isOffline: isOffline), keeping: keeping,
      trace: output.trace(environment: environment)
    ).report(calling: target)
    if let keeping { try keep(keeping, report) }
    return PlannedRollout(
      id: id, report: report, prepared: prepared, environmentName: choice.selected?.name,
      options: options, connections: try service.connections(environment))
  }

  private func keep(_ writer: SavedTenantPlans.Writer, _ report: RolloutPlanReport) throws {
    guard !report.failed else {
      // How it ended decides on the exit code.
      StandardStream.error.write("privirun: the plan is not complete, so that it was not saved\n")
      return
    }
    try writer.commit()
    guard !output.quiet else { return }
    StandardStream.error.write(
      "privirun: the plan is in \(writer.path); `privirun rollout run --plan` with the same rollout file "
        + "does it\n")
  }

  private func status(of planned: PlannedRollout) -> ExitStatus {
    guard planned.outcome == .succeeded else { return .failed }
    return output.exitCode && planned.isDifferent ? .different : .succeeded
  }
}

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

  init(
    prepared: PreparedRollout, rollout: RunID, options: JournalSettings, reader: JournalReader?,
    service: ServiceOrigins?, secrets: [Secret], labels: [RunLabel], environmentName: String?,
    planning: Planning, environment: [String: String], savesPlans: Bool
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
  }

  /// What is planned for one tenant.
  struct Made: Sendable {
    let content: RolloutPlanReport.TenantPlan
    /// The events of the plan, with the digests of input files; empty for a tenant that was refused.
    var events: [RunEvent] = []
  }

  /// Plans every tenant, as many at once as the rollout's concurrency allows, and hands the plans over in
  /// the order of the tenants.
  func each(
    in host: PlanHost, _ take: (String, Made) throws -> Void
  ) async throws {
    let count = prepared.tenants.count
    try await withThrowingTaskGroup(of: (Int, String, Made).self) { group in
      var (begun, inProgress, next) = (0, 0, 0)
      var finished: [Int: (String, Made)] = [:]
      func beginOthers() {
        // What is finished and waits for an earlier tenant is kept, so that it has a limit, too.
        while begun < count, inProgress < prepared.limits.concurrency,
          finished.count < Self.mostFinished
        {
          let index = begun
          (begun, inProgress) = (begun + 1, inProgress + 1)
          group.addTask { try await made(index, in: host) }
        }
      }
      beginOthers()
      while let (index, tenant, plan) = try await group.next() {
        inProgress -= 1
        finished[index] = (tenant, plan)
        while let (tenant, plan) = finished.removeValue(forKey: next) {
          try take(tenant, plan)
          next += 1
        }
        beginOthers()
      }
    }
  }

  /// So many plans at most wait until those of earlier tenants are made.
  private static let mostFinished = 1000

  private func made(_ index: Int, in host: PlanHost) async throws -> (Int, String, Made) {
    let tenant: Tenant
    do throws(InvalidInput) {
      tenant = try prepared.tenants[index]
    } catch {
      let name = "tenant \(index + 1)"
      return (index, name, refused(error, of: name, at: index))
    }
    do {
      return (index, tenant.name, try await plan(tenant, index, in: host))
    } catch let error as InvalidInput {
      return (index, tenant.name, refused(error, of: tenant.name, at: index))
    } catch let failure as CommandFailure where failure.status == .invalid {
      let refusal = TenantRefusal(
        tenant: tenant.name, index: index, reason: failure.reason, hint: failure.hint)
      return (index, tenant.name, Made(content: .refused(refusal)))
    }
  }

  private func refused(_ error: InvalidInput, of tenant: String, at index: Int) -> Made {
    Made(content: .refused(TenantRefusal(error, of: tenant, at: index)))
  }

  private func plan(_ tenant: Tenant, _ index: Int, in host: PlanHost) async throws -> Made {
    var plan = try await BlockingThreads.result { () throws(InvalidInput) -> Plan in
      try prepared.plan(for: tenant)
    }
    plan.plainSecrets += secrets
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
    guard savesPlans else { return Made(content: .plan(report)) }
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

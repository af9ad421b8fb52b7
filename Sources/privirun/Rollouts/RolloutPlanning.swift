import Diagnostics
import Events
import Journaling
import Machine
import Networking
import Operations
import Planning
import Reporting
import Rollouts

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

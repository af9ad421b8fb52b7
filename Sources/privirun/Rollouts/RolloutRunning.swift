import Diagnostics
import Events
import Expressions
import Journaling
import Planning
import Reporting
import Rollouts
import Tenants

/// Runs a rollout from its definition to its end, as `rollout run` and `run --tenants` do.
struct RolloutRunning {
  let source: RolloutSourceOptions
  let confirmation: ConfirmationOptions
  let tracing: TraceOptions
  let output: OutputOptions
  let environment: [String: String]
  /// Whether a rollout that only a person brings any further is left.
  var noWait = false
  /// The file of a plan that the tenants' runs keep to.
  var savedPlan: String?

  func perform(_ definition: RolloutDefinition, _ texts: SourceTexts) async throws -> ExitStatus {
    guard definition.mode == .apply else {
      return try await planned(definition, texts)
    }
    let choice = try source.environment.choice(
      environment, rolloutFile: definition.environmentName)
    let options = try source.journal.settings(choice)
    var service = ServiceSettings(
      options: source.service, choice: choice, isQuiet: output.quiet)
    service.tracesRequests = tracing.traceContext
    let prepared = try RolloutPreparation(
      options: source, environment: environment, selected: choice.selected, report: output.report
    ).prepare(definition, texts)
    let target = try source.sandbox.target(
      for: prepared.anyPlan, else: service, environment: environment)
    let count = prepared.tenants.count
    try ProtectedEnvironment(choice.selected, calling: target)?.confirm(
      "run the rollout `\(definition.name)` for \(count) \(count == 1 ? "tenant" : "tenants")",
      confirmation)
    let journal = try options.writerForRunning()
    // The folder of the journal, which is made by now, may be that of the outputs.
    try prepared.outputsFile()?.requireWritable()
    try reportMissing(prepared, in: journal.reader, options)
    let saved = try savedPlan.map { try SavedTenantPlans(at: $0, options) }
    try saved?.requirePlans(of: prepared.tenants)
    let labels = source.labels.added(
      to: prepared.definition.labels, choice.selected)
    let connections = try service.connections(environment)
    return try await target.withTransport { transport, origins in
      try await RolloutStarting(
        prepared: prepared, journal: journal, options: options, output: output,
        environment: environment, noWait: noWait, labels: labels,
        environmentName: choice.selected?.name,
        secrets: target.secrets, connections: connections,
        tracesRequests: service.sendsTraceContext, plans: saved
      ).perform(over: transport, at: origins)
    }
  }

  /// A rollout that only plans, or looks for drift.
  private func planned(
    _ definition: RolloutDefinition, _ texts: SourceTexts
  ) async throws -> ExitStatus {
    try await RolloutPlanning(
      source: source, environment: environment, output: PlanOutputOptions(output)
    ).perform(definition, texts)
  }

  /// Names the tenants of the latest rollout of the same name that are not in the tenants file any more.
  private func reportMissing(
    _ prepared: PreparedRollout, in reader: JournalReader, _ options: JournalSettings
  ) throws {
    guard !output.quiet else { return }
    let gone = try prepared.goneTenants(in: reader, options)
    guard !gone.isEmpty else { return }
    StandardStream.error.write("privirun: \(prepared.text(ofGone: gone))\n")
  }
}

extension CheckedPlaybook {
  /// A plan without inputs, for what every tenant's plan has in common.
  var anyPlan: Plan {
    get throws {
      Plan(playbook: planned, inputs: [:], api: api, digest: try digest, zones: zones)
    }
  }
}

extension PreparedRollout {
  /// A plan without inputs, for what every tenant's plan has in common.
  var anyPlan: Plan { get throws { try checked.anyPlan } }

  /// The tenants of the latest rollout of the same name that are not in the tenants file any more.
  func goneTenants(in reader: JournalReader, _ options: JournalSettings) throws -> [String] {
    try options.translated { () throws(JournalError) in
      guard let last = try reader.latestRollout(called: definition.name) else { return [] }
      return try reader.tenantRuns(of: last.rollout).map(\.tenant)
        .filter { !namesInFile.contains($0) }
    }
  }

  /// What is said about tenants that are gone.
  func text(ofGone names: [String]) -> String {
    let shown = names.prefix(10).joined(separator: ", ")
    let rest = names.count > 10 ? " and \(names.count - 10) more" : ""
    return "\(names.count) \(names.count == 1 ? "tenant" : "tenants") of the last rollout "
      + "`\(definition.name)` \(names.count == 1 ? "is" : "are") not in \(definition.tenantsPath) any "
      + "more: \(shown)\(rest)"
  }
}

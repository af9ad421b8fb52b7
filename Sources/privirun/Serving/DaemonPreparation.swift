import Diagnostics
import Events
import Files
import Planning
import Playbooks
import Rollouts

/// A rollout that is read and checked, and where it runs.
struct ReadyRollout: Sendable {
  var prepared: PreparedRollout
  let choice: EnvironmentChoice
  let target: ServiceTarget
  /// The labels of the file and of the environment.
  let labels: [RunLabel]
}

/// Reads and checks everything that a rollout of a daemon needs; blocks meanwhile.
struct DaemonPreparation: Sendable {
  let rollouts: DaemonRollouts
  let definition: RolloutDefinition
  let diagnostics: CollectedDiagnostics

  private var options: DaemonOptions { rollouts.options }

  /// The rollout; throws when it cannot be started.
  func ready() throws -> ReadyRollout {
    do {
      return try checked()
    } catch {
      // Diagnostics quote what tenants have, and their secrets are not read yet.
      options.secrets.add(namedByFilesOf: definition)
      throw error
    }
  }

  private func checked() throws -> ReadyRollout {
    let choice = try options.choice(definition.environmentName, report: diagnostics.add)
    if let selected = choice.selected { options.secrets.add(namedInFile: selected.file) }
    var preparation = RolloutPreparation(
      options: options.source, environment: options.environment, selected: choice.selected,
      report: diagnostics.add)
    preparation.description = try rollouts.descriptions.current()
    let prepared = try preparation.prepare(definition, SourceTexts())
    let target = try options.target(for: prepared.anyPlan, in: choice, definition.mode)
    try prepared.outputsFile()?.requireWritable()
    return ReadyRollout(
      prepared: prepared, choice: choice, target: target,
      labels: options.source.labels.added(to: prepared.definition.labels, choice.selected))
  }
}

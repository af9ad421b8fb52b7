import Planning
import Rollouts
import Serving

/// Finds out which rollouts could not be started if they were due, as far as their environments say so.
struct StartObjections: Sendable {
  /// A rollout that cannot be started.
  struct Objection: Sendable {
    let rollout: ServedRollout
    let refusal: StartRefusal
  }

  let rollouts: DaemonRollouts

  private var options: DaemonOptions { rollouts.options }

  /// Those of `served` that cannot be started, in the order of their names; blocks while files are read.
  func find(in served: [ServedRollout]) -> [Objection] {
    Dictionary(grouping: served) { $0.definition.environmentName }
      .flatMap { name, served in find(in: served, ofEnvironment: name) }
      .sorted { $0.rollout.name < $1.rollout.name }
  }

  private func find(in served: [ServedRollout], ofEnvironment name: String?) -> [Objection] {
    let diagnostics = CollectedDiagnostics(hiding: options.secrets)
    do {
      let choice = try options.choice(name, report: diagnostics.add)
      guard options.needsConfirmation(choice) else { return [] }
      return served.compactMap { rollout in
        refusal(of: rollout.definition, in: choice).map {
          Objection(rollout: rollout, refusal: $0)
        }
      }
    } catch {
      let refusal = diagnostics.refusal(error)
      return served.map { Objection(rollout: $0, refusal: refusal) }
    }
  }

  /// Nil also where the playbook has an error, which is reported when the rollout is due.
  private func refusal(
    of definition: RolloutDefinition, in choice: EnvironmentChoice
  ) -> StartRefusal? {
    guard let api = try? rollouts.descriptions.current().description,
      let (checked, _) = try? PlaybookChecking(api: api, report: { _, _ in })
        .load(definition.playbookPath)
    else { return nil }
    do {
      _ = try options.target(for: checked.anyPlan, in: choice, definition.mode)
      return nil
    } catch {
      return CollectedDiagnostics(hiding: options.secrets).refusal(error)
    }
  }
}

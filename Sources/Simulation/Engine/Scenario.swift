package import Events
package import Machine
package import Operations
import OrderedCollections
package import Planning
package import Sandbox

/// What is simulated: a plan, the service it is carried out against, and the files it finds.
package struct Scenario: Sendable {
  /// What is carried out.
  package var plan: Plan
  /// How the service behaves, its faults included.
  package var vault: VaultConfiguration
  /// How long messages take.
  package var conditions: NetworkConditions
  /// The files that are there at the beginning; every simulation has a copy of its own.
  package var files: SimulatedFiles
  /// When the run begins, in virtual time.
  package var start: Moment
  /// The limits of the run.
  package var settings: RunSettings
  /// What happens when an operation is sent twice, by its id; what the machine believes is in the plan.
  package var repetitions: [String: Operation.Repetition]
  /// How many effects a step may have whose operation must not be repeated; one unless it says more.
  package var allowedEffects: [StepPath: Int] = [:]
  /// Whether an operator continues a run that ended in doubt, with what the service did.
  package var resolvesDoubt = false
  /// What falsifies the machine; nil outside tests of the simulator itself.
  package var tampering: Tampering?

  /// A scenario whose plan's own description says what a repeat does.
  package init(
    plan: Plan, vault: VaultConfiguration = VaultConfiguration(),
    conditions: NetworkConditions = NetworkConditions(), files: SimulatedFiles, start: Moment,
    settings: RunSettings = RunSettings()
  ) {
    self.plan = plan
    self.vault = vault
    self.conditions = conditions
    self.files = files
    self.start = start
    self.settings = settings
    repetitions = Dictionary(
      plan.api.operations.values.map { ($0.id, $0.repetition) },
      uniquingKeysWith: { first, _ in first })
  }
}

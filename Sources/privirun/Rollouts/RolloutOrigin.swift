import Diagnostics
import Expressions
import Notifications
import Planning
import Rollouts

/// What a rollout is made from besides its playbook and its tenants, as its journal keeps it.
struct RolloutOrigin: Sendable {
  let definition: RolloutDefinition
  let inputs: GivenInputs
  let literals: SecretRules.Literals
  /// The path, from the root, of the plans that the runs of tenants keep to; nil where they keep to none.
  var savedPlan: String?
  /// The due instant that the schedule started the rollout for; nil where a person did.
  var schedule: NotifiedSchedule?

  /// The text that the journal keeps.
  ///
  /// What starts the rollout is no part of it: a rollout is resumed where its time zone is not known, too.
  var text: [UInt8] {
    var begun = definition
    begun.schedule = nil
    // After it is resumed, the same are notified.
    if schedule != nil { begun.notify += definition.scheduleNotify }
    begun.scheduleNotify = []
    let value: Value = [
      "file": .string(definition.file), "definition": .string(begun.text),
      "inputs": inputs.value, "literals": .bool(literals == .allowed),
      "plan": savedPlan.map { .string($0) } ?? .null, "schedule": schedule?.value ?? .null,
    ]
    return Array(JSON.text(value).utf8)
  }

  init(definition: RolloutDefinition, inputs: GivenInputs, literals: SecretRules.Literals) {
    self.definition = definition
    self.inputs = inputs
    self.literals = literals
  }

  /// What `text` holds; nil where it is none of ours.
  init?(text: [UInt8]) {
    guard let value = try? JSON.parse(text), let file = value[field: "file"]?.text,
      let definition = value[field: "definition"]?.text,
      let read = try? RolloutFile.read(Array(definition.utf8), file: file),
      let inputs = value[field: "inputs"].flatMap(GivenInputs.init)
    else { return nil }
    self.init(
      definition: read, inputs: inputs,
      literals: value[field: "literals"] == true ? .allowed : .refused)
    savedPlan = value[field: "plan"]?.text
    schedule = value[field: "schedule"].flatMap(NotifiedSchedule.init)
  }
}

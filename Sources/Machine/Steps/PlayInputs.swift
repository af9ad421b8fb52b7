import Diagnostics
import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

extension PlannedPlaybook {
  /// Adds the defaults to the inputs of a nested play and checks what only now is known.
  func complete(_ inputs: inout ValueMap) throws(Failure) {
    for (name, declaration) in self.inputs {
      guard let given = inputs[name] else {
        guard let value = declaration.defaultValue else {
          throw Failure(.expectation, "`\(self.name)` needs the input `\(name)`")
        }
        inputs[name] = value
        continue
      }
      // Its value, or a part of it, is known only once the run made it.
      guard !given.holdsUnknown else {
        inputs[name] = declaration.type.value(from: given, .computed) ?? given
        continue
      }
      let flaw = declaration.schema.partObjections(to: given).first
      guard flaw == nil, let value = declaration.type.value(from: given, .computed) else {
        let objection = flaw?.objection ?? .wrongType(expected: declaration.type.phrase)
        throw Failure(
          .expectation,
          "the input `\(name)\(flaw?.path ?? "")` of `\(self.name)` \(objection.phrase)")
      }
      inputs[name] = value
    }
    inputs = inputs.hiding(hiddenInputs)
  }
}

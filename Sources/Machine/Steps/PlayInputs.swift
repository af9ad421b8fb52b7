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
      // To what is known only once the run made it, nothing is objected yet.
      let flaws = declaration.schema.partObjections(to: given)
      let value = declaration.type.value(from: given, .computed)
      guard flaws.isEmpty, value != nil || given.holdsUnknown else {
        throw Failure(.expectation, self.objection(to: name, declaration, flaws))
      }
      inputs[name] = value ?? given
    }
    inputs = inputs.hiding(hiddenInputs)
  }

  /// One sentence about all that is wrong with a value for the input `name`.
  private func objection(
    to name: String, _ declaration: InputDeclaration, _ flaws: [ValueSchema.PartObjection]
  ) -> String {
    let what = "the input `\(name)"
    guard !flaws.isEmpty else {
      let objection = ValueObjection.wrongType(expected: declaration.type.phrase)
      return "\(what)` of `\(self.name)` \(objection.phrase)"
    }
    let parts = flaws.prefix(Self.mostFlaws).map { flaw in
      "\(what)\(flaw.path)` of `\(self.name)` \(flaw.objection.phrase)"
    }
    let others = flaws.count - parts.count
    return parts.joined(separator: "; ") + (others > 0 ? "; and \(others) more" : "")
  }

  /// So many flaws of a value are named.
  private static var mostFlaws: Int { 5 }
}

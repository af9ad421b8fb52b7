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
      guard let value = inputs[name] ?? declaration.defaultValue else {
        throw Failure(.expectation, "`\(self.name)` needs the input `\(name)`")
      }
      guard declaration.kind.admits(value) else {
        throw Failure(
          .expectation, "the input `\(name)` of `\(self.name)` must be \(declaration.kind.title)")
      }
      inputs[name] = declaration.kind.hiding(value)
    }
    inputs = inputs.hiding(hiddenInputs)
  }
}

extension InputDeclaration.Kind {
  /// `value` with everything secret in it that is declared so.
  fileprivate func hiding(_ value: Value) -> Value {
    switch (self, value) {
    case (.secret, let value): value.hidden
    case (.list(let kind?), .list(let elements)): .list(elements.map(kind.hiding))
    case (.map(let kind?), .map(let map)): .map(ValueMap(map.entries.mapValues(kind.hiding)))
    case (.string, _), (.integer, _), (.number, _), (.boolean, _), (.file, _), (.list, _),
      (.map, _):
      value
    }
  }

  /// Whether `value`, secret or not, is of this kind.
  fileprivate func admits(_ value: Value) -> Bool {
    switch (self, value.isSecret ? value.revealed : value) {
    case (.string, .string), (.secret, .string), (.integer, .int), (.integer, .uint),
      (.number, .int), (.number, .uint), (.number, .double), (.boolean, .bool), (.file, .map),
      (.file, .string), (.list(of: nil), .list), (.map(of: nil), .map):
      true
    case (.list(let kind?), .list(let elements)): elements.allSatisfy(kind.admits)
    case (.map(let kind?), .map(let map)): map.entries.values.allSatisfy(kind.admits)
    case (.string, _), (.secret, _), (.integer, _), (.number, _), (.boolean, _), (.file, _),
      (.list, _), (.map, _):
      false
    }
  }

  fileprivate var title: String {
    switch self {
    case .string, .secret: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "true or false"
    case .file: "a file"
    case .list: "a list"
    case .map: "a map"
    }
  }
}

package import Expressions
import OrderedCollections
import Playbooks

/// A part of an input, such as the `password` of every element of `users`.
package struct InputPath: Sendable, Hashable {
  /// The name of the input.
  package var name: String
  /// The way from the input's value to the part, outermost first; empty for the whole input.
  package var path: [Expression.Contribution.Part]

  /// The part of the input `name` at `path`, the whole input unless a path is given.
  package init(name: String, path: [Expression.Contribution.Part] = []) {
    self.name = name
    self.path = path
  }
}

extension PlannedPlaybook {
  /// The names whose values are secret: of inputs, and of fields of their records.
  package var secretNames: Set<String> {
    var names = Set(hiddenInputs.map(\.name))
    for (name, input) in inputs { names.formUnion(input.type.secretNames(under: name)) }
    return names
  }
}

extension ValueType {
  fileprivate func secretNames(under name: String) -> Set<String> {
    switch self {
    case .secret: [name]
    case .list(let element), .map(let element): element.secretNames(under: name)
    case .record(let fields):
      fields.reduce(into: []) { $0.formUnion($1.value.type.secretNames(under: $1.key)) }
    case .string, .integer, .number, .boolean, .bytes, .file, .any: []
    }
  }
}

extension ValueMap {
  /// The inputs with these parts of them made secret.
  package func hiding(_ paths: some Sequence<InputPath>) -> ValueMap {
    var hidden = self
    for path in paths {
      hidden[path.name] = hidden[path.name]?.hiding(path.path[...])
    }
    return hidden
  }
}

extension Value {
  /// The value with what is found by `path` made secret; the whole where it cannot be followed.
  fileprivate func hiding(_ path: ArraySlice<Expression.Contribution.Part>) -> Value {
    guard let part = path.first else { return hidden }
    let rest = path.dropFirst()
    switch (part, self) {
    case (.field(let name), .map(var map)):
      map[name] = map[name]?.hiding(rest)
      return .map(map)
    case (.element, .map(let map)): return .map(ValueMap(map.entries.mapValues { $0.hiding(rest) }))
    case (.element, .list(let elements)): return .list(elements.map { $0.hiding(rest) })
    case (.field, _), (.element, _): return hidden
    }
  }
}

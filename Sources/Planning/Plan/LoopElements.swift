package import Expressions
import OrderedCollections

/// What a `for-each` goes through, in its order.
package struct LoopElements: Sendable, Hashable {
  /// The elements of a list, or the values of a map.
  package let values: [Value]
  /// The keys of a map; nil for a list.
  package let keys: [Value]?

  /// The elements of a list or map, secret ones of a secret one; nil where `value` is neither.
  package init?(of value: Value) {
    switch value {
    case .list(let elements): (values, keys) = (elements, nil)
    case .map(let map): (values, keys) = (Array(map.entries.values), Array(map.entries.keys))
    case .secret(let secret):
      guard let elements = LoopElements(of: secret.reveal()) else { return nil }
      values = elements.values.map(\.hidden)
      keys = elements.keys.map { $0.map(\.hidden) }
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .unknown:
      return nil
    }
  }

  /// The elements of a list.
  package init(_ elements: [Value]) { (values, keys) = (elements, nil) }

  /// How many rounds there are.
  package var count: Int { values.count }

  /// What the round `number`, which must be one, binds by name.
  package func variables(of number: Int, in loop: PlannedLoop) -> [String: Value] {
    var variables = [loop.variable: values[number]]
    if let key = loop.key { variables[key] = keys?[number] ?? .null }
    if let index = loop.index { variables[index] = .int(Int64(number)) }
    return variables
  }
}

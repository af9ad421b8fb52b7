import Expressions
import OrderedCollections

/// Writes a checked value as the name-value pairs of a query or a form.
///
/// A list repeats `name[]`, a map becomes `name[key]` (protocol.md §1). Null is not sent, and what is
/// unknown is refused.
struct WireFields {
  private(set) var fields: [HTTPField] = []

  /// Adds `value` under `name`; `field` is the author's name for it.
  mutating func append(
    _ value: Value, as name: String, field: String, depth: Int = 0
  ) throws(RequestError) {
    guard depth <= 8 else { throw .tooDeep(field: field) }
    switch value {
    case .null: return
    case .list(let elements):
      for element in elements {
        try append(element, as: "\(name)[]", field: field, depth: depth + 1)
      }
    case .map(let map):
      for (key, element) in map.entries {
        try append(
          element, as: "\(name)[\(key.plainText ?? "")]", field: field, depth: depth + 1)
      }
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .secret:
      fields.append(HTTPField(name, value.plainText ?? ""))
    case .unknown: throw .unknownValue(field: field)
    }
  }
}

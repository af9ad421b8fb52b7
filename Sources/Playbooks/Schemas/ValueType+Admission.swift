package import Expressions
import OrderedCollections

/// Whether something is of the kind that is required.
///
/// Stricter than the API: a number does not stand for a text nor a text for a
/// number, since a version `1.10` or an id `007` would silently change. Bytes stand for text where
/// a field wants text, and become base64 (protocol.md §6).
extension ValueType {
  /// Whether a value of `type` fits, as far as is known before anything runs.
  package func admits(_ type: StaticType) -> Bool {
    switch (self, type) {
    case (_, .dyn), (_, .unavailable): return true
    case (_, .attribute(let type)): return admits(type)
    case (.any, let type): return type != .null
    case (.string, .string), (.string, .bytes), (.secret, .string), (.secret, .bytes),
      (.bytes, .bytes), (.bytes, .string),
      (.integer, .int), (.integer, .uint), (.number, .int), (.number, .uint), (.number, .double),
      (.boolean, .bool):
      return true
    case (.list(let wanted), .list(let found)): return wanted.admits(found)
    case (.map(let wanted), .map(let key, let found)):
      return StaticType.string.accepts(key) && wanted.admits(found)
    case (.map(let wanted), .object(let fields)):
      return fields.values.allSatisfy { $0.isAttribute || wanted.admits($0) }
    case (.file, .object(let fields)):
      return Self.fileParts.allSatisfy { fields[$0] != nil }
    case (.file, .map(let key, _)): return StaticType.string.accepts(key)
    case (.record(let fields), .object(let found)):
      return found.allSatisfy { name, type in
        type.isAttribute || fields[name].map { $0.type.admits(type) } ?? false
      } && fields.allSatisfy { $1.defaultValue != nil || found[$0] != nil }
    // Which fields it has is known only at run time.
    case (.record(let fields), .map(let key, let found)):
      return StaticType.string.accepts(key)
        && fields.values.contains { $0.type.admits(found) }
    case (.string, _), (.secret, _), (.integer, _), (.number, _), (.boolean, _), (.bytes, _),
      (.file, _), (.list, _), (.map, _), (.record, _):
      return false
    }
  }

  /// What expressions see of a file.
  private static let fileParts = ["path", "name", "extension", "size"]

  /// Whether `value`, secret or not, fits.
  package func admits(_ value: Value) -> Bool {
    switch (self, value.isSecret ? value.revealed : value) {
    // Elements of any type may be null, too.
    case (.list(.any), .list), (.map(.any), .map): true
    case (.list(let wanted), .list(let elements)): elements.allSatisfy { wanted.admits($0) }
    case (.map(let wanted), .map(let map)):
      map.names.count == map.count && map.entries.values.allSatisfy { wanted.admits($0) }
    case (.record(let fields), .map(let map)):
      map.names.count == map.count
        && map.entries.allSatisfy { key, value in
          fields[key.text ?? ""].map { $0.type.admits(value) } ?? false
        } && fields.allSatisfy { $1.defaultValue != nil || map[$0] != nil }
    case (.file, .map(let map)): Self.fileParts.allSatisfy { map[$0] != nil }
    case (_, let value): admits(StaticType(of: value))
    }
  }
}

extension StaticType {
  /// What a value of this type is called, with its article.
  package var phrase: String {
    switch self {
    case .dyn, .unavailable: "a value"
    case .null: "null"
    case .bool: "true or false"
    case .int, .uint: "an integer"
    case .double: "a number"
    case .string: "a string"
    case .bytes: "bytes"
    case .timestamp: "a timestamp"
    case .duration: "a duration"
    case .type: "a type"
    case .list: "a list"
    case .map, .object: "a map"
    case .attribute(let type): type.phrase
    }
  }
}

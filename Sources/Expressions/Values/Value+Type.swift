extension Value {
  /// The name of the value's type, as `type()` answers it; that of what it hides for a secret.
  ///
  /// `unknown` where that is not known; no expression ever sees this name.
  package var typeName: String {
    switch self {
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .list: "list"
    case .map: optionalContent == nil ? "map" : Self.optionalTypeName
    case .timestamp: Self.timestampTypeName
    case .duration: Self.durationTypeName
    case .type: "type"
    case .secret(let secret): secret.reveal().typeName
    case .unknown: "unknown"
    }
  }

  static let timestampTypeName = "google.protobuf.Timestamp"
  static let durationTypeName = "google.protobuf.Duration"
  static let optionalTypeName = "optional_type"

  /// The names that stand for types in an expression.
  static let typeNames: Set<String> = [
    "null_type", "bool", "int", "uint", "double", "string", "bytes", "list", "map", "type",
    timestampTypeName, durationTypeName, optionalTypeName,
  ]
}

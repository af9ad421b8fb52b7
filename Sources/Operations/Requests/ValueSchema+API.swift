package import Expressions
package import Playbooks

extension ValueSchema {
  /// The value to send for `value` under the name `name`: of the schema's type, its secrecy off.
  ///
  /// Numbers and strings of their digits stand in for each other; bytes become base64 where a string
  /// is needed. Throws `unknownValue` where any part of the value is unknown.
  package func apiValue(of value: Value, name: String) throws(RequestError) -> Value {
    guard !value.holdsUnknown else { throw .unknownValue(field: name) }
    guard let converted = type.apiValue(of: value.revealed) else {
      throw .objection(field: name, .wrongType(expected: type.phrase))
    }
    var schema = self
    schema.isSensitive = isSensitive || value.holdsSecret
    if let objection = schema.boundObjections(to: converted).first {
      throw .objection(field: name, objection)
    }
    return converted
  }
}

extension ValueType {
  /// The revealed `value` as services send and take this type, or nil when it cannot be converted.
  func apiValue(of value: Value) -> Value? {
    switch self {
    case .string, .secret: return value.plainText.map { .string($0) }
    case .integer: return value.integer.map { .int($0) }
    case .number: return value.number
    case .boolean: return value.boolean.map { .bool($0) }
    case .bytes:
      if case .bytes = value { return value }
      if case .string(let text) = value { return .bytes(Array(text.utf8)) }
      return nil
    case .list(let element):
      guard case .list(let elements) = value else { return nil }
      let converted = elements.compactMap(element.apiValue)
      return converted.count == elements.count ? .list(converted) : nil
    // What is inside a map is the service's affair.
    case .map, .file, .record:
      if case .map = value { return value }
      return nil
    case .any: return value
    }
  }
}

extension Value {
  fileprivate var integer: Int64? {
    switch self {
    case .int(let int): int
    case .uint(let uint): Int64(exactly: uint)
    case .double(let double): Int64(exactly: double)
    case .string(let text): Int64(text)
    case .null, .bool, .bytes, .list, .map, .timestamp, .duration, .type, .secret, .unknown: nil
    }
  }

  fileprivate var number: Value? {
    switch self {
    case .int, .uint: self
    case .double(let double): double.isFinite ? self : nil
    case .string(let text):
      Int64(text).map { .int($0) } ?? Double(text).flatMap { $0.isFinite ? .double($0) : nil }
    case .null, .bool, .bytes, .list, .map, .timestamp, .duration, .type, .secret, .unknown: nil
    }
  }

  fileprivate var boolean: Bool? {
    switch self {
    case .bool(let bool): bool
    case .string("true"): true
    case .string("false"): false
    case .null, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type,
      .secret, .unknown:
      nil
    }
  }
}

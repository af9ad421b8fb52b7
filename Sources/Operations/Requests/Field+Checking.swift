package import Expressions
import Playbooks

extension Field {
  /// The value to send for `value` under the name `name`: of the field's kind, its secrecy off.
  ///
  /// Numbers and strings of their digits stand in for each other; bytes become base64 where a string
  /// is needed.
  package func checked(_ value: Value, name: String) throws(RequestError) -> Value {
    guard let converted = kind.convert(value.revealed) else {
      throw .wrongType(field: name, expected: kind.phrase)
    }
    if !allowed.isEmpty {
      guard let text = converted.plainText, allowed.contains(text) else {
        throw .notAllowed(field: name, allowed: allowed)
      }
    }
    let isHidden = isSensitive || value.holdsSecret
    if let demand = Measure(of: converted)?
      .demand(minimum: minimum, maximum: maximum, isHidden: isHidden)
    {
      throw .outOfRange(field: name, demand: demand)
    }
    if let pattern, let text = converted.text, !InputPattern.matches(text, pattern: pattern) {
      throw .unmatched(field: name, pattern: pattern)
    }
    return converted
  }
}

extension Field.Kind {
  /// The revealed `value` as this kind, or nil when it cannot be converted.
  func convert(_ value: Value) -> Value? {
    switch self {
    case .string: return value.plainText.map { .string($0) }
    case .integer: return value.wholeNumber.map { .int($0) }
    case .number: return value.number
    case .boolean: return value.boolean.map { .bool($0) }
    case .bytes:
      if case .bytes = value { return value }
      if case .string(let text) = value { return .bytes(Array(text.utf8)) }
      return nil
    case .list(let element):
      guard case .list(let elements) = value else { return nil }
      let converted = elements.compactMap(element.convert)
      return converted.count == elements.count ? .list(converted) : nil
    case .map:
      if case .map = value { return value }
      return nil
    case .any: return value
    }
  }

  /// What a value of this kind is called, with its article.
  var phrase: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "true or false"
    case .bytes: "bytes or a string"
    case .list(let element): "a list, each element \(element.phrase)"
    case .map: "a map"
    case .any: "a value"
    }
  }
}

extension Value {
  fileprivate var wholeNumber: Int64? {
    switch self {
    case .int(let int): int
    case .uint(let uint): Int64(exactly: uint)
    case .double(let double): Int64(exactly: double)
    case .string(let text): Int64(text)
    case .null, .bool, .bytes, .list, .map, .timestamp, .duration, .type, .secret: nil
    }
  }

  fileprivate var number: Value? {
    switch self {
    case .int, .uint: self
    case .double(let double): double.isFinite ? self : nil
    case .string(let text):
      Int64(text).map { .int($0) } ?? Double(text).flatMap { $0.isFinite ? .double($0) : nil }
    case .null, .bool, .bytes, .list, .map, .timestamp, .duration, .type, .secret: nil
    }
  }

  fileprivate var boolean: Bool? {
    switch self {
    case .bool(let bool): bool
    case .string("true"): true
    case .string("false"): false
    case .null, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type,
      .secret:
      nil
    }
  }
}

package import Expressions

/// What a value must be: its type, and what bounds it.
///
/// Inputs of playbooks, fields of operations, results and the forms of `approve` have one.
///
///     let schema = ValueSchema(.integer, minimum: 1)
///     schema.objections(to: .int(0))  // [.outOfRange("must be at least 1, not 0")]
package struct ValueSchema: Sendable, Hashable {
  /// The type of the value.
  package var type: ValueType
  /// The values allowed; empty when any value will do.
  package var allowed: [Value]
  /// The least number, or the least count of characters, bytes or elements.
  package var minimum: Int?
  /// The greatest number, or the greatest count of characters, bytes or elements.
  package var maximum: Int?
  /// The regular expression (RE2) that a whole text must match.
  package var pattern: String?
  /// Whether the value is secret in every output and in the journal, whatever its type.
  package var isSensitive: Bool

  /// A schema that any value of `type` fits, unless more is said.
  package init(
    _ type: ValueType, allowed: [Value] = [], minimum: Int? = nil, maximum: Int? = nil,
    pattern: String? = nil, isSensitive: Bool = false
  ) {
    self.type = type
    self.allowed = allowed
    self.minimum = minimum
    self.maximum = maximum
    self.pattern = pattern
    self.isSensitive = isSensitive
  }

  /// Whether a value under this schema must not be quoted, or contains something that must not.
  package var holdsSecret: Bool { isSensitive || type.holdsSecret }
}

/// Why a value does not fit a schema.
package enum ValueObjection: Sendable, Hashable {
  /// It is not `expected`, which is a phrase such as `a list of strings`.
  case wrongType(expected: String)
  case notAllowed([Value])
  /// It is outside its bounds; with the end of a sentence (`Measure`).
  case outOfRange(String)
  case unmatched(pattern: String)
  /// It is a record with a field that there is none of, among those that there are.
  case unknownField(String, among: [String])
  /// It is a record without a field that it needs; with what the field must be.
  case missingField(String, expected: String)

  /// The end of a sentence that begins with what the value is for; never quotes a secret.
  package var phrase: String {
    switch self {
    case .wrongType(let expected): "must be \(expected)"
    case .notAllowed(let allowed):
      "must be one of \(allowed.map { "`\($0.displayText)`" }.joined(separator: ", "))"
    case .outOfRange(let demand): demand
    case .unmatched(let pattern): "does not match the pattern `\(pattern)`"
    case .unknownField(let name, _): "has no field `\(name)`"
    case .missingField(let name, let expected): "needs the field `\(name)` (\(expected))"
    }
  }
}

extension ValueSchema {
  /// What is wrong with `value`, which may be secret; empty when it fits, as far as that is known.
  package func objections(to value: Value) -> [ValueObjection] {
    guard type.admits(value) else { return [.wrongType(expected: type.phrase)] }
    return boundObjections(to: value)
  }

  /// What is wrong with a value of the right type.
  package func boundObjections(to value: Value) -> [ValueObjection] {
    var objections: [ValueObjection] = []
    if !allowed.isEmpty, !value.holdsUnknown, !allowed.contains(value.revealed) {
      objections.append(.notAllowed(allowed))
    }
    let demand = Measure(of: value)?.demand(
      minimum: minimum, maximum: maximum, isHidden: holdsSecret || value.holdsSecret)
    if let demand { objections.append(.outOfRange(demand)) }
    if let pattern, let text = value.text, !ValuePattern.matches(text, pattern: pattern) {
      objections.append(.unmatched(pattern: pattern))
    }
    return objections
  }
}

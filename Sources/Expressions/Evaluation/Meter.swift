import OrderedCollections

/// The steps an evaluation has left.
///
/// What is made is charged by its size, so no value outgrows the number of steps. Once empty it
/// stays empty, and every node costs a step: no `||` gets past it.
struct Meter {
  private(set) var remaining: Int

  /// The deepest nesting of a value that an expression may build.
  static let valueDepthLimit = 100

  init(_ limits: EvaluationLimits) {
    remaining = limits.steps
  }

  mutating func charge(_ steps: Int) throws(EvaluationFailure) {
    guard steps <= remaining else {
      remaining = 0
      throw EvaluationFailure("the expression takes too many steps")
    }
    remaining -= steps
  }

  /// One step for each 64 bytes.
  mutating func charge(bytes: Int) throws(EvaluationFailure) {
    try charge(bytes / 64)
  }

  /// Charges for everything inside `value`, which becomes part of a new list or map.
  mutating func charge(
    contentsOf value: Value, depth: Int = 1
  ) throws(EvaluationFailure) {
    guard depth < Self.valueDepthLimit else {
      throw EvaluationFailure("a value is nested more than \(Self.valueDepthLimit) levels deep")
    }
    try charge(1)
    switch value {
    case .null, .bool, .int, .uint, .double, .timestamp, .duration, .type, .unknown: break
    case .string(let text): try charge(bytes: text.utf8.count)
    case .bytes(let bytes): try charge(bytes: bytes.count)
    case .list(let elements):
      for element in elements { try charge(contentsOf: element, depth: depth + 1) }
    case .map(let map):
      for element in map.entries.values { try charge(contentsOf: element, depth: depth + 1) }
    case .secret(let secret): try charge(contentsOf: secret.reveal(), depth: depth)
    }
  }
}

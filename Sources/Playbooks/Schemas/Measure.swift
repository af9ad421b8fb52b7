package import Expressions

/// What the bounds of a field or input apply to: a number, or how much something holds.
package enum Measure: Sendable, Hashable {
  case number(Double)
  /// A count of `unit`, which is one word in the singular.
  case count(Int, unit: String)

  /// The measure of a value, secret or not, or nil when bounds do not apply to it.
  package init?(of value: Value) {
    switch value.revealed {
    case .int(let int): self = .number(Double(int))
    case .uint(let uint): self = .number(Double(uint))
    case .double(let double): self = .number(double)
    case .string(let text): self = .count(text.unicodeScalars.count, unit: "character")
    case .bytes(let bytes): self = .count(bytes.count, unit: "byte")
    case .list(let elements): self = .count(elements.count, unit: "element")
    case .map(let map): self = .count(map.count, unit: "entry")
    case .null, .bool, .timestamp, .duration, .type, .secret, .unknown: return nil
    }
  }

  /// The end of a sentence about a measure outside its bounds, or nil when it is inside:
  /// `must have at least 8 characters, not 3`.
  ///
  /// `isHidden` leaves out what was given, which may be secret.
  package func demand(minimum: Int?, maximum: Int?, isHidden: Bool) -> String? {
    guard let bound = exceeded(minimum: minimum, maximum: maximum) else { return nil }
    let amount = bound.isMinimum ? "at least \(bound.limit)" : "at most \(bound.limit)"
    let given = isHidden ? "" : ", not \(amountText)"
    return switch self {
    case .number: "must be \(amount)\(given)"
    case .count(_, let unit): "must have \(amount) \(Self.plural(unit, bound.limit))\(given)"
    }
  }

  private func exceeded(minimum: Int?, maximum: Int?) -> (limit: Int, isMinimum: Bool)? {
    let amount =
      switch self {
      case .number(let number): number
      case .count(let count, _): Double(count)
      }
    if let minimum, amount < Double(minimum) { return (minimum, true) }
    if let maximum, amount > Double(maximum) { return (maximum, false) }
    return nil
  }

  private var amountText: String {
    switch self {
    case .number(let number): Int64(exactly: number).map { String($0) } ?? number.description
    case .count(let count, _): String(count)
    }
  }

  private static func plural(_ unit: String, _ count: Int) -> String {
    if count == 1 { return unit }
    return unit == "entry" ? "entries" : unit + "s"
  }
}

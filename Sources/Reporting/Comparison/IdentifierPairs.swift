import Expressions

/// Identifiers and instants that a service makes anew in each run.
///
/// Where one run always has one UUID and the other always has another one, both stand for the same
/// thing.
struct IdentifierPairs: Sendable, Hashable {
  private var seconds: [String: String] = [:]
  private var firsts: [String: String] = [:]
  /// Identifiers that stand in the place of several ones of the other run.
  private var ambiguous: Set<String> = []

  /// Records that `from` and `to` stand in the same place.
  mutating func note(_ from: Value, _ to: Value) {
    guard let first = Self.identifier(from), let second = Self.identifier(to) else { return }
    if seconds[first, default: second] != second { ambiguous.insert(first) }
    if firsts[second, default: first] != first { ambiguous.insert(second) }
    seconds[first] = second
    firsts[second] = first
  }

  /// Whether such a difference is there between any two runs.
  func isGenerated(_ change: ComparedValue.Change) -> Bool {
    guard case .changed(let from, let to) = change else { return false }
    if let first = Self.identifier(from), let second = Self.identifier(to) {
      return !ambiguous.contains(first) && !ambiguous.contains(second)
    }
    return Self.isInstant(from) && Self.isInstant(to)
  }

  /// The text of a UUID (RFC 9562 §4).
  private static func identifier(_ value: Value) -> String? {
    guard case .string(let text) = value, text.utf8.count == 36 else { return nil }
    let isIdentifier = text.utf8.enumerated().allSatisfy { offset, byte in
      switch offset {
      case 8, 13, 18, 23: byte == UInt8(ascii: "-")
      default: Character(Unicode.Scalar(byte)).isHexDigit
      }
    }
    return isIdentifier ? text : nil
  }

  private static func isInstant(_ value: Value) -> Bool {
    switch value {
    case .timestamp: true
    case .string(let text): Timestamp(rfc3339: text) != nil
    case .null, .bool, .int, .uint, .double, .bytes, .list, .map, .duration, .type, .secret,
      .unknown:
      false
    }
  }
}

import Expressions
import OrderedCollections

/// The machine-readable reason of a refusal (protocol.md §2, "Rejection reasons"; §12), such as
/// `profile.not_an_owner`.
///
/// Nobody knows whether a text of the service is one before it is compared with those that are known: until
/// then it is a secret.
package enum RefusalReason {
  /// The longest text that may be one, in characters.
  private static let longest = 200

  /// What came with the refusal of a command, where it is a text.
  static func read(_ body: Value) -> Secret? { body.text.flatMap(reason) }

  /// The only text that the body of an HTTP refusal gives as the reason, under the names of §12; nil where
  /// it is about a field of `sensitiveNames`, as it may quote the value.
  static func read(_ body: AnswerBody, hiding sensitiveNames: SensitiveNames) -> Secret? {
    let texts: [String?] =
      switch body {
      case .json(let value, _): texts(in: value, depth: 0, hiding: sensitiveNames)
      case .text(let text): [text]
      case .page, .empty, .broken, .binary: []
      }
    guard texts.count == 1, let text = texts[0] else { return nil }
    return reason(text)
  }

  private static func reason(_ text: String) -> Secret? {
    let text = text.trimmed
    return text.isEmpty || text.count > longest ? nil : Secret(text)
  }

  /// The texts of `value`, with nil in place of each that is about a sensitive field.
  private static func texts(
    in value: Value, depth: Int, hiding names: SensitiveNames
  ) -> [String?] {
    guard depth < 4 else { return [] }
    switch value {
    case .string(let text): return [text]
    case .list(let elements):
      return elements.flatMap { texts(in: $0, depth: depth + 1, hiding: names) }
    case .map(let map):
      let found = texts(in: map, depth: depth, hiding: names)
      let isSensitive = ErrorReason.field(of: map).map(names.contains) ?? false
      return isSensitive ? found.map { _ in nil } : found
    case .null, .bool, .int, .uint, .double, .bytes, .timestamp, .duration, .type, .secret,
      .unknown:
      return []
    }
  }

  private static func texts(
    in map: ValueMap, depth: Int, hiding names: SensitiveNames
  ) -> [String?] {
    for name in ["errors", "violations"] {
      guard let group = map[name] else { continue }
      let found = texts(ofGroup: group, depth: depth, hiding: names)
      if !found.isEmpty { return found }
    }
    for name in ["message", "error", "detail", "title", "reason"] {
      let found = map[name].map { texts(in: $0, depth: depth + 1, hiding: names) } ?? []
      if !found.isEmpty { return found }
    }
    return []
  }

  private static func texts(
    ofGroup group: Value, depth: Int, hiding names: SensitiveNames
  ) -> [String?] {
    guard case .map(let fields) = group else {
      return texts(in: group, depth: depth + 1, hiding: names)
    }
    return fields.names.flatMap { name -> [String?] in
      guard let value = fields[name] else { return [] }
      let found = texts(in: value, depth: depth + 1, hiding: names)
      return names.contains(name) ? found.map { _ in nil } : found
    }
  }

  /// Whether `text` can be nothing but a key: 1 to 100 letters of ASCII, digits, `_`, `-` and `.`.
  package static func isKey(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."):
          true
        case _: false
        }
      }
  }
}

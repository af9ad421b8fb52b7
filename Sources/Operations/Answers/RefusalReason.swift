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

  /// The only text that the body of an HTTP refusal gives as the reason, under the names of §12.
  static func read(_ body: AnswerBody) -> Secret? {
    let texts: [String] =
      switch body {
      case .json(let value, _): texts(in: value, depth: 0)
      case .text(let text): [text]
      case .page, .empty, .broken, .binary: []
      }
    return texts.count == 1 ? reason(texts[0]) : nil
  }

  private static func reason(_ text: String) -> Secret? {
    let text = text.trimmed
    return text.isEmpty || text.count > longest ? nil : Secret(text)
  }

  private static func texts(in value: Value, depth: Int) -> [String] {
    guard depth < 4 else { return [] }
    switch value {
    case .string(let text): return [text]
    case .list(let elements): return elements.flatMap { texts(in: $0, depth: depth + 1) }
    case .map(let map):
      for name in ["errors", "violations"] {
        guard let group = map[name] else { continue }
        let parts =
          if case .map(let fields) = group { Array(fields.entries.values) } else { [group] }
        let found = parts.flatMap { texts(in: $0, depth: depth + 1) }
        if !found.isEmpty { return found }
      }
      for name in ["message", "error", "detail", "title", "reason"] {
        let found = map[name].map { texts(in: $0, depth: depth + 1) } ?? []
        if !found.isEmpty { return found }
      }
      return []
    case .null, .bool, .int, .uint, .double, .bytes, .timestamp, .duration, .type, .secret,
      .unknown:
      return []
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

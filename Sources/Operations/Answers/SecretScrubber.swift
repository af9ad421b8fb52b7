package import Expressions
import OrderedCollections

/// Takes known secrets out of texts that others wrote, such as a service that echoes a password.
///
/// Finds a secret as it is, and as it looks in an address, a form or JSON. Secrets under six
/// characters are not looked for: they would tear ordinary words apart; nor are payloads of more
/// than 4,096, which no message can hold.
package struct SecretScrubber: Sendable, CustomReflectable {
  private var needles: [String]

  package init(_ secrets: some Sequence<Secret>) {
    var found: Set<String> = []
    for secret in secrets { Self.collect(secret.reveal(), into: &found, depth: 0) }
    needles = found.sorted { ($0.count, $0) > ($1.count, $1) }
  }

  package var customMirror: Mirror { Mirror(self, children: []) }

  /// `text` with every known secret in it masked.
  package func scrub(_ text: String) -> String {
    needles.reduce(text) { $0.replacing($1, with: Secret.mask) }
  }

  /// `value` with every known secret in its texts and keys masked.
  package func scrub(_ value: Value) -> Value {
    guard !needles.isEmpty else { return value }
    switch value {
    case .string(let text): return .string(scrub(text))
    case .list(let elements): return .list(elements.map { scrub($0) })
    case .map(let map):
      let members = map.entries.map { (scrub($0.key), scrub($0.value)) }
      return .map(ValueMap(OrderedDictionary(members, uniquingKeysWith: { $1 })))
    case .null, .bool, .int, .uint, .double, .bytes, .timestamp, .duration, .type, .secret:
      return value
    }
  }

  private static func collect(_ value: Value, into found: inout Set<String>, depth: Int) {
    guard depth < 16 else { return }
    switch value {
    case .list(let elements):
      for element in elements { collect(element, into: &found, depth: depth + 1) }
    case .map(let map):
      for element in map.entries.values { collect(element, into: &found, depth: depth + 1) }
    case .secret(let secret): collect(secret.reveal(), into: &found, depth: depth + 1)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type:
      guard let text = value.plainText, (6...4096).contains(text.utf8.count) else { return }
      found.formUnion([
        text, PercentEncoding.component(text), PercentEncoding.formComponent(text),
        String(JSON.text(.string(text)).dropFirst().dropLast()),
      ])
    }
  }
}

package import Expressions
import OrderedCollections

/// Finds known secrets in what others wrote, such as a service that echoes a password.
///
/// Finds a secret as it is, and as it looks in an address, a form, JSON, base64 or hexadecimal.
/// Secrets under six bytes are not looked for: they would tear ordinary words apart; nor are
/// payloads of more than 4,096, which no message can hold. The work grows with the text alone, not
/// with the number of secrets.
package struct SecretScrubber: Sendable {
  /// The most forms that are kept; the first ones stay.
  package static let capacity = 50_000

  /// The forms of the secrets, as bytes, by their first six; the longest first.
  private var needles: [UInt64: [[UInt8]]] = [:]
  /// The first two bytes of every form: what does not begin so is passed over quickly.
  private var beginnings: Set<UInt16> = []
  private var count = 0

  package init() {}

  package init(_ secrets: some Sequence<Secret>) {
    for secret in secrets { add(secret) }
  }

  /// Looks for `secret`, and for every text inside it, from now on.
  package mutating func add(_ secret: Secret) {
    add(textsOf: secret.reveal(), depth: 0)
  }

  /// Looks for every secret inside `value` from now on.
  package mutating func add(secretsOf value: Value) {
    add(secretsOf: value, depth: 0)
  }

  /// `text` with every known secret in it masked.
  package func scrub(_ text: String) -> String {
    guard !needles.isEmpty else { return text }
    let bytes = Array(text.utf8)
    guard var found = range(in: bytes, from: 0) else { return text }
    var scrubbed: [UInt8] = []
    var position = 0
    while true {
      scrubbed += bytes[position..<found.lowerBound]
      scrubbed += Secret.mask.utf8
      position = found.upperBound
      guard let next = range(in: bytes, from: position) else { break }
      found = next
    }
    return String(decoding: scrubbed + bytes[position...], as: UTF8.self)
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

  /// `value` with everything made secret that holds a known secret; it keeps what it is otherwise.
  ///
  /// Of bytes the first 65,536 are looked at.
  package func hide(in value: Value) -> Value {
    guard !needles.isEmpty else { return value }
    switch value {
    case .string(let text): return finds(in: Array(text.utf8)) ? value.hidden : value
    case .bytes(let bytes): return finds(in: Array(bytes.prefix(65_536))) ? value.hidden : value
    case .list(let elements): return .list(elements.map { hide(in: $0) })
    case .map(let map):
      if map.entries.keys.contains(where: { finds(in: Array(($0.plainText ?? "").utf8)) }) {
        return value.hidden
      }
      return .map(ValueMap(map.entries.mapValues { hide(in: $0) }))
    case .null, .bool, .int, .uint, .double, .timestamp, .duration, .type, .secret: return value
    }
  }

  private func finds(in bytes: [UInt8]) -> Bool {
    range(in: bytes, from: 0) != nil
  }

  /// Where the next secret stands; of those that begin at one place the longest.
  private func range(in bytes: [UInt8], from start: Int) -> Range<Int>? {
    var position = start
    while position + 6 <= bytes.count {
      defer { position += 1 }
      let beginning = UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
      guard beginnings.contains(beginning), let found = needles[Self.head(bytes, at: position)]
      else { continue }
      for needle in found where bytes[position...].starts(with: needle) {
        return position..<position + needle.count
      }
    }
    return nil
  }

  /// The six bytes from `position` on, as a number.
  private static func head(_ bytes: [UInt8], at position: Int) -> UInt64 {
    bytes[position..<position + 6].reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension SecretScrubber {
  private mutating func add(secretsOf value: Value, depth: Int) {
    guard depth < 16 else { return }
    switch value {
    case .secret(let secret): add(textsOf: secret.reveal(), depth: depth)
    case .list(let elements): for element in elements { add(secretsOf: element, depth: depth + 1) }
    case .map(let map):
      for element in map.entries.values { add(secretsOf: element, depth: depth + 1) }
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type: break
    }
  }

  private mutating func add(textsOf value: Value, depth: Int) {
    guard depth < 16 else { return }
    switch value {
    case .secret(let secret): add(textsOf: secret.reveal(), depth: depth + 1)
    case .list(let elements): for element in elements { add(textsOf: element, depth: depth + 1) }
    case .map(let map):
      for element in map.entries.values { add(textsOf: element, depth: depth + 1) }
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type:
      guard let text = value.plainText, (6...4096).contains(text.utf8.count) else { return }
      for form in Self.forms(of: text) { add(Array(form.utf8)) }
    }
  }

  /// How a secret can look in what others write.
  private static func forms(of text: String) -> Set<String> {
    let bytes = Array(text.utf8)
    return [
      text, PercentEncoding.component(text), PercentEncoding.formComponent(text),
      String(JSON.text(.string(text)).dropFirst().dropLast()), Base64.encode(bytes),
      Hexadecimal.encode(bytes),
    ]
  }

  private mutating func add(_ needle: [UInt8]) {
    let head = Self.head(needle, at: 0)
    var alike = needles[head, default: []]
    guard count < Self.capacity, !alike.contains(needle) else { return }
    let place = alike.firstIndex { $0.count < needle.count } ?? alike.endIndex
    alike.insert(needle, at: place)
    needles[head] = alike
    beginnings.insert(UInt16(needle[0]) << 8 | UInt16(needle[1]))
    count += 1
  }
}

extension SecretScrubber: CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  package var description: String { "\(count) forms of secrets" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

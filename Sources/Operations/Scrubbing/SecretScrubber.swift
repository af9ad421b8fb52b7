package import Expressions
import OrderedCollections

/// Finds known secrets in what others wrote, such as a service that echoes a password.
///
/// A secret is found however it is spelt: in other case, with other white space, escaped for HTML,
/// JSON, forms or addresses (also twice), in hexadecimal or base64, alone or inside a longer encoded
/// text, and when only its first characters are left. The work is linear in the text and independent
/// of the number of secrets. A secret with fewer than six visible bytes cannot be looked for, since
/// it would tear ordinary words apart: see `hidingEverything`.
///
///     let scrubber = SecretScrubber([Secret("pass/word")])
///     scrubber.scrub("no pass%2Fword here")  // "no ••• here"
///     scrubber.scrub("Basic cGFzcy93b3Jk")  // "Basic •••"
package struct SecretScrubber: Sendable {
  /// What stands in place of a text that is hidden whole.
  package static let hiddenText =
    "\(Secret.mask) (hidden, because the service knows a secret of fewer than 6 bytes)"
  /// How much of a text is searched, in bytes, beyond what is shown of it.
  static let margin = 16_384

  private var index = SecretIndex()
  /// Texts in which nothing was found since the last secret was added.
  private var cleanTexts = CleanTexts()
  /// The secrets that are too short to be looked for, in a scrubber that hides everything.
  private var shortSecrets: [[UInt8]]?

  /// A scrubber that knows no secret and leaves every text as it is.
  package init() {}

  /// A scrubber that looks for `secrets`; payloads, and texts of fewer than six bytes, are passed
  /// over.
  package init(_ secrets: some Sequence<Secret>) {
    for secret in secrets { add(secret) }
  }

  /// Looks for `secret`, and for every text inside it, from now on; payloads are no patterns.
  package mutating func add(_ secret: Secret) {
    guard !secret.isPayload else { return }
    for text in Self.texts(in: secret.reveal()) { index.add(text) }
    cleanTexts = CleanTexts()
  }

  /// Looks for every secret inside `value` from now on.
  package mutating func add(secretsOf value: Value) {
    for secret in value.secrets { add(secret) }
  }

  /// The same scrubber for the response to a request that carried `secrets`: when one of them is too
  /// short to be found, every text of the response is hidden whole.
  package func hidingEverything(if secrets: [Secret]) -> SecretScrubber {
    let short = secrets.filter { !$0.isPayload }.flatMap { Self.texts(in: $0.reveal()) }
      .compactMap { FoldedText.ifShort($0) }
    guard !short.isEmpty else { return self }
    var scrubber = self
    scrubber.shortSecrets = short
    return scrubber
  }

  /// Whether there is nothing to be hidden.
  package var isIdle: Bool { index.isEmpty && shortSecrets == nil }

  /// `text` with every known secret in it masked.
  package func scrub(_ text: String) -> String {
    guard !isIdle, !text.isEmpty else { return text }
    guard shortSecrets == nil else { return Self.hiddenText }
    guard !cleanTexts.contains(text) else { return text }
    let bytes = Array(text.utf8)
    let found = SecretSearch(index).ranges(in: bytes)
    guard !found.isEmpty else {
      cleanTexts.insert(text)
      return text
    }
    var scrubbed: [UInt8] = []
    var position = 0
    for range in found {
      scrubbed += bytes[position..<range.lowerBound]
      scrubbed += Secret.mask.utf8
      position = range.upperBound
    }
    return String(decoding: scrubbed + bytes[position...], as: UTF8.self)
  }

  /// `text` on one line without control characters: scrubbed first, and only then smoothed and cut
  /// to `limit` characters.
  package func line(_ text: String, limit: Int) -> String {
    scrub(text.clipped(to: limit * 4 + Self.margin)).printable(limit)
  }

  /// `value` with every known secret in its texts, numbers and keys masked.
  package func scrub(_ value: Value) -> Value {
    value.rebuilt(scrub)
  }

  /// `value` as the journal keeps it: scrubbed first, and only then shortened.
  package func recordable(_ value: Value) -> Value {
    guard shortSecrets == nil || value == .null else { return .string(Self.hiddenText) }
    return value.shortened(scrub)
  }

  /// Whether `text` holds a known secret.
  package func finds(_ text: String) -> Bool {
    holdsLongSecret(text) || holdsShortSecret(text)
  }

  private func holdsLongSecret(_ text: String) -> Bool {
    guard !index.isEmpty, !cleanTexts.contains(text) else { return false }
    let isFound = !SecretSearch(index).ranges(in: Array(text.utf8)).isEmpty
    if !isFound { cleanTexts.insert(text) }
    return isFound
  }

  /// `value` with everything made secret that holds a known secret; it keeps what it is otherwise.
  ///
  /// Of bytes the first 65,536 are looked at.
  package func hide(in value: Value) -> Value {
    guard !isIdle else { return value }
    switch value {
    case .string(let text): return finds(text) ? value.hidden : value
    case .int, .uint, .double: return finds(value.plainText ?? "") ? value.hidden : value
    case .bytes(let bytes):
      let isFound = !SecretSearch(index).ranges(in: Array(bytes.prefix(65_536))).isEmpty
      return isFound ? value.hidden : value
    case .list(let elements): return .list(elements.map { hide(in: $0) })
    case .map(let map):
      if map.entries.keys.contains(where: { finds($0.plainText ?? "") }) { return value.hidden }
      return .map(ValueMap(map.entries.mapValues { hide(in: $0) }))
    case .null, .bool, .timestamp, .duration, .type, .secret, .unknown: return value
    }
  }

  /// One or two characters stand in almost every text: those must be all of it.
  private func holdsShortSecret(_ text: String) -> Bool {
    guard let shortSecrets else { return false }
    let folded = FoldedText(text).bytes
    return shortSecrets.contains { secret in
      secret.count < 3
        ? folded == secret
        : folded.indices.contains { folded[$0...].starts(with: secret) }
    }
  }

  /// Every text inside `value`; payloads are left out.
  private static func texts(in value: Value, depth: Int = 0) -> [String] {
    guard depth < 16 else { return [] }
    switch value {
    case .secret(let secret):
      return secret.isPayload ? [] : texts(in: secret.reveal(), depth: depth + 1)
    case .list(let elements): return elements.flatMap { texts(in: $0, depth: depth + 1) }
    case .map(let map): return map.entries.values.flatMap { texts(in: $0, depth: depth + 1) }
    case .null, .bool, .unknown: return []
    case .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type:
      return value.plainText.map { [$0] } ?? []
    }
  }
}

extension SecretScrubber: CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// How many spellings are looked for, and nothing of them.
  package var description: String { "\(index.count) forms of secrets" }
  /// The same as `description`, so that a debugger shows no secret.
  package var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows no secret.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Value {
  /// The same with every text, number and key replaced by what `scrub` makes of it.
  fileprivate func rebuilt(_ scrub: (String) -> String) -> Value {
    switch self {
    case .string(let text): .string(scrub(text))
    case .int, .uint, .double: scrubbedNumber(scrub)
    case .list(let elements): .list(elements.map { $0.rebuilt(scrub) })
    case .map(let map):
      .map(
        ValueMap(
          OrderedDictionary(
            map.entries.map { ($0.key.rebuilt(scrub), $0.value.rebuilt(scrub)) },
            uniquingKeysWith: { $1 })))
    case .null, .bool, .bytes, .timestamp, .duration, .type, .secret, .unknown: self
    }
  }

  /// A number that spells a secret, as the mask; any other as it is.
  func scrubbedNumber(_ scrub: (String) -> String) -> Value {
    guard let text = plainText else { return self }
    let scrubbed = scrub(text)
    return scrubbed == text ? self : .string(scrubbed)
  }
}

extension String {
  /// The first `limit` bytes, whole characters only; the text itself when it is not longer.
  func clipped(to limit: Int) -> String {
    guard utf8.count > limit else { return self }
    return String(self[..<utf8.index(startIndex, offsetBy: limit)])
  }
}

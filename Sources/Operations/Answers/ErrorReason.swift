import Expressions

/// Reads why a request was refused, in the order of protocol.md §12.
struct ErrorReason {
  /// Names whose content is never shown.
  let sensitiveNames: SensitiveNames
  /// Sees every text of the service before anything else is done to it.
  let scrubber: SecretScrubber

  /// The longest reason, in characters.
  private static let limit = 500
  /// The most single messages that a reason is put together from.
  private static let mostParts = 10

  /// One line without control characters, or nil when the body gives none.
  func read(_ body: AnswerBody) -> String? {
    let reason: String?
    switch body {
    case .json(.map(let map), _): reason = read(map, depth: 0)
    case .json(.list(let elements), _): reason = joined(elements.compactMap { entry($0, depth: 0) })
    case .json(let value, _): reason = value.plainText.map(scrubbed)
    case .text(let text): reason = scrubbed(text)
    case .page(let title):
      reason =
        title.map { "a page titled “\(scrubber.line($0, limit: 100))”" } ?? "an HTML page"
    case .empty, .broken, .binary: reason = nil
    }
    return reason.flatMap { $0.printable(Self.limit).nonEmpty }
  }

  private func scrubbed(_ text: String) -> String {
    scrubber.scrub(text.clipped(to: Self.limit * 4 + SecretScrubber.margin))
  }

  private func read(_ map: ValueMap, depth: Int) -> String? {
    for name in ["errors", "violations"] {
      if let value = map[name], let reason = group(value, depth: depth) { return reason }
    }
    for name in ["message", "error", "detail", "title", "reason"] {
      if let value = map[name], let reason = entry(value, depth: depth) { return reason }
    }
    return nil
  }

  /// Fields with texts or lists of them, or a list of texts or of field and message.
  private func group(_ value: Value, depth: Int) -> String? {
    guard case .map(let map) = value else {
      guard case .list(let elements) = value else { return entry(value, depth: depth) }
      return joined(elements.compactMap { entry($0, depth: depth) })
    }
    return joined(
      map.names.compactMap { name in
        guard let value = map[name], let text = group(value, depth: depth + 1) else { return nil }
        return "\(scrubbed(name)): \(masked(text, under: name))"
      })
  }

  private func entry(_ value: Value, depth: Int) -> String? {
    guard depth < 4 else { return nil }
    switch value {
    case .string(let text): return scrubbed(text).trimmed.nonEmpty
    case .int, .uint, .double: return value.plainText.map(scrubbed)
    case .list(let elements): return joined(elements.compactMap { entry($0, depth: depth + 1) })
    case .map(let map):
      guard let reason = read(map, depth: depth + 1) else { return nil }
      return Self.field(of: map).map { "\(scrubbed($0)): \(masked(reason, under: $0))" } ?? reason
    case .null, .bool, .bytes, .timestamp, .duration, .type, .secret, .unknown: return nil
    }
  }

  /// The name of the field that an entry of a list is about, or nil when it gives none.
  static func field(of entry: ValueMap) -> String? {
    ["field", "property", "propertyPath"].lazy.compactMap { entry[$0]?.text }.first
  }

  /// What is said about the field `name`, without the words that may be its value.
  private func masked(_ text: String, under name: String) -> String {
    sensitiveNames.contains(name) ? text.onlyWords : text
  }

  private func joined(_ parts: [String]) -> String? {
    parts.prefix(Self.mostParts).joined(separator: "; ").nonEmpty
  }
}

extension String {
  /// The text with every word that may be a secret itself masked: 12 characters or more, a digit
  /// among them.
  fileprivate var onlyWords: String {
    split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.count >= 12 && word.contains(where: \.isNumber) ? Secret.mask : String(word)
    }.joined(separator: " ")
  }
}

package import Expressions
import OrderedCollections

extension Operation {
  /// The arguments as the journal keeps them: sensitive fields and what holds a secret that
  /// `scrubber` knows secret, everything of bounded size.
  package func recordable(
    _ arguments: ValueMap, hiding scrubber: SecretScrubber = SecretScrubber()
  ) -> ValueMap {
    arguments.recordable(hiding: scrubber) { name in
      fields[name]?.isSensitive ?? sensitiveNames.contains(name)
    }
  }

  /// What of the arguments no answer may show: sensitive fields, and secrets in any other.
  package func secrets(in arguments: ValueMap) -> [Secret] {
    arguments.secrets(of: fields)
  }
}

extension LocalAction {
  /// The arguments as the journal keeps them: sensitive ones secret, long texts cut.
  package func recordable(
    _ arguments: ValueMap, hiding scrubber: SecretScrubber
  ) -> ValueMap {
    arguments.recordable(hiding: scrubber) { fields[$0]?.isSensitive ?? false }
  }

  /// What of the arguments no output may show: sensitive fields, and secrets in any other.
  package func secrets(in arguments: ValueMap) -> [Secret] {
    arguments.secrets(of: fields)
  }
}

extension ValueMap {
  fileprivate func recordable(
    hiding scrubber: SecretScrubber, isSensitive: (String) -> Bool
  ) -> ValueMap {
    var result = ValueMap()
    for name in names {
      guard let value = self[name] else { continue }
      result[name] =
        isSensitive(name) ? value.shortened.hidden : scrubber.hide(in: value).shortened
    }
    return result
  }

  fileprivate func secrets(of fields: OrderedDictionary<String, Field>) -> [Secret] {
    names.flatMap { name -> [Secret] in
      guard let value = self[name], value.revealed != .null else { return [] }
      return fields[name]?.isSensitive == true ? [Secret(value)] : value.secrets
    }
  }
}

extension Value {
  /// The longest text that is kept whole, in characters.
  package static let longestRecordedText = 256
  /// The most elements of a list or map that are kept.
  package static let mostRecordedElements = 64

  /// The value with long texts, bytes, lists and maps cut, each cut saying what is missing.
  package var shortened: Value { shortened { $0 } }

  /// The same, each text and number cut only after `scrub` has seen it.
  func shortened(_ scrub: (String) -> String) -> Value { shortened(scrub, depth: 0) }

  private func shortened(_ scrub: (String) -> String, depth: Int) -> Value {
    guard depth <= 16 else { return .string("…") }
    switch self {
    case .null, .bool, .timestamp, .duration, .type, .unknown: return self
    case .int, .uint, .double: return scrubbedNumber(scrub)
    case .string(let text): return .string(text.shortened(scrub))
    case .bytes(let bytes): return .string("\(bytes.count) bytes")
    case .secret(let secret):
      // What is sealed is not shown, so nothing has to be masked in it.
      return .secret(Secret(secret.reveal().shortened({ $0 }, depth: depth)))
    case .list(let elements):
      let kept = elements.prefix(Self.mostRecordedElements).map {
        $0.shortened(scrub, depth: depth + 1)
      }
      let missing = elements.count - kept.count
      return .list(missing == 0 ? kept : kept + [.string("… \(missing) more")])
    case .map(let map) where map.keepsKeys(shortenedBy: { $0.shortened(scrub, depth: depth + 1) }):
      // The usual case: nothing is hashed anew.
      return .map(ValueMap(map.entries.mapValues { $0.shortened(scrub, depth: depth + 1) }))
    case .map(let map):
      let kept = map.entries.elements.prefix(Self.mostRecordedElements).map {
        (
          $0.key.shortened(scrub, depth: depth + 1), $0.value.shortened(scrub, depth: depth + 1)
        )
      }
      var entries = OrderedDictionary(kept, uniquingKeysWith: { $1 })
      let missing = map.count - kept.count
      if missing > 0 { entries[.string("…")] = .string("\(missing) more") }
      return .map(ValueMap(entries))
    }
  }
}

extension ValueMap {
  /// Whether no key is changed by `shorten`, and none is left out.
  fileprivate func keepsKeys(shortenedBy shorten: (Value) -> Value) -> Bool {
    count <= Value.mostRecordedElements && entries.keys.allSatisfy { shorten($0) == $0 }
  }
}

extension String {
  fileprivate func shortened(_ scrub: (String) -> String) -> String {
    let text = scrub(clipped(to: Value.longestRecordedText * 4 + SecretScrubber.margin))
    // Most texts are short; counting characters of the others is bounded by the prefix.
    guard text.utf8.count > Value.longestRecordedText,
      let end = text.index(
        text.startIndex, offsetBy: Value.longestRecordedText, limitedBy: text.endIndex),
      end != text.endIndex
    else { return text }
    return "\(text[..<end])… (\(utf8.count) bytes)"
  }
}

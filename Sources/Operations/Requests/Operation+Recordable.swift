package import Expressions
import OrderedCollections

extension Operation {
  /// The arguments as the journal keeps them: sensitive fields secret, everything of bounded size.
  package func recordable(_ arguments: ValueMap) -> ValueMap {
    var result = ValueMap()
    for name in arguments.names {
      guard let value = arguments[name] else { continue }
      let isSensitive = fields[name]?.isSensitive ?? sensitiveNames.contains(name)
      result[name] = isSensitive ? value.shortened.hidden : value.shortened
    }
    return result
  }

  /// What of the arguments no answer may show: sensitive fields, and secrets in any other.
  package func secrets(in arguments: ValueMap) -> [Secret] {
    arguments.names.flatMap { name -> [Secret] in
      guard let value = arguments[name] else { return [] }
      return fields[name]?.isSensitive == true ? [Secret(value)] : value.secrets
    }
  }
}

extension Value {
  /// The secrets inside the value, or the value itself when it is one.
  fileprivate var secrets: [Secret] {
    switch self {
    case .secret(let secret): [secret]
    case .list(let elements): elements.flatMap(\.secrets)
    case .map(let map): map.entries.values.flatMap(\.secrets)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type: []
    }
  }
}

extension Value {
  /// The longest text that is kept whole, in characters.
  package static let longestRecordedText = 256
  /// The most elements of a list or map that are kept.
  package static let mostRecordedElements = 64

  /// The value with long texts, bytes, lists and maps cut, each cut saying what is missing.
  package var shortened: Value { shortened(depth: 0) }

  private func shortened(depth: Int) -> Value {
    guard depth <= 16 else { return .string("…") }
    switch self {
    case .null, .bool, .int, .uint, .double, .timestamp, .duration, .type: return self
    case .string(let text): return .string(text.shortened)
    case .bytes(let bytes): return .string("\(bytes.count) bytes")
    case .secret(let secret): return .secret(Secret(secret.reveal().shortened(depth: depth)))
    case .list(let elements):
      let kept = elements.prefix(Self.mostRecordedElements).map { $0.shortened(depth: depth + 1) }
      let missing = elements.count - kept.count
      return .list(missing == 0 ? kept : kept + [.string("… \(missing) more")])
    case .map(let map):
      let kept = map.entries.elements.prefix(Self.mostRecordedElements).map {
        ($0.key, $0.value.shortened(depth: depth + 1))
      }
      var entries = OrderedDictionary(uniqueKeysWithValues: kept)
      let missing = map.count - kept.count
      if missing > 0 { entries[.string("…")] = .string("\(missing) more") }
      return .map(ValueMap(entries))
    }
  }
}

extension String {
  fileprivate var shortened: String {
    // Most texts are short; counting characters of the others is bounded by the prefix.
    guard utf8.count > Value.longestRecordedText,
      let end = index(startIndex, offsetBy: Value.longestRecordedText, limitedBy: endIndex),
      end != endIndex
    else { return self }
    return "\(self[..<end])… (\(utf8.count) bytes)"
  }
}

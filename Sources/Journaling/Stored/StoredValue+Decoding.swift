import Expressions
import OrderedCollections

extension StoredValue {
  static func decode(_ item: CBOR, opening seal: Seal?) throws(StoredFormError) -> Value {
    switch item {
    case .null: return .null
    case .bool(let bool): return .bool(bool)
    case .unsigned, .negative:
      guard let integer = item.integer else { throw .malformed("an integer beyond 64 bits") }
      return .int(integer)
    case .double(let bits): return .double(Double(bitPattern: bits))
    case .text(let text): return .string(text)
    case .bytes(let bytes): return .bytes(bytes)
    case .list(let items):
      var elements: [Value] = []
      for item in items { elements.append(try decode(item, opening: seal)) }
      return .list(elements)
    case .map(let pairs): return .map(try decode(pairs, opening: seal))
    case .tagged(let tag, let item): return try decode(tag, item, opening: seal)
    }
  }

  static func decode(_ pairs: [CBOR.Pair], opening seal: Seal?) throws(StoredFormError) -> ValueMap
  {
    var entries = OrderedDictionary<Value, Value>(minimumCapacity: pairs.count)
    for pair in pairs {
      let key = try decode(pair.key, opening: seal)
      entries[key] = try decode(pair.value, opening: seal)
    }
    return ValueMap(entries)
  }

  static func decodeDuration(_ item: CBOR) throws(StoredFormError) -> Duration {
    guard case .list(let halves) = item, halves.count == 2, let high = halves[0].integer,
      case .unsigned(let low) = halves[1]
    else { throw .malformed("a duration that is none") }
    return Duration(attoseconds: Int128(high) << 64 | Int128(low))
  }

  private static func decode(
    _ tag: UInt64, _ item: CBOR, opening seal: Seal?
  ) throws(StoredFormError) -> Value {
    switch (tag, item) {
    case (Tag.uint, .unsigned(let uint)): return .uint(uint)
    case (Tag.type, .text(let name)): return .type(name)
    case (Tag.duration, _): return .duration(try decodeDuration(item))
    case (Tag.timestamp, .list(let parts)):
      guard parts.count == 2, let seconds = parts[0].integer, let fraction = parts[1].integer,
        let nanoseconds = Int32(exactly: fraction), (0..<1_000_000_000).contains(nanoseconds)
      else { throw .malformed("a timestamp that is none") }
      return .timestamp(Timestamp(seconds: seconds, nanoseconds: nanoseconds))
    case (Tag.secret, .bytes(let sealed)):
      guard let seal else { return .secret(text: Secret.mask) }
      return .secret(Secret(try decode(seal.open(sealed), opening: seal)))
    case (Tag.unknown, .list(let items)):
      let sources = items.compactMap { if case .text(let source) = $0 { source } else { nil } }
      guard sources.count == items.count, let unknown = Unknown(sources) else {
        throw .malformed("an unknown value that is none")
      }
      return .unknown(unknown)
    case _: throw .malformed("a value of an unknown kind")
    }
  }
}

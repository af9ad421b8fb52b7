import Expressions
import OrderedCollections

/// The stored form of a value: lossless, secrets sealed.
enum StoredValue {
  /// Marks what CBOR itself cannot distinguish; chosen from the range that is free for anyone to use
  /// (RFC 8949 §9.2, first come first served).
  enum Tag {
    static let uint: UInt64 = 50001
    static let timestamp: UInt64 = 50002
    static let duration: UInt64 = 50003
    static let type: UInt64 = 50004
    static let secret: UInt64 = 50005
    static let unknown: UInt64 = 50006
  }

  static func encode(_ value: Value, sealing sealer: Sealer) throws(StoredFormError) -> CBOR {
    switch value {
    case .null: return .null
    case .bool(let bool): return .bool(bool)
    case .int(let int): return .integer(int)
    case .uint(let uint): return .tagged(Tag.uint, .unsigned(uint))
    case .double(let double): return .double(double.bitPattern)
    case .string(let string): return .text(string)
    case .bytes(let bytes): return .bytes(bytes)
    case .list(let elements):
      var items: [CBOR] = []
      for element in elements { items.append(try encode(element, sealing: sealer)) }
      return .list(items)
    case .map(let map): return try encode(map, sealing: sealer)
    case .timestamp(let timestamp):
      return .tagged(
        Tag.timestamp,
        .list([.integer(timestamp.seconds), .integer(Int64(timestamp.nanoseconds))]))
    case .duration(let duration): return .tagged(Tag.duration, encode(duration))
    case .type(let name): return .tagged(Tag.type, .text(name))
    case .secret(let secret):
      let inner = try encode(secret.reveal(), sealing: sealer)
      return .tagged(Tag.secret, .bytes(try sealer.close(inner)))
    case .unknown(let unknown):
      guard sealer.unknowns == .kept else { throw .unknownValue }
      return .tagged(Tag.unknown, .list(unknown.sources.map(CBOR.text)))
    }
  }

  static func encode(_ map: ValueMap, sealing sealer: Sealer) throws(StoredFormError) -> CBOR {
    var pairs: [CBOR.Pair] = []
    for (key, value) in map.entries {
      pairs.append(
        .init(
          key: try encode(key, sealing: sealer), value: try encode(value, sealing: sealer)))
    }
    return .map(pairs)
  }

  /// A duration holds 128 bits of attoseconds: its high half and its low half.
  static func encode(_ duration: Duration) -> CBOR {
    let attoseconds = duration.attoseconds
    return .list([
      .integer(Int64(truncatingIfNeeded: attoseconds >> 64)),
      .unsigned(UInt64(truncatingIfNeeded: attoseconds)),
    ])
  }
}

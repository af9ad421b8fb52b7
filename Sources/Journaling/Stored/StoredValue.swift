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

  static func write(
    _ value: Value, to writer: inout CBORWriter, sealing sealer: Sealer
  ) throws(StoredFormError) {
    switch value {
    case .null: writer.null()
    case .bool(let bool): writer.bool(bool)
    case .int(let int): writer.integer(int)
    case .uint(let uint):
      try writer.openTag(Tag.uint)
      writer.unsigned(uint)
      writer.close()
    case .double(let double): writer.double(double.bitPattern)
    case .string(let string): writer.text(string)
    case .bytes(let bytes): writer.bytes(bytes)
    case .list(let elements):
      try writer.openList(elements.count)
      for element in elements { try write(element, to: &writer, sealing: sealer) }
      writer.close()
    case .map(let map): try write(map, to: &writer, sealing: sealer)
    case .timestamp(let timestamp):
      try writer.openTag(Tag.timestamp)
      try writer.openList(2)
      writer.integer(timestamp.seconds)
      writer.integer(Int64(timestamp.nanoseconds))
      writer.close()
      writer.close()
    case .duration(let duration):
      try writer.openTag(Tag.duration)
      try write(duration, to: &writer)
      writer.close()
    case .type(let name):
      try writer.openTag(Tag.type)
      writer.text(name)
      writer.close()
    case .secret(let secret):
      var inner = CBORWriter()
      try write(secret.reveal(), to: &inner, sealing: sealer)
      try writer.openTag(Tag.secret)
      writer.bytes(try sealer.close(inner.output))
      writer.close()
    case .unknown(let unknown):
      guard sealer.unknowns == .kept else { throw .unknownValue }
      try writer.openTag(Tag.unknown)
      try writer.openList(unknown.sources.count)
      for source in unknown.sources { writer.text(source) }
      writer.close()
      writer.close()
    }
  }

  static func write(
    _ map: ValueMap, to writer: inout CBORWriter, sealing sealer: Sealer
  ) throws(StoredFormError) {
    try writer.openMap(map.entries.count)
    for (key, value) in map.entries {
      try write(key, to: &writer, sealing: sealer)
      try write(value, to: &writer, sealing: sealer)
    }
    writer.close()
  }

  /// A duration holds 128 bits of attoseconds: its high half and its low half.
  static func write(
    _ duration: Duration, to writer: inout CBORWriter
  ) throws(StoredFormError) {
    let attoseconds = duration.attoseconds
    try writer.openList(2)
    writer.integer(Int64(truncatingIfNeeded: attoseconds >> 64))
    writer.unsigned(UInt64(truncatingIfNeeded: attoseconds))
    writer.close()
  }
}

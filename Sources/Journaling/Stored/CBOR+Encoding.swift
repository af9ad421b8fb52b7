extension CBOR {
  /// The bytes of the item; throws `tooDeep`.
  func encoded() throws(StoredFormError) -> [UInt8] {
    var bytes: [UInt8] = []
    try encode(into: &bytes, depth: 0)
    return bytes
  }

  /// What begins a list of `count` items, which follow.
  static func listHead(count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    encodeHead(4, UInt64(count), into: &bytes)
    return bytes
  }

  private func encode(into bytes: inout [UInt8], depth: Int) throws(StoredFormError) {
    guard depth <= Self.deepest else { throw .tooDeep }
    switch self {
    case .unsigned(let number): Self.encodeHead(0, number, into: &bytes)
    case .negative(let number): Self.encodeHead(1, number, into: &bytes)
    case .bytes(let content):
      Self.encodeHead(2, UInt64(content.count), into: &bytes)
      bytes += content
    case .text(let text):
      Self.encodeHead(3, UInt64(text.utf8.count), into: &bytes)
      bytes += text.utf8
    case .list(let items):
      Self.encodeHead(4, UInt64(items.count), into: &bytes)
      for item in items { try item.encode(into: &bytes, depth: depth + 1) }
    case .map(let pairs):
      Self.encodeHead(5, UInt64(pairs.count), into: &bytes)
      for pair in pairs {
        try pair.key.encode(into: &bytes, depth: depth + 1)
        try pair.value.encode(into: &bytes, depth: depth + 1)
      }
    case .tagged(let tag, let item):
      Self.encodeHead(6, tag, into: &bytes)
      try item.encode(into: &bytes, depth: depth + 1)
    case .bool(let bool): bytes.append(bool ? 0xF5 : 0xF4)
    case .null: bytes.append(0xF6)
    case .double(let bits):
      bytes.append(0xFB)
      Self.append(bits, byteCount: 8, to: &bytes)
    }
  }

  /// The major type and its number in the fewest bytes (RFC 8949 §3).
  private static func encodeHead(_ major: UInt8, _ number: UInt64, into bytes: inout [UInt8]) {
    let top = major << 5
    switch number {
    case 0..<24: bytes.append(top | UInt8(number))
    case 24...0xFF:
      bytes.append(top | 24)
      append(number, byteCount: 1, to: &bytes)
    case 0x100...0xFFFF:
      bytes.append(top | 25)
      append(number, byteCount: 2, to: &bytes)
    case 0x1_0000...0xFFFF_FFFF:
      bytes.append(top | 26)
      append(number, byteCount: 4, to: &bytes)
    case _:
      bytes.append(top | 27)
      append(number, byteCount: 8, to: &bytes)
    }
  }

  private static func append(_ number: UInt64, byteCount: Int, to bytes: inout [UInt8]) {
    for index in (0..<byteCount).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(index))))
    }
  }
}

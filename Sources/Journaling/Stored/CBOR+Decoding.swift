extension CBOR {
  /// Reads exactly one item that fills `bytes`; throws `malformed` or `tooDeep`.
  init(decoding bytes: [UInt8]) throws(StoredFormError) {
    var decoder = Decoder(bytes: bytes[...])
    self = try decoder.item(depth: 0)
    guard decoder.bytes.isEmpty else { throw .malformed("more bytes than one item") }
  }

  private struct Decoder {
    /// What is not read yet.
    var bytes: ArraySlice<UInt8>

    mutating func item(depth: Int) throws(StoredFormError) -> CBOR {
      guard depth <= CBOR.deepest else { throw .tooDeep }
      let head = try take(1)
      guard let first = head.first else { throw .malformed("cut short") }
      let (major, detail) = (first >> 5, first & 0x1F)
      if major == 7 { return try simple(detail) }
      let number = try number(detail)
      switch major {
      case 0: return .unsigned(number)
      case 1: return .negative(number)
      case 2: return .bytes(Array(try take(number)))
      case 3: return .text(try text(byteCount: number))
      case 4: return .list(try list(count: number, depth: depth))
      case 5: return .map(try map(count: number, depth: depth))
      case _: return .tagged(number, try item(depth: depth + 1))
      }
    }

    private mutating func simple(_ detail: UInt8) throws(StoredFormError) -> CBOR {
      switch detail {
      case 20: return .bool(false)
      case 21: return .bool(true)
      case 22: return .null
      case 27: return .double(try bigEndian(byteCount: 8))
      case _: throw .malformed("an item of a kind that is not used")
      }
    }

    private mutating func number(_ detail: UInt8) throws(StoredFormError) -> UInt64 {
      switch detail {
      case 0..<24: return UInt64(detail)
      case 24: return try bigEndian(byteCount: 1)
      case 25: return try bigEndian(byteCount: 2)
      case 26: return try bigEndian(byteCount: 4)
      case 27: return try bigEndian(byteCount: 8)
      case _: throw .malformed("an item of indefinite length")
      }
    }

    private mutating func bigEndian(byteCount: UInt64) throws(StoredFormError) -> UInt64 {
      try take(byteCount).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func text(byteCount: UInt64) throws(StoredFormError) -> String {
      guard let text = String(validating: try take(byteCount), as: UTF8.self) else {
        throw .malformed("a string that is not UTF-8")
      }
      return text
    }

    private mutating func list(count: UInt64, depth: Int) throws(StoredFormError) -> [CBOR] {
      let count = try plausible(count)
      var items: [CBOR] = []
      items.reserveCapacity(count)
      for _ in 0..<count { items.append(try item(depth: depth + 1)) }
      return items
    }

    private mutating func map(count: UInt64, depth: Int) throws(StoredFormError) -> [Pair] {
      let count = try plausible(count)
      var pairs: [Pair] = []
      pairs.reserveCapacity(count)
      for _ in 0..<count {
        let key = try item(depth: depth + 1)
        pairs.append(Pair(key: key, value: try item(depth: depth + 1)))
      }
      return pairs
    }

    /// Each item takes at least one byte, so a count beyond the rest is a lie.
    private func plausible(_ count: UInt64) throws(StoredFormError) -> Int {
      guard count <= UInt64(bytes.count) else { throw .malformed("cut short") }
      return Int(count)
    }

    private mutating func take(_ count: UInt64) throws(StoredFormError) -> ArraySlice<UInt8> {
      let count = try plausible(count)
      defer { bytes = bytes.dropFirst(count) }
      return bytes.prefix(count)
    }
  }
}

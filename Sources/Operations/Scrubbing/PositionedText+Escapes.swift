/// Escapes of addresses and forms (`%2F`), of JSON and programs (`\u00e9`, `\xE9`, `\/`), of HTML
/// (`&amp;`, `&#38;`, `&#x26;`) and of quoted-printable text (`=2F`).
extension PositionedText {
  /// The text with one layer of escapes undone, or nil when there is none.
  func unescaped() -> PositionedText? {
    undoing { bytes, position in
      switch bytes[position] {
      case UInt8(ascii: "%"): Escape.hexadecimal(in: bytes, at: position + 1, lead: 1)
      case UInt8(ascii: "\\"): Escape.backslash(in: bytes, at: position)
      case UInt8(ascii: "&"): Escape.entity(in: bytes, at: position)
      default: nil
      }
    }
  }

  /// The text with quoted-printable undone, or nil when there is none of it.
  ///
  /// Apart from other escapes, since `=` stands before values of every kind.
  func unquoted() -> PositionedText? {
    undoing { bytes, position in
      guard bytes[position] == UInt8(ascii: "=") else { return nil }
      return Escape.hexadecimal(in: bytes, at: position + 1, lead: 1)
    }
  }

  private func undoing(_ escape: ([UInt8], Int) -> Escape?) -> PositionedText? {
    var result: PositionedText?
    var position = 0
    var copied = 0
    while position < bytes.count {
      guard let found = escape(bytes, position) else {
        position += 1
        continue
      }
      var text = result ?? PositionedText(from: self)
      text.append(self, copied..<position)
      text.append(found.decoded, for: position..<position + found.count, of: self)
      result = text
      position += found.count
      copied = position
    }
    result?.append(self, copied..<bytes.count)
    return result
  }
}

/// One escape: how long it is, and what it stands for.
private struct Escape {
  let count: Int
  let decoded: [UInt8]

  /// A byte in two digits, after `lead` bytes that begin the escape.
  static func hexadecimal(in bytes: [UInt8], at position: Int, lead: Int) -> Escape? {
    guard let value = number(in: bytes, at: position, digits: 2) else { return nil }
    return Escape(count: lead + 2, decoded: [UInt8(value)])
  }

  /// A backslash and what follows it.
  static func backslash(in bytes: [UInt8], at position: Int) -> Escape? {
    guard position + 1 < bytes.count else { return nil }
    switch bytes[position + 1] {
    case UInt8(ascii: "x"): return hexadecimal(in: bytes, at: position + 2, lead: 2)
    case UInt8(ascii: "u"): return unicode(in: bytes, at: position)
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "v"):
      return Escape(count: 2, decoded: [0x20])
    case let byte where byte < 0x80: return Escape(count: 2, decoded: [byte])
    default: return nil
    }
  }

  /// `\u` and four digits, two of them for what lies beyond; or `\u{…}`.
  private static func unicode(in bytes: [UInt8], at position: Int) -> Escape? {
    if position + 2 < bytes.count, bytes[position + 2] == UInt8(ascii: "{") {
      let digits = bytes[(position + 3)...].prefix(7).prefix { $0 != UInt8(ascii: "}") }
      let text = String(decoding: digits, as: UTF8.self)
      return scalar(UInt32(text, radix: 16), count: digits.count + 4)
    }
    guard let high = number(in: bytes, at: position + 2, digits: 4) else { return nil }
    guard (0xD800..<0xDC00).contains(high) else { return scalar(high, count: 6) }
    guard position + 8 <= bytes.count, bytes[position + 6] == UInt8(ascii: "\\"),
      let low = number(in: bytes, at: position + 8, digits: 4), (0xDC00..<0xE000).contains(low)
    else { return nil }
    return scalar(0x10000 + (high - 0xD800) << 10 + low - 0xDC00, count: 12)
  }

  /// `&` and a name or number up to `;`.
  static func entity(in bytes: [UInt8], at position: Int) -> Escape? {
    let tail = bytes[(position + 1)...].prefix(10)
    guard let end = tail.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = String(decoding: tail[..<end], as: UTF8.self).lowercased()
    let count = end + 1 - position
    guard name.hasPrefix("#") else { return scalar(HTMLEntities.scalar(named: name), count: count) }
    let digits = name.dropFirst()
    let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return scalar(value, count: count)
  }

  private static func scalar(_ value: UInt32?, count: Int) -> Escape? {
    guard let scalar = value.flatMap({ Unicode.Scalar($0) }) else { return nil }
    return Escape(count: count, decoded: Array(String(scalar).utf8))
  }

  private static func number(in bytes: [UInt8], at position: Int, digits: Int) -> UInt32? {
    guard position + digits <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[position..<position + digits] {
      guard let digit = Hexadecimal.digit(byte) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

/// The fixed codes of DEFLATE (RFC 1951 §3.2.6), with the bits that follow them.
struct FixedCodes: Sendable {
  /// What begins a block that is the last one, and has these codes.
  static let lastBlock = DeflateCode(bits: 0b011, count: 3)

  /// What ends a block.
  let end = DeflateCode(symbol: 256)
  private let literals = (0..<256).map { DeflateCode(symbol: $0) }
  private let distances = (0..<30).map { DeflateCode(huffman: $0, 5) }
  /// By length; those below 3 are none.
  private let lengths = (0...UInt32(DeflateMatch.longest)).map { length in
    guard length < DeflateMatch.longest else { return DeflateCode(symbol: 285) }
    let number = max(length, 3) - 3
    let (symbol, extraCount) = Self.split(number, 2)
    return DeflateCode(symbol: 257 + symbol).followed(by: number, extraCount)
  }

  func literal(_ byte: UInt8) -> DeflateCode { literals[Int(byte)] }

  /// The code of a length from 3 to 258.
  func length(_ length: Int) -> DeflateCode { lengths[length] }

  /// The code of a distance from 1 to 32,768.
  func distance(_ distance: Int) -> DeflateCode {
    let number = UInt32(truncatingIfNeeded: distance - 1)
    let (symbol, extraCount) = Self.split(number, 1)
    return distances[Int(symbol)].followed(by: number, extraCount)
  }

  /// The number of the symbol of `number`, which names the first bit of it and `precision` more, and how many
  /// bits of it follow (RFC 1951 §3.2.5).
  private static func split(_ number: UInt32, _ precision: UInt32) -> (UInt32, UInt32) {
    guard number >= 2 << precision else { return (number, 0) }
    let extraCount = UInt32(31 - number.leadingZeroBitCount) - precision
    return (extraCount << precision + number >> extraCount, extraCount)
  }
}

/// Bits in the order in which they are written, the first the least significant, and how many.
struct DeflateCode: Sendable {
  var bits: UInt32
  var count: UInt32

  init(bits: UInt32, count: UInt32) {
    self.bits = bits
    self.count = count
  }

  /// The Huffman code `code`, which is written from its most significant bit on.
  init(huffman code: UInt32, _ count: UInt32) {
    bits = (0..<count).reduce(0) { $0 | (code >> $1 & 1) << (count - 1 - $1) }
    self.count = count
  }

  /// The fixed code of a literal, the end of a block (256) or a length.
  init(symbol: UInt32) {
    self =
      switch symbol {
      case 0..<144: DeflateCode(huffman: 0x30 + symbol, 8)
      case 144..<256: DeflateCode(huffman: 0x190 + symbol - 144, 9)
      case 256..<280: DeflateCode(huffman: symbol - 256, 7)
      case _: DeflateCode(huffman: 0xC0 + symbol - 280, 8)
      }
  }

  /// The same, then the last `extraCount` bits of `number`.
  func followed(by number: UInt32, _ extraCount: UInt32) -> DeflateCode {
    let extra = number & (1 &<< extraCount &- 1)
    return DeflateCode(bits: bits | extra &<< count, count: count &+ extraCount)
  }
}

/// Bits, as DEFLATE puts them into bytes.
struct DeflateBits {
  /// Those that are written, and zeros for all that may come.
  private var bytes: [UInt8]
  private var count: Int
  /// What does not fill four bytes yet.
  private var rest: UInt64 = 0
  private var restCount: UInt64 = 0

  /// At most so many bits behind `heading`.
  init(_ heading: [UInt8], mostBits: Int) {
    bytes = [UInt8](repeating: 0, count: heading.count + mostBits / 8 + 8)
    bytes.replaceSubrange(0..<heading.count, with: heading)
    count = heading.count
  }

  mutating func write(_ code: DeflateCode) {
    rest |= UInt64(code.bits) &<< restCount
    restCount &+= UInt64(code.count)
    if restCount >= 32 { move(4) }
  }

  /// The bytes; the last one is filled with zeros.
  consuming func end() -> [UInt8] {
    move((Int(restCount) + 7) / 8)
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  private mutating func move(_ byteCount: Int) {
    for index in count..<count + byteCount {
      bytes[index] = UInt8(truncatingIfNeeded: rest)
      rest >>= 8
    }
    count += byteCount
    restCount &-= UInt64(8 * byteCount)
  }
}

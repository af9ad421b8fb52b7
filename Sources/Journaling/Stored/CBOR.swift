/// An item of CBOR (RFC 8949), as far as the stored form uses it.
///
/// Encoding is deterministic: shortest heads, definite lengths, maps in the order given, numbers
/// with a fraction always in 64 bits.
indirect enum CBOR: Sendable, Hashable {
  case unsigned(UInt64)
  /// The number -1 - n.
  case negative(UInt64)
  case bytes([UInt8])
  case text(String)
  case list([CBOR])
  case map([Pair])
  case tagged(UInt64, CBOR)
  case bool(Bool)
  case null
  /// The bits of a binary64 number, so that not-a-number survives too.
  case double(UInt64)

  struct Pair: Sendable, Hashable {
    var key: CBOR
    var value: CBOR
  }

  /// Items nest at most this deep; what is deeper is neither written nor read.
  static let deepest = 200

  static func integer(_ integer: Int64) -> CBOR {
    integer >= 0 ? .unsigned(UInt64(integer)) : .negative(UInt64(~integer))
  }

  var integer: Int64? {
    switch self {
    case .unsigned(let number): Int64(exactly: number)
    case .negative(let number): Int64(exactly: number).map { ~$0 }
    case .bytes, .text, .list, .map, .tagged, .bool, .null, .double: nil
    }
  }
}

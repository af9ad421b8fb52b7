import FoundationEssentials

/// Base64 in the standard alphabet (RFC 4648 §4).
package enum Base64 {
  /// The padded text of `bytes`.
  package static func encode(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString()
  }

  /// The bytes of padded text, or nil when any character, the padding or an unused bit is wrong.
  package static func decode(_ text: String) -> [UInt8]? {
    // Foundation passes over misplaced padding, so the text must also be what the bytes give.
    guard let bytes = decodeIgnoringUnusedBits(text), encode(bytes) == text else { return nil }
    return bytes
  }

  /// The bytes of padded text whose last character may hold bits that belong to no byte.
  static func decodeIgnoringUnusedBits(_ text: String) -> [UInt8]? {
    Data(base64Encoded: text).map(Array.init)
  }

  /// The bytes of text that may lack its padding, use the URL alphabet or be broken into lines.
  ///
  /// Blanks inside the text are refused: sentences would pass for base64.
  package static func decodeLeniently(_ text: String) -> [UInt8]? {
    var characters: [UInt8] = []
    characters.reserveCapacity(text.utf8.count + 3)
    for byte in text.trimmed.utf8 {
      switch byte {
      case UInt8(ascii: "-"): characters.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): characters.append(UInt8(ascii: "/"))
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
      default: characters.append(byte)
      }
    }
    while !characters.count.isMultiple(of: 4) { characters.append(UInt8(ascii: "=")) }
    return decode(String(decoding: characters, as: UTF8.self))
  }
}

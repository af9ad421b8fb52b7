import FoundationEssentials

/// Base64 in the standard alphabet (RFC 4648 §4).
package enum Base64 {
  /// The padded text of `bytes`.
  package static func encode(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString()
  }

  /// The bytes of padded text, or nil when any character or the padding is wrong.
  package static func decode(_ text: String) -> [UInt8]? {
    Data(base64Encoded: text).map(Array.init)
  }

  /// The bytes of text that may lack its padding, use the URL alphabet or be broken into lines.
  package static func decodeLeniently(_ text: String) -> [UInt8]? {
    var characters: [UInt8] = []
    characters.reserveCapacity(text.utf8.count + 3)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "-"): characters.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): characters.append(UInt8(ascii: "/"))
      case 0x20, 0x09, 0x0A, 0x0D: continue
      default: characters.append(byte)
      }
    }
    while !characters.count.isMultiple(of: 4) { characters.append(UInt8(ascii: "=")) }
    return Data(base64Encoded: Data(characters)).map(Array.init)
  }
}

/// The two ways of writing any text into an address or a form.
package enum PercentEncoding {
  /// A path segment or query part: all but the unreserved characters of RFC 3986 §2.3.
  package static func component(_ text: String) -> String {
    encode(text, keeping: "-._~", spaceIsPlus: false)
  }

  /// A name or value of `application/x-www-form-urlencoded` (WHATWG URL §5.2).
  package static func formComponent(_ text: String) -> String {
    encode(text, keeping: "*-._", spaceIsPlus: true)
  }

  /// The body of a form.
  package static func form(_ fields: [HTTPField]) -> String {
    fields.map { "\(formComponent($0.name))=\(formComponent($0.value))" }.joined(separator: "&")
  }

  /// The text with every `%XX` replaced by its byte (RFC 3986 §2.1).
  ///
  /// A `%` without two hexadecimal digits stays; nil when the bytes are not UTF-8.
  package static func decode(_ text: some StringProtocol) -> String? {
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "%"), position + 2 < bytes.count,
        let byte = Hexadecimal.decode(
          String(decoding: bytes[(position + 1)...(position + 2)], as: UTF8.self))?.first
      {
        decoded.append(byte)
        position += 3
      } else {
        decoded.append(bytes[position])
        position += 1
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  private static func encode(
    _ text: String, keeping kept: StaticString, spaceIsPlus: Bool
  ) -> String {
    let marks = UnsafeBufferPointer(start: kept.utf8Start, count: kept.utf8CodeUnitCount)
    var encoded: [UInt8] = []
    encoded.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        encoded.append(byte)
      case 0x20 where spaceIsPlus:
        encoded.append(UInt8(ascii: "+"))
      case let byte where marks.contains(byte):
        encoded.append(byte)
      default:
        encoded.append(UInt8(ascii: "%"))
        encoded.append(contentsOf: Hexadecimal.encode([byte]).uppercased().utf8)
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }
}

import Operations

/// The characters of paths and queries (RFC 3986 §3.3 and §3.4).
enum AddressText {
  private static let marks = Array("-._~!$&'()*+,;=:@".utf8)

  /// Whether `text` may be a segment of a path as it stands.
  static func isSegment(_ text: Substring) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.indices.allSatisfy { isAllowed(at: $0, of: bytes) }
  }

  /// A path and query in which whatever may not stand there is percent-encoded.
  ///
  /// What is encoded already stays so. Without this the library below would encode it all once more.
  static func mended(_ text: Substring) -> String {
    let bytes = Array(text.utf8)
    var mended = ""
    for index in bytes.indices {
      let scalar = Unicode.Scalar(bytes[index])
      if isAllowed(at: index, of: bytes) || scalar == "/" || scalar == "?" {
        mended.unicodeScalars.append(scalar)
      } else {
        mended += "%" + Hexadecimal.encode([bytes[index]]).uppercased()
      }
    }
    return mended
  }

  private static func isAllowed(at index: Int, of bytes: [UInt8]) -> Bool {
    guard bytes[index] == UInt8(ascii: "%") else {
      return bytes[index].isAlphanumeric || marks.contains(bytes[index])
    }
    return index + 2 < bytes.count && bytes[index + 1].isHexadecimal
      && bytes[index + 2].isHexadecimal
  }
}

import Operations

/// Takes percent-encoding back.
enum PercentDecoding {
  /// A path segment or query part, or nil when an escape is broken or the bytes are not UTF-8.
  static func component(_ text: some StringProtocol) -> String? {
    decode(text.utf8, plusIsSpace: false)
  }

  /// The fields of `application/x-www-form-urlencoded`, or nil when they cannot be read.
  static func form(_ bytes: some Sequence<UInt8>, limit: Int) -> [HTTPField]? {
    var fields: [HTTPField] = []
    for part in Array(bytes).split(separator: UInt8(ascii: "&")) {
      guard fields.count < limit else { return nil }
      let halves = part.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decode(halves[0], plusIsSpace: true),
        let value = decode(halves.count > 1 ? halves[1] : [], plusIsSpace: true)
      else { return nil }
      fields.append(HTTPField(name, value))
    }
    return fields
  }

  private static func decode(_ bytes: some Sequence<UInt8>, plusIsSpace: Bool) -> String? {
    var decoded: [UInt8] = []
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = iterator.next(), let low = iterator.next(),
          let pair = Hexadecimal.decode(String(decoding: [high, low], as: UTF8.self))
        else { return nil }
        decoded += pair
      case UInt8(ascii: "+") where plusIsSpace: decoded.append(0x20)
      default: decoded.append(byte)
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }
}

/// Several JSON texts in one string.
enum JSONTexts {
  /// The objects and arrays of `text`, one after the other; whatever stands between them is left out.
  ///
  /// An object that does not end is left out too.
  static func split(_ text: String) -> [Substring] {
    let bytes = text.utf8
    var parts: [Substring] = []
    var start = text.startIndex
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    for index in bytes.indices {
      let byte = bytes[index]
      if isQuoted {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isQuoted = depth > 0
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0 { start = index }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { continue }
        depth -= 1
        if depth == 0 { parts.append(text[start..<bytes.index(after: index)]) }
      default: break
      }
    }
    return parts
  }
}

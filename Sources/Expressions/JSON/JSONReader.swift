/// Reads one JSON document (RFC 8259), keeping the order of names and all positions.
///
/// Not built on Foundation's decoder: that one loses the order of names and takes `1.0` for an int.
struct JSONReader {
  private let bytes: [UInt8]
  /// Where the document begins: behind a byte order mark.
  private var firstIndex = 0
  private var position = 0
  private var depth = 0

  init(_ bytes: some Collection<UInt8>) {
    self.bytes = Array(bytes)
    if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { firstIndex = 3 }
    position = firstIndex
  }

  /// The value of the whole document.
  mutating func readDocument() throws(JSONError) -> JSONNode {
    let value = try readValue()
    skipSpace()
    guard position == bytes.count else {
      throw error("there is more after the value", hint: commentHint)
    }
    return value
  }

  private mutating func readValue() throws(JSONError) -> JSONNode {
    skipSpace()
    let start = position
    let content = try readContent()
    return JSONNode(content: content, range: start..<position)
  }

  private mutating func readContent() throws(JSONError) -> JSONNode.Content {
    switch peek() {
    case UInt8(ascii: "{"): return try nested { reader throws(JSONError) in try reader.readMap() }
    case UInt8(ascii: "["): return try nested { reader throws(JSONError) in try reader.readList() }
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "t"): return try readWord("true", .bool(true))
    case UInt8(ascii: "f"): return try readWord("false", .bool(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || byte.isASCIIDigit:
      return .number(try readNumber())
    case nil: throw error("the document ends where a value is expected")
    default: throw error("expected a value", hint: valueHint)
    }
  }

  private mutating func nested(
    _ read: (inout JSONReader) throws(JSONError) -> JSONNode.Content
  ) throws(JSONError) -> JSONNode.Content {
    guard depth < JSON.depthLimit else {
      throw error("the value is nested more than \(JSON.depthLimit) levels deep")
    }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try read(&self)
  }

  private mutating func readList() throws(JSONError) -> JSONNode.Content {
    var elements: [JSONNode] = []
    if skip("]") { return .list(elements) }
    repeat {
      elements.append(try readValue())
    } while skip(",")
    guard skip("]") else { throw error("expected `,` or `]`", hint: commentHint) }
    return .list(elements)
  }

  private mutating func readMap() throws(JSONError) -> JSONNode.Content {
    var entries: [JSONNode.Entry] = []
    if skip("}") { return .map(entries) }
    repeat {
      skipSpace()
      guard peek() == UInt8(ascii: "\"") else {
        throw error("expected a name in double quotes", hint: nameHint)
      }
      let start = position
      let name = try readString()
      let range = start..<position
      guard skip(":") else { throw error("expected `:` after the name") }
      entries.append(JSONNode.Entry(name: name, nameRange: range, value: try readValue()))
    } while skip(",")
    guard skip("}") else { throw error("expected `,` or `}`", hint: commentHint) }
    return .map(entries)
  }

  private mutating func readWord(
    _ word: StaticString, _ content: JSONNode.Content
  ) throws(JSONError) -> JSONNode.Content {
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[position...].starts(with: expected) else {
      throw error("expected a value", hint: valueHint)
    }
    position += expected.count
    return content
  }

  func peek() -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  /// Takes the next byte, whatever it is.
  mutating func take() -> UInt8? {
    guard let byte = peek() else { return nil }
    position += 1
    return byte
  }

  /// Takes bytes as long as `wanted` says so.
  mutating func take(while wanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = position
    while let byte = peek(), wanted(byte) { position += 1 }
    return bytes[start..<position]
  }

  func slice(from start: Int) -> ArraySlice<UInt8> { bytes[start..<position] }

  var offset: Int { position }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      case _: return
      }
    }
  }

  /// Takes `character`, and white space before it, if it is next.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  func error(_ message: String, at offset: Int? = nil, hint: String? = nil) -> JSONError {
    let before = bytes[..<min(offset ?? position, bytes.count)]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? firstIndex
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    // The bytes that continue a scalar begin with 10.
    let column = before[min(lineStart, before.endIndex)...].count { $0 & 0xC0 != 0x80 } + 1
    return JSONError(message: message, line: line, column: column, hint: hint)
  }
}

/// What is often written where JSON has something else.
extension JSONReader {
  fileprivate var commentHint: String? {
    switch peek() {
    case UInt8(ascii: "/"), UInt8(ascii: "#"): "JSON has no comments: remove this one"
    case _: nil
    }
  }

  fileprivate var nameHint: String? {
    switch peek() {
    case UInt8(ascii: "}"): "remove the comma before `}`"
    case _: commentHint
    }
  }

  fileprivate var valueHint: String? {
    switch peek() {
    case UInt8(ascii: "]"), UInt8(ascii: "}"): "write a value, or remove the comma before this"
    case UInt8(ascii: "."), UInt8(ascii: "+"): "a number begins with a digit or `-`"
    case UInt8(ascii: "/"), UInt8(ascii: "#"): commentHint
    case _: "a string is written in double quotes; the only words are true, false and null"
    }
  }
}

/// Reads one JSON text (RFC 8259), keeping the order of names and the position of an error.
///
/// Not built on Foundation's decoder: that one loses the order of names and takes `1.0` for an int.
struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ bytes: some Collection<UInt8>) {
    self.bytes = Array(bytes)
    if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The value of the whole text.
  mutating func readDocument() throws(JSONError) -> Value {
    let value = try readValue()
    skipSpace()
    guard position == bytes.count else { throw error("something follows the value") }
    return value
  }

  private mutating func readValue() throws(JSONError) -> Value {
    skipSpace()
    switch peek() {
    case UInt8(ascii: "{"): return try nested { reader throws(JSONError) in try reader.readMap() }
    case UInt8(ascii: "["): return try nested { reader throws(JSONError) in try reader.readList() }
    case UInt8(ascii: "\""): return .string(try readText())
    case UInt8(ascii: "t"): return try readWord("true", .bool(true))
    case UInt8(ascii: "f"): return try readWord("false", .bool(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || byte.isASCIIDigit: return try readNumber()
    case nil: throw error("the text ends where a value should be")
    default: throw error("a value should be here")
    }
  }

  private mutating func nested(
    _ read: (inout JSONReader) throws(JSONError) -> Value
  ) throws(JSONError) -> Value {
    guard depth < JSON.depthLimit else {
      throw error("the value is nested more than \(JSON.depthLimit) levels deep")
    }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try read(&self)
  }

  private mutating func readList() throws(JSONError) -> Value {
    var elements: [Value] = []
    if skip("]") { return .list(elements) }
    repeat {
      elements.append(try readValue())
    } while skip(",")
    guard skip("]") else { throw error("`,` or `]` should be here") }
    return .list(elements)
  }

  private mutating func readMap() throws(JSONError) -> Value {
    var map = ValueMap()
    if skip("}") { return .map(map) }
    repeat {
      skipSpace()
      guard peek() == UInt8(ascii: "\"") else { throw error("a name should be here") }
      let name = try readText()
      guard skip(":") else { throw error("`:` should be here") }
      map[name] = try readValue()
    } while skip(",")
    guard skip("}") else { throw error("`,` or `}` should be here") }
    return .map(map)
  }

  private mutating func readWord(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes[position...].starts(with: expected) else { throw error("a value should be here") }
    position += expected.count
    return value
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
    while let byte = peek(), [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
  }

  /// Takes `character`, and white space before it, if it is next.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  func error(_ message: String) -> JSONError {
    let before = bytes[..<position]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    return JSONError(message: message, line: line, column: position - lineStart + 1)
  }
}

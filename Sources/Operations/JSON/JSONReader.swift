package import Expressions
import OrderedCollections

/// Reads JSON (RFC 8259) into a value, keeping the order of objects.
///
/// Foundation's decoder forgets that order, which would make runs differ from each other. Numbers
/// without fraction and exponent that fit 64 bits are integers, all others doubles. Of members with
/// the same name the last one counts. A byte order mark is passed over.
package struct JSONReader {
  /// The deepest nesting that is read.
  package static let maximumDepth = 64

  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The value that `bytes` hold and nothing else.
  package static func read(_ bytes: [UInt8]) throws(JSONError) -> Value {
    var reader = JSONReader(bytes)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.unexpected() }
    return value
  }

  /// The value that `text` holds and nothing else.
  package static func read(_ text: String) throws(JSONError) -> Value {
    try read(Array(text.utf8))
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func unexpected() -> JSONError {
    JSONError(position < bytes.count ? .syntax : .cut, at: position)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> Value {
    guard depth <= Self.maximumDepth else { throw JSONError(.tooDeep, at: position) }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> Value {
    position += 1
    var members = OrderedDictionary<Value, Value>()
    skipSpace()
    if take(UInt8(ascii: "}")) { return .map(ValueMap()) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw unexpected() }
      let name = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected() }
      members[.string(name)] = try value(depth: depth + 1)
      skipSpace()
      if take(UInt8(ascii: "}")) { return .map(ValueMap(members)) }
      guard take(UInt8(ascii: ",")) else { throw unexpected() }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> Value {
    position += 1
    var elements: [Value] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .list([]) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return .list(elements) }
      guard take(UInt8(ascii: ",")) else { throw unexpected() }
    }
  }

  private mutating func word(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
    for byte in UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount) {
      guard take(byte) else { throw unexpected() }
    }
    return value
  }

  private mutating func digits() throws(JSONError) {
    guard let byte = next, isDigit(byte) else { throw unexpected() }
    while let byte = next, isDigit(byte) { position += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private mutating func number() throws(JSONError) -> Value {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      try digits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let whole = Int64(text) { return .int(whole) }
    guard let double = Double(text), double.isFinite else { throw JSONError(.syntax, at: start) }
    return .double(double)
  }
}

extension JSONReader {
  private mutating func string() throws(JSONError) -> String {
    position += 1
    var text = ""
    var start = position
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        try append(from: start, to: &text)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        try append(from: start, to: &text)
        position += 1
        text.unicodeScalars.append(try escaped())
        start = position
      case 0..<0x20: throw unexpected()
      default: position += 1
      }
    }
    throw unexpected()
  }

  private func append(from start: Int, to text: inout String) throws(JSONError) {
    guard start < position else { return }
    guard let part = String(validating: bytes[start..<position], as: UTF8.self) else {
      throw JSONError(.syntax, at: start)
    }
    text += part
  }

  private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
    guard let byte = next else { throw unexpected() }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw JSONError(.syntax, at: position - 1)
    }
  }

  /// RFC 8259 §7: a pair of surrogates makes one scalar; half a pair becomes U+FFFD.
  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let first = try hexadecimal()
    guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
    let back = position
    guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      position = back
      return "\u{FFFD}"
    }
    let second = try hexadecimal()
    guard (0xDC00...0xDFFF).contains(second) else {
      position = back
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var number: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Hexadecimal.digit(byte) else { throw unexpected() }
      number = number << 4 | UInt32(digit)
      position += 1
    }
    return number
  }
}

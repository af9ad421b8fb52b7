/// What has a place in the compiled form of a description: both directions keep to one order.
///
/// The form is a text of numbers and counted strings, which is read in a small part of the time that
/// the document takes. There are no names in it: a program reads only the form that was made with it.
protocol CompiledForm {
  func write(to form: inout CompiledWriter)

  init(from form: inout CompiledReader) throws(UnreadableForm)
}

/// A form that is no description.
struct UnreadableForm: Error {}

/// Writes a compiled form.
struct CompiledWriter {
  private(set) var bytes: [UInt8] = []

  /// Writes a line with the number.
  mutating func write(_ number: Int) {
    bytes += Array("\(number)\n".utf8)
  }

  /// Writes a line with the text, which may hold line breaks, after its count of bytes.
  mutating func write(_ text: String) {
    bytes += Array("\(text.utf8.count) \(text)\n".utf8)
  }
}

/// Reads a compiled form from its beginning.
struct CompiledReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number() throws(UnreadableForm) -> Int { try digits(until: UInt8(ascii: "\n")) }

  mutating func text() throws(UnreadableForm) -> String {
    let count = try digits(until: UInt8(ascii: " "))
    guard count < bytes.count - position, bytes[position + count] == UInt8(ascii: "\n") else {
      throw UnreadableForm()
    }
    defer { position += count + 1 }
    return String(decoding: bytes[position..<position + count], as: UTF8.self)
  }

  private mutating func digits(until end: UInt8) throws(UnreadableForm) -> Int {
    var number = 0
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == end, position > start + 1 { return number }
      guard (0x30...0x39).contains(byte), number < Self.mostDigits else { break }
      number = number * 10 + Int(byte - 0x30)
    }
    throw UnreadableForm()
  }

  /// Numbers from here on get no further digit.
  private static let mostDigits = 1_000_000_000_000
}

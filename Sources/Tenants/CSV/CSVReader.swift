import Files

/// Splits a CSV file (RFC 4180) into rows, one at a time.
///
/// Lines end with CR LF, LF or CR. Empty lines are left out. Of the file, no more than a row and a piece
/// of the source are in memory.
struct CSVReader {
  /// The longest cell, in bytes as they are written.
  static let cellLimit = 256 << 10
  /// The longest row, in bytes.
  static let rowLimit = 1 << 20
  /// The most cells of a row.
  static let columnLimit = 1000
  /// How far the end of the first line is looked for.
  private static let firstLineLimit = 64 << 10

  private let source: TenantsBytes
  private var classes: CSVByteClasses
  private var buffer: [UInt8] = []
  /// Where in the buffer the next row begins.
  private var start = 0
  private var isAtEnd = false
  private var isOver = false
  private var line = 1
  /// The lines that are no rows of the table: those within cells, and a line `sep=`.
  private var extraLines = 0
  /// The separator that a first line such as `sep=;` names.
  private(set) var named: SeparatorLine?
  /// What separates the cells.
  private(set) var separator: CSVSeparator

  /// The first line that spreadsheets write to name the separator.
  struct SeparatorLine: Sendable, Hashable {
    /// Nil for a character that is none.
    let separator: CSVSeparator?
    /// The line, without what ends it.
    let text: String
  }

  /// A reader of the table in `source`; without a separator, the header decides.
  init(_ source: TenantsBytes, separator: CSVSeparator?) throws(FileError) {
    self.source = source
    self.separator = separator ?? .comma
    classes = CSVByteClasses(self.separator)
    try findSeparator(given: separator)
  }

  /// The next row, or nil at the end.
  mutating func next() throws(FileError) -> CSVRow? {
    while !isOver {
      let scan = try scanRow()
      let row = row(of: scan)
      start += scan.next
      let breaks = scan.hasLineBreaks ? row.lineBreaks : 0
      line += breaks + 1
      extraLines += breaks
      isOver = scan.flaw?.endsFile == true || (isAtEnd && start >= buffer.count)
      if !row.bytes.isEmpty { return row }
    }
    return nil
  }

  private mutating func scanRow() throws(FileError) -> CSVScan {
    var scan = CSVScan()
    while true {
      let isComplete = buffer.withUnsafeBufferPointer { bytes in
        scan.run(UnsafeBufferPointer(rebasing: bytes[start...]), classes, isLast: isAtEnd)
      }
      if isComplete { return scan }
      try fill()
    }
  }

  private func row(of scan: CSVScan) -> CSVRow {
    let bytes = Array(buffer[start..<(start + scan.end)])
    var flaw = scan.flaw
    if flaw == nil, scan.hasHighBytes, String(validating: bytes, as: UTF8.self) == nil {
      let offset = Self.firstInvalidByte(in: bytes)
      flaw = CSVFlaw(kind: .notUTF8(bytes[offset]), offset: offset)
    }
    return CSVRow(
      bytes: bytes, spans: scan.spans, line: line, number: line - extraLines, flaw: flaw)
  }

  /// Adds a piece of the source to the buffer, from which the rows before `start` are removed.
  private mutating func fill() throws(FileError) {
    if start > 0 { buffer.removeFirst(start) }
    start = 0
    let piece = try source.next()
    isAtEnd = piece.isEmpty
    buffer += piece
  }

  private static func firstInvalidByte(in bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      offset += UTF8.width(scalar)
    }
    return min(offset, bytes.count - 1)
  }
}

/// The beginning of a file.
extension CSVReader {
  private mutating func findSeparator(given: CSVSeparator?) throws(FileError) {
    var first = try firstLine()
    if buffer[start...].starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
    first = first.dropFirst(start)
    if let named = Self.separatorLine(first) {
      self.named = named
      start += first.count
      if buffer[start...].first == 0x0D { start += 1 }
      if buffer[start...].first == 0x0A { start += 1 }
      line += 1
      extraLines += 1
      separator = given ?? named.separator ?? .comma
    } else {
      separator = given ?? CSVSeparator(ofHeader: first)
    }
    classes = CSVByteClasses(separator)
  }

  /// The bytes before the first line break outside of quotation marks, and at least the next ones.
  private mutating func firstLine() throws(FileError) -> ArraySlice<UInt8> {
    while true {
      var isQuoted = false
      let end = buffer.firstIndex { byte in
        if byte == CSVByteClasses.quote { isQuoted.toggle() }
        return !isQuoted && CSVByteClasses.endsLine(byte)
      }
      // Two more bytes show whether a line feed follows.
      if let end, end + 2 <= buffer.count || isAtEnd { return buffer[..<end] }
      guard !isAtEnd, buffer.count < Self.firstLineLimit else { return buffer[...] }
      try fill()
    }
  }

  private static func separatorLine(_ line: ArraySlice<UInt8>) -> SeparatorLine? {
    let text = String(decoding: line, as: UTF8.self)
    let bare =
      text.hasPrefix("\"") && text.hasSuffix("\"") ? text.dropFirst().dropLast() : text[...]
    guard bare.lowercased().hasPrefix("sep="), bare.count <= "sep=".count + 1 else { return nil }
    return SeparatorLine(
      separator: CSVSeparator(named: String(bare.dropFirst("sep=".count))), text: text)
  }
}

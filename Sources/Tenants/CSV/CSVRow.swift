import Diagnostics

/// A row of a CSV file: its bytes, and where its cells are in them.
struct CSVRow {
  /// The bytes of the row, without what ends its line.
  let bytes: [UInt8]
  let spans: [CSVScan.Span]
  /// The line on which it begins, from 1.
  let line: Int
  /// Which row of the table it is, from 1; other than the line when cells have line breaks.
  let number: Int
  let flaw: CSVFlaw?

  /// One cell as it is read.
  struct Cell: Hashable {
    let text: String
    let isQuoted: Bool
    let location: SourceLocation
  }

  /// Whether every cell is empty, as in the rows that spreadsheets add at the end of a table.
  var isEmpty: Bool {
    spans.allSatisfy { $0.start == $0.end || ($0.isQuoted && $0.end - $0.start == 2) }
  }
}

extension CSVRow.Cell {
  private static let blanks: [UInt8] = [0x20, 0x09]

  var beginsWithBlank: Bool { text.utf8.first.map(Self.blanks.contains) ?? false }

  /// The cell without blanks at its ends, unless it is in quotation marks.
  var trimmed: Self {
    guard !isQuoted, beginsWithBlank || text.utf8.last.map(Self.blanks.contains) ?? false else {
      return self
    }
    let start = text.utf8.drop { Self.blanks.contains($0) }
    let end = start.lastIndex { !Self.blanks.contains($0) }
    let trimmed = end.map { start[...$0] } ?? start
    return Self(text: String(trimmed) ?? text, isQuoted: false, location: location)
  }
}

extension CSVRow {
  /// The cells in order, each with its place in `file`.
  func cells(in file: String) -> [Cell] {
    var place = CSVPlace(line: line)
    var position = 0
    return spans.map { span in
      place.advance(over: bytes[position..<span.start])
      position = span.start
      return Cell(
        text: text(of: span), isQuoted: span.isQuoted,
        location: place.location(in: file, length: length(from: span.start, to: span.end)))
    }
  }

  /// The place in `file` of the byte at `offset`.
  func location(of offset: Int, in file: String, to end: Int? = nil) -> SourceLocation {
    var place = CSVPlace(line: line)
    place.advance(over: bytes[..<offset])
    return place.location(in: file, length: length(from: offset, to: end ?? offset))
  }

  /// The lines of the row, each with the Unicode scalars of `hidden`, which are ranges of its bytes.
  func lines(hiding hidden: [Range<Int>]) -> [(text: String, hidden: [Range<Int>])] {
    var lines: [(text: String, hidden: [Range<Int>])] = []
    var start = 0
    while start <= bytes.count {
      let end = bytes[start...].firstIndex(where: CSVByteClasses.endsLine) ?? bytes.count
      let ranges = hidden.compactMap { range -> Range<Int>? in
        let part = range.clamped(to: start..<end)
        guard !part.isEmpty else { return nil }
        return scalars(start..<part.lowerBound)..<scalars(start..<part.upperBound)
      }
      lines.append((String(decoding: bytes[start..<end], as: UTF8.self), ranges))
      let isPair =
        end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
      start = end + (isPair ? 2 : 1)
    }
    return lines
  }

  /// How many line breaks its cells have.
  var lineBreaks: Int {
    var place = CSVPlace(line: 0)
    place.advance(over: bytes[...])
    return place.line
  }

  private func text(of span: CSVScan.Span) -> String {
    guard span.isQuoted else {
      return String(decoding: bytes[span.start..<span.end], as: UTF8.self)
    }
    let inner = bytes[(span.start + 1)..<max(span.start + 1, span.end - 1)]
    guard span.hasDoubledQuotes else { return String(decoding: inner, as: UTF8.self) }
    var text: [UInt8] = []
    text.reserveCapacity(inner.count)
    var isSecond = false
    for byte in inner {
      isSecond = byte == CSVByteClasses.quote && !isSecond
      if !isSecond || byte != CSVByteClasses.quote { text.append(byte) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The Unicode scalars between two offsets, as far as they are on one line.
  private func length(from start: Int, to end: Int) -> Int {
    let line = bytes[start..<end].prefix { !CSVByteClasses.endsLine($0) }
    return scalars(line.indices)
  }

  private func scalars(_ range: Range<Int>) -> Int {
    bytes[range].count { $0 & 0xC0 != 0x80 }
  }
}

/// A place that moves through the bytes of a row.
private struct CSVPlace {
  private(set) var line: Int
  private var column = 1
  private var followsReturn = false

  init(line: Int) {
    self.line = line
  }

  mutating func advance(over bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      let endsPair = followsReturn && byte == 0x0A
      followsReturn = byte == 0x0D
      if endsPair { continue }
      if CSVByteClasses.endsLine(byte) {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        // The bytes that continue a scalar begin with 10.
        column += 1
      }
    }
  }

  func location(in file: String, length: Int) -> SourceLocation {
    SourceLocation(file: file, line: line, column: column, length: length)
  }
}

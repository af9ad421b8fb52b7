/// Where a row is being scanned: a state machine over its bytes, which may arrive in pieces.
///
/// All offsets count from the beginning of the row.
struct CSVScan {
  /// Where one cell is in its row, quotation marks included.
  struct Span: Sendable, Hashable {
    var start: Int
    var end: Int
    var isQuoted: Bool
    /// Whether a quotation mark inside is written twice.
    var hasDoubledQuotes: Bool
  }

  private enum State {
    /// → plain, quoted
    case cellStart
    /// → cellStart, skipping
    case plain
    /// → afterQuote
    case quoted
    /// → quoted (a doubled mark), cellStart, skipping
    case afterQuote
    /// The rest of the line belongs to no cell.
    case skipping
  }

  private(set) var spans: [Span] = []
  private(set) var flaw: CSVFlaw?
  private(set) var hasHighBytes = false
  private(set) var hasLineBreaks = false
  /// The end of the row without what ends its line; meaningful when the row is complete.
  private(set) var end = 0
  /// Where the next row begins.
  private(set) var next = 0
  private var state = State.cellStart
  private var position = 0
  private var cellStart = 0
  private var hasDoubledQuotes = false

  /// Takes the next bytes of the row, which begin where `bytes` does; false when more are needed.
  mutating func run(
    _ bytes: UnsafeBufferPointer<UInt8>, _ classes: CSVByteClasses, isLast: Bool
  ) -> Bool {
    while flaw?.endsFile != true {
      switch state {
      case .cellStart:
        guard position < bytes.count else { return isLast ? endRow(at: position) : false }
        state = .plain
        if bytes[position] == CSVByteClasses.quote {
          position += 1
          state = .quoted
        }
      case .plain:
        classes.skip(.plain, in: bytes, from: &position)
        guard position < bytes.count else { return wait(isLast) }
        if let isComplete = plain(bytes, classes, isLast) { return isComplete }
      case .quoted:
        classes.skip(.quoted, in: bytes, from: &position)
        guard position < bytes.count else {
          if isLast { note(.unclosedQuote, at: cellStart) }
          return wait(isLast)
        }
        quoted(bytes[position])
      case .afterQuote:
        guard position < bytes.count else { return wait(isLast) }
        if let isComplete = afterQuote(bytes, classes, isLast) { return isComplete }
      case .skipping:
        while position < bytes.count, !CSVByteClasses.endsLine(bytes[position]) { position += 1 }
        guard position < bytes.count else { return wait(isLast) }
        return endLine(bytes, isLast)
      }
    }
    return endRow(at: position)
  }

  /// A byte of a cell without quotation marks that is none of its text; nil to go on.
  private mutating func plain(
    _ bytes: UnsafeBufferPointer<UInt8>, _ classes: CSVByteClasses, _ isLast: Bool
  ) -> Bool? {
    let byte = bytes[position]
    if byte == classes.separator {
      endCell(isQuoted: false)
    } else if CSVByteClasses.endsLine(byte) {
      return endLine(bytes, isLast)
    } else if byte == CSVByteClasses.quote {
      let isBlank = bytes[cellStart..<position].allSatisfy { $0 == 0x20 || $0 == 0x09 }
      note(isBlank ? .blankBeforeQuote : .quoteInPlainCell, at: position)
      state = .skipping
    } else {
      takeOther(byte)
    }
    return nil
  }

  private mutating func quoted(_ byte: UInt8) {
    if byte == CSVByteClasses.quote {
      position += 1
      state = .afterQuote
    } else if CSVByteClasses.endsLine(byte) {
      hasLineBreaks = true
      position += 1
    } else {
      takeOther(byte)
    }
  }

  private mutating func afterQuote(
    _ bytes: UnsafeBufferPointer<UInt8>, _ classes: CSVByteClasses, _ isLast: Bool
  ) -> Bool? {
    let byte = bytes[position]
    if byte == CSVByteClasses.quote {
      hasDoubledQuotes = true
      position += 1
      state = .quoted
    } else if byte == classes.separator {
      endCell(isQuoted: true)
    } else if CSVByteClasses.endsLine(byte) {
      return endLine(bytes, isLast)
    } else {
      note(.textAfterQuote, at: position)
      state = .skipping
    }
    return nil
  }

  /// A byte beyond ASCII or a control character.
  private mutating func takeOther(_ byte: UInt8) {
    if byte >= 0x80 {
      hasHighBytes = true
    } else {
      note(.controlCharacter(byte), at: position)
    }
    position += 1
  }

  /// Only the first flaw of a row is kept.
  private mutating func note(_ kind: CSVFlaw.Kind, at offset: Int) {
    if flaw == nil { flaw = CSVFlaw(kind: kind, offset: offset) }
  }

  private mutating func wait(_ isLast: Bool) -> Bool {
    noteLength()
    return isLast || flaw?.endsFile == true ? endRow(at: position) : false
  }

  private mutating func noteLength() {
    if position - cellStart > CSVReader.cellLimit { note(.cellTooLong, at: cellStart) }
    if position > CSVReader.rowLimit { note(.rowTooLong, at: cellStart) }
  }

  private mutating func endCell(isQuoted: Bool) {
    noteLength()
    if spans.count == CSVReader.columnLimit { note(.tooManyCells, at: cellStart) }
    spans.append(
      Span(
        start: cellStart, end: position, isQuoted: isQuoted, hasDoubledQuotes: hasDoubledQuotes))
    position += 1
    cellStart = position
    hasDoubledQuotes = false
    state = .cellStart
  }

  /// Ends the row at a line break; false when a line feed may follow that is not there yet.
  private mutating func endLine(_ bytes: UnsafeBufferPointer<UInt8>, _ isLast: Bool) -> Bool {
    let isReturn = bytes[position] == 0x0D
    guard !isReturn || position + 1 < bytes.count || isLast else { return false }
    let isPair = isReturn && position + 1 < bytes.count && bytes[position + 1] == 0x0A
    _ = endRow(at: position)
    next = end + (isPair ? 2 : 1)
    return true
  }

  private mutating func endRow(at offset: Int) -> Bool {
    let isQuoted =
      switch state {
      case .quoted, .afterQuote: true
      case .cellStart, .plain, .skipping: false
      }
    position = offset
    endCell(isQuoted: isQuoted)
    end = offset
    next = offset
    return true
  }
}

/// Which bytes need a closer look.
struct CSVByteClasses {
  /// Where in a row a byte is.
  enum Context: UInt8 {
    case plain = 1
    case quoted = 2
  }

  static let quote = UInt8(ascii: "\"")

  let separator: UInt8
  private let marks: [UInt8]

  init(_ separator: CSVSeparator) {
    self.separator = separator.byte
    marks = (0...UInt8.max).map { byte in
      let isOther = byte >= 0x7F || (byte < 0x20 && byte != 0x09)
      if isOther || byte == Self.quote { return 3 }
      return byte == separator.byte ? Context.plain.rawValue : 0
    }
  }

  static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Moves `position` to the next byte that needs a closer look.
  func skip(
    _ context: Context, in bytes: UnsafeBufferPointer<UInt8>, from position: inout Int
  ) {
    let mark = context.rawValue
    marks.withUnsafeBufferPointer { marks in
      var index = position
      while index < bytes.count, marks[Int(bytes[index])] & mark == 0 { index += 1 }
      position = index
    }
  }
}

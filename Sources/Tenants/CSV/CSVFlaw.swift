import Diagnostics

/// Why a row of a CSV file cannot be read.
struct CSVFlaw: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    /// A quotation mark in a cell that does not begin with one (RFC 4180 §2, rule 5).
    case quoteInPlainCell
    /// The same, with nothing but blanks before it.
    case blankBeforeQuote
    /// Something between the closing quotation mark and the next separator.
    case textAfterQuote
    case unclosedQuote
    case cellTooLong
    case rowTooLong
    case tooManyCells
    case controlCharacter(UInt8)
    case notUTF8(UInt8)
  }

  let kind: Kind
  /// Where in the row, in bytes from its beginning.
  let offset: Int

  /// Whether all cells of the row were found nevertheless.
  var leavesCells: Bool {
    switch kind {
    case .controlCharacter, .notUTF8: true
    case .quoteInPlainCell, .blankBeforeQuote, .textAfterQuote, .unclosedQuote, .cellTooLong,
      .rowTooLong, .tooManyCells:
      false
    }
  }

  /// Whether nothing behind it can be read either.
  var endsFile: Bool {
    switch kind {
    case .unclosedQuote, .cellTooLong, .rowTooLong, .tooManyCells: true
    case .quoteInPlainCell, .blankBeforeQuote, .textAfterQuote, .controlCharacter, .notUTF8: false
    }
  }
}

extension CSVFlaw {
  func diagnostic(at location: SourceLocation) -> Diagnostic {
    let (code, message, hint) = words
    return Diagnostic(code, message, at: location, hint: hint)
  }

  private var words: (code: DiagnosticCode, message: String, hint: String) {
    switch kind {
    case .quoteInPlainCell:
      (
        .csvQuote, "a quotation mark in a cell that does not begin with one",
        "put the cell in quotation marks, and double those inside: \"a \"\"b\"\" c\""
      )
    case .blankBeforeQuote:
      (
        .csvQuote, "a blank before the opening quotation mark of the cell",
        "remove the blank"
      )
    case .textAfterQuote:
      (
        .csvQuote, "text after the closing quotation mark of the cell",
        "double the quotation marks inside a cell: \"a \"\"b\"\" c\""
      )
    case .unclosedQuote:
      (
        .csvQuote, "the quotation mark that opens this cell is never closed",
        "close it, and double the quotation marks inside the cell"
      )
    case .cellTooLong:
      (
        .cellTooLong, "the cell has more than \(CSVReader.cellLimit >> 10) KiB",
        "is a quotation mark not closed? Keep large data in files of their own, and give their paths"
      )
    case .rowTooLong:
      (
        .rowTooLong, "the row has more than \(CSVReader.rowLimit >> 20) MiB",
        "keep large data in files of their own, and give their paths"
      )
    case .tooManyCells:
      (
        .tooManyCells, "the row has more than \(CSVReader.columnLimit) cells",
        "is the separator right?"
      )
    case .controlCharacter(0):
      (
        .nulByte, "the file holds a NUL byte",
        "is this a text file? Save it as CSV in UTF-8"
      )
    case .controlCharacter(let byte):
      (
        .controlCharacter, "the character U+00\(Self.hex(byte)) is not allowed", "remove it"
      )
    case .notUTF8(let byte):
      (
        .notUTF8, "byte 0x\(Self.hex(byte)) is not valid UTF-8",
        "save the file as UTF-8, which spreadsheets call CSV UTF-8"
      )
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0\(digits)" : digits
  }
}

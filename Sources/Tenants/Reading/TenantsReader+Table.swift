import Diagnostics
import Files
import OrderedCollections
import Planning

/// CSV files.
extension TenantsReader {
  func readTable(
    _ source: TenantsBytes, into reading: inout TenantsReading, _ take: (Tenant) -> Void
  ) throws(FileError) {
    var rows = try CSVReader(source, separator: separator)
    if let flaw = separatorFlaw(rows) {
      return reading.add([flaw], lines: { _ in rows.named.map { ($0.text, []) } })
    }
    guard let header = try rows.next() else {
      return reading.add([
        Diagnostic(
          .emptyFile, "the tenants file `\(file)` is empty", at: nil,
          hint: "the first row names the columns, such as name and username")
      ])
    }
    guard let columns = columns(header, rows.separator, into: &reading) else { return }
    while let row = try rows.next() {
      guard !row.isEmpty || row.flaw != nil else { continue }
      guard reading.nameCount < Self.limit else {
        return reading.add([tooMany(at: row.location(of: 0, in: file))])
      }
      let found = read(row, columns, rows.separator, into: &reading, take)
      if !found.isEmpty { add(found, of: row, columns, to: &reading) }
    }
  }

  /// What is wrong with a first line such as `sep=;`.
  private func separatorFlaw(_ rows: CSVReader) -> Diagnostic? {
    guard let named = rows.named else { return nil }
    let place = SourceLocation(
      file: file, line: 1, column: 1, length: named.text.unicodeScalars.count)
    guard let separator = named.separator else {
      return Diagnostic(
        .wrongSeparator, "the first line does not name a separator", at: place,
        hint: "a separator is an ASCII character that is no letter, digit or quote")
    }
    guard separator == rows.separator else {
      return Diagnostic(
        .wrongSeparator,
        "the first line names the separator `\(separator.name)`, and `separator` says "
          + "`\(rows.separator.name)`", at: place, hint: "remove one of the two")
    }
    return nil
  }

  /// The columns that the header names; nil when no row can be read.
  private func columns(
    _ header: CSVRow, _ separator: CSVSeparator, into reading: inout TenantsReading
  ) -> TenantColumns? {
    let lines = header.lines(hiding: [])
    func line(_ number: Int) -> (text: String, hidden: [Range<Int>]?)? {
      let index = number - header.line
      return lines.indices.contains(index) ? (lines[index].text, []) : nil
    }
    if let flaw = header.flaw {
      reading.add([flaw.diagnostic(at: header.location(of: flaw.offset, in: file))], lines: line)
      return nil
    }
    let columns = TenantColumns(header: header, of: file, separator: separator, for: binder)
    reading.add(columns.diagnostics, lines: line)
    return columns.hasNames ? columns : nil
  }

  /// Hands over the tenant of a row, and returns what is wrong with the row.
  private func read(
    _ row: CSVRow, _ columns: TenantColumns, _ separator: CSVSeparator,
    into reading: inout TenantsReading, _ take: (Tenant) -> Void
  ) -> [Diagnostic] {
    if let flaw = row.flaw { return [flaw.diagnostic(at: row.location(of: flaw.offset, in: file))] }
    let cells = row.cells(in: file)
    guard cells.count == columns.meanings.count else {
      return [raggedness(of: row, cells, wanted: columns.meanings.count, separator)]
    }
    var found: [Diagnostic] = []
    var tenant = Tenant(name: "", location: row.location(of: 0, in: file))
    for (written, meaning) in zip(cells, columns.meanings) {
      let cell = written.trimmed
      if cell != written { found.append(oddBlank(of: written)) }
      switch meaning {
      case .name:
        tenant.name = cell.text
        tenant.location = cell.location
        found += reading.objections(to: cell.text, at: cell.location)
        tenant.give(name: cell.input, to: binder.playbook)
      case .labels: found += labels(in: cell, of: &tenant)
      case .input(let name):
        if !cell.text.isEmpty { tenant.cells.append(TenantCell(name, cell.input)) }
      case .unknown: break
      }
    }
    return finish(tenant, found: found, besides: columns.missing, in: &reading, take)
  }

  private func labels(in cell: CSVRow.Cell, of tenant: inout Tenant) -> [Diagnostic] {
    guard !cell.text.isEmpty else { return [] }
    do throws(InvalidInput) {
      var reader = LabelsReader()
      let node = try InputCell.json(
        cell.text, cell.isQuoted ? .quoted : .plain, at: cell.location)
      tenant.labels = reader.labels(of: node)
      return reader.diagnostics
    } catch {
      return error.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        diagnostic.message = "`labels`: \(diagnostic.message)"
        return diagnostic
      }
    }
  }

  private func raggedness(
    of row: CSVRow, _ cells: [CSVRow.Cell], wanted: Int, _ separator: CSVSeparator
  ) -> Diagnostic {
    let count = cells.count == 1 ? "1 cell" : "\(cells.count) cells"
    let place = cells.count > wanted ? cells[wanted].location : cells[cells.count - 1].location
    let hint =
      if row.bytes.first == UInt8(ascii: "#") {
        "CSV has no comments: remove the line"
      } else if cells.count > wanted {
        "put a cell that contains `\(separator.name)` in quotation marks"
      } else {
        "write a separator for each empty cell"
      }
    return Diagnostic(
      .raggedRow, "the row has \(count), and the header has \(wanted)", at: place, hint: hint)
  }

  /// Blanks around a cell are part of it (RFC 4180 §2, rule 4), and seldom meant.
  private func oddBlank(of cell: CSVRow.Cell) -> Diagnostic {
    Diagnostic(
      .oddBlank, "the cell \(cell.beginsWithBlank ? "begins" : "ends") with a blank",
      at: cell.location, hint: "remove it, or put the cell in quotation marks to keep it")
  }
}

/// Quoting rows.
extension TenantsReader {
  private func add(
    _ found: [Diagnostic], of row: CSVRow, _ columns: TenantColumns,
    to reading: inout TenantsReading
  ) {
    let lines = row.lines(hiding: hidden(in: row, columns))
    // Spreadsheets number rows, which are not lines when cells have several.
    let suffix = row.number == row.line ? "" : " (row \(row.number))"
    let named = found.map { diagnostic in
      var diagnostic = diagnostic
      diagnostic.message += suffix
      // What must not be shown of the line is known.
      diagnostic.quotation = .line
      return diagnostic
    }
    reading.add(named) { number in
      let index = number - row.line
      return lines.indices.contains(index) ? (lines[index].text, lines[index].hidden) : nil
    }
  }

  /// The bytes of a row that may be a secret: cells of secret columns that are no references.
  ///
  /// In a row whose cells are too few or too many, any cell but the first may be one, and in a row that
  /// cannot be read to its end, all that follows.
  private func hidden(in row: CSVRow, _ columns: TenantColumns) -> [Range<Int>] {
    guard columns.haveSecrets else { return [] }
    let isRagged = row.flaw == nil && row.spans.count != columns.secrets.count
    let ranges = row.spans.enumerated().compactMap { index, span -> Range<Int>? in
      let isKnown = columns.secrets.indices.contains(index) && !isRagged
      let isSecret = isKnown ? columns.secrets[index] : index > 0
      guard isSecret, !isReference(row.bytes[span.start..<span.end]) else { return nil }
      return span.start..<span.end
    }
    guard let flaw = row.flaw, !flaw.leavesCells, let broken = row.spans.indices.last,
      broken >= columns.secrets.count || columns.secrets[broken...].contains(true)
    else { return ranges }
    let isOpen = broken < columns.secrets.count && !columns.secrets[broken]
    let start = isOpen ? max(flaw.offset, row.spans[broken].start) : row.spans[broken].start
    return ranges.filter { $0.upperBound <= start } + [start..<row.bytes.count]
  }

  /// Whether a cell only names where a secret is.
  private func isReference(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = bytes.drop { $0 == CSVByteClasses.quote }
    guard !text.isEmpty, !text.starts(with: "file:".utf8), !text.starts(with: "command:".utf8)
    else { return true }
    // What follows may be the secret itself when it is no name of a variable.
    return text.starts(with: "env:".utf8)
      && text.dropFirst("env:".utf8.count).allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "{"),
          UInt8(ascii: "}"), CSVByteClasses.quote:
          true
        case _: false
        }
      }
  }
}

extension CSVRow.Cell {
  fileprivate var input: InputCell {
    InputCell(TableText.unescaped(text), isQuoted ? .quoted : .plain, at: location)
  }
}

extension Tenant {
  /// The name is the value of an input that is called `name`, too.
  mutating func give(name cell: InputCell, to playbook: PlannedPlaybook) {
    guard playbook.inputs["name"] != nil else { return }
    cells.append(TenantCell("name", cell))
  }
}

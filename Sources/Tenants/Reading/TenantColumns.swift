import Diagnostics
import OrderedCollections
import Planning
import Playbooks

/// What the columns of a table are, as its header says.
struct TenantColumns {
  enum Meaning: Hashable {
    case name
    case labels
    case input(String)
    /// Its name is wrong, which is reported once.
    case unknown
  }

  /// The meaning of each column, in order.
  private(set) var meanings: [Meaning] = []
  /// Which columns may have secrets.
  private(set) var secrets: [Bool] = []
  /// The inputs that no column gives and that must be given.
  private(set) var missing: Set<String> = []
  private(set) var diagnostics: [Diagnostic] = []
  private let binder: TenantBinder

  /// Whether rows can be read: there is a column with names.
  var hasNames: Bool { meanings.contains(.name) }
  /// Whether any column may have secrets.
  var haveSecrets: Bool { secrets.contains(true) }

  /// The columns of a table with the header `row` in `file`.
  init(header row: CSVRow, of file: String, separator: CSVSeparator, for binder: TenantBinder) {
    self.binder = binder
    let cells = row.cells(in: file)
    let whole = row.location(of: 0, in: file, to: row.bytes.count)
    let always = ["name", "labels"]
    let names = always + binder.playbook.inputs.keys.filter { !always.contains($0) }
    guard cells.contains(where: { names.contains($0.text) || Self.isMisspelt($0.text, names) })
    else {
      // It may be a row with a secret.
      diagnostics.append(
        Diagnostic(
          .noHeader, "the first row does not name the columns", at: whole,
          hint: cells.lazy.compactMap { Self.separatorHint($0.text, separator) }.first
            ?? "the columns are \(names.map { "`\($0)`" }.joined(separator: ", "))",
          quotation: .none))
      return
    }
    var meant: Set<String> = []
    for (index, cell) in cells.enumerated() {
      meanings.append(
        meaning(of: cell, at: index, in: cells, among: names, separator, meant: &meant))
    }
    let texts = binder.texts
    let lacksSecret = binder.playbook.inputs.contains { name, input in
      input.type.holdsSecret && !meanings.contains(.input(name))
    }
    secrets = zip(meanings, cells).map { meaning, cell in
      switch meaning {
      case .name, .labels: false
      case .input(let name): texts.hides(valueOf: cell.text) || holdsSecret(name)
      case .unknown:
        texts.hides(valueOf: cell.text)
          || nearestName(to: cell.text, among: names).map(holdsSecret) ?? lacksSecret
      }
    }
    findMissing(meant: meant, at: whole)
  }

  private func holdsSecret(_ name: String) -> Bool {
    binder.playbook.inputs[name]?.type.holdsSecret ?? false
  }

  private static func isMisspelt(_ text: String, _ names: [String]) -> Bool {
    nearestName(to: text, among: names) != nil
  }

  private mutating func meaning(
    of cell: CSVRow.Cell, at index: Int, in cells: [CSVRow.Cell], among names: [String],
    _ separator: CSVSeparator, meant: inout Set<String>
  ) -> Meaning {
    if let first = cells[..<index].firstIndex(where: { $0.text == cell.text }), !cell.text.isEmpty {
      diagnostics.append(
        Diagnostic(
          .duplicateColumn, "the column `\(cell.text)` is given twice", at: cell.location,
          related: [RelatedLocation("first given here", at: cells[first].location)]))
      return .unknown
    }
    switch cell.text {
    case "name": return .name
    case "labels": return .labels
    case "":
      diagnostics.append(
        Diagnostic(
          .unnamedColumn, "column \(index + 1) has no name", at: cell.location,
          hint: "name it, or remove it from every row"))
      return .unknown
    case let name where binder.playbook.inputs[name] != nil: return .input(name)
    case let name:
      if let nearest = nearestName(to: name, among: names) { meant.insert(nearest) }
      diagnostics.append(
        Diagnostic(
          .unknownInput, "`\(binder.playbook.name)` has no input `\(name)`", at: cell.location,
          hint: Self.separatorHint(name, separator)
            ?? (names.contains(cell.trimmed.text) ? "remove the blank" : nil) ?? didYouMean(
              name, among: names)
            ?? "the columns are \(names.map { "`\($0)`" }.joined(separator: ", "))"))
      return .unknown
    }
  }

  /// A name with another separator in it is several names.
  private static func separatorHint(_ name: String, _ separator: CSVSeparator) -> String? {
    let others = CSVSeparator.common.filter { other in
      other != separator && name.utf8.contains(other.byte)
    }
    return others.first.map {
      "are the columns separated by `\($0.name)`? Then say so: `separator`"
    }
  }

  private mutating func findMissing(meant: Set<String>, at location: SourceLocation) {
    if !hasNames, !meant.contains("name") {
      diagnostics.append(
        Diagnostic(
          .missingColumn, "no column is called `name`", at: location,
          hint: "each tenant has a name, by which it is found again"))
    }
    let given = meanings.compactMap { meaning -> String? in
      switch meaning {
      case .input(let name): name
      case .name: "name"
      case .labels, .unknown: nil
      }
    }
    missing = Set(binder.required).subtracting(given)
    for name in binder.required where missing.contains(name) && !meant.contains(name) {
      guard let declaration = binder.playbook.inputs[name] else { continue }
      diagnostics.append(
        Diagnostic(
          .missingInput, "no column gives the input `\(name)` (\(declaration.phrase))",
          at: location,
          hint: "add it, or give it for all tenants with \(declaration.usage(of: name))"))
    }
  }
}

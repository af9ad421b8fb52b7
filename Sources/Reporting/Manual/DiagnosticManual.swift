import CDiagnosticPages
package import Diagnostics
package import Events

/// The manual of the rules of diagnostics: `docs/diagnostics.md`, which is part of the program.
package struct DiagnosticManual: Sendable {
  /// The pages, in the order of the document.
  package private(set) var pages: [DiagnosticPage] = []
  /// Headings of pages that name no rule, or not by its number.
  package private(set) var strangeHeadings: [String] = []
  /// Files that the examples of all pages may use.
  package private(set) var companions: [DiagnosticPage.Block] = []

  /// The manual as it was when the program was built.
  package static var embedded: DiagnosticManual {
    let bytes = UnsafeBufferPointer(
      start: diagnostic_pages_bytes(), count: diagnostic_pages_count())
    return DiagnosticManual(parsing: String(decoding: bytes, as: UTF8.self))
  }

  /// The manual that the Markdown `text` holds.
  package init(parsing text: String) {
    var reader = DiagnosticManualReader()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reader.read(line) }
    pages = reader.pages
    strangeHeadings = reader.strangeHeadings
    companions = reader.companions
  }

  /// The rule of a number or a name, in capitals or not.
  package static func code(named name: String) -> DiagnosticCode? {
    let name = name.lowercased()
    return DiagnosticCode.allCases.first { $0.rawValue == name || $0.number.lowercased() == name }
  }

  /// What a name that is none most likely means, as a hint.
  package static func suggestion(for name: String) -> String? {
    didYouMean(name, among: DiagnosticCode.allCases.flatMap { [$0.rawValue, $0.number] })
  }

  /// The page of a rule, or nil when the document has none.
  package func page(of code: DiagnosticCode) -> DiagnosticPage? {
    pages.first { $0.code == code }
  }

  /// All pages, in the order of the numbers, as JSON.
  package var json: EncodedJSON {
    .list(DiagnosticGroup.allCases.flatMap(\.codes).compactMap { page(of: $0)?.json })
  }

  /// All rules, by group, a line each.
  package var list: String {
    let groups = DiagnosticGroup.allCases.map { group in
      let rows = group.codes.map { code in
        ("\(code.number)  \(code.rawValue)", page(of: code)?.summary ?? "")
      }
      return "\(group.title)\n\(ManualText.table(rows))\n"
    }
    return groups.joined(separator: "\n")
  }
}

/// Reads the document line by line.
private struct DiagnosticManualReader {
  private enum Part {
    case none
    case what
    case why
    case reason
    case block
    /// A block that belongs to no page, and that nothing is said about.
    case otherBlock
  }

  var pages: [DiagnosticPage] = []
  var strangeHeadings: [String] = []
  var companions: [DiagnosticPage.Block] = []
  private var part = Part.none
  private var isInPage = false

  mutating func read(_ line: Substring) {
    switch part {
    case .block, .otherBlock: readBlock(line)
    case .none, .what, .why, .reason: readText(line)
    }
  }

  private mutating func readBlock(_ line: Substring) {
    if line == "```" {
      part = .none
    } else if part == .block {
      append("\(line)\n")
    }
  }

  private mutating func append(_ text: String) {
    if isInPage, let page = pages.indices.last, let block = pages[page].blocks.indices.last {
      pages[page].blocks[block].text += text
    } else if let block = companions.indices.last {
      companions[block].text += text
    }
  }

  private mutating func readText(_ line: Substring) {
    if line.hasPrefix("```") { return open(line) }
    if line.hasPrefix("## ") { return begin(line.dropFirst(3)) }
    if line.hasPrefix("# ") { isInPage = false }
    for (mark, next) in [
      ("**What**: ", Part.what), ("**Why**: ", .why), ("**No example**: ", .reason),
    ]
    where line.hasPrefix(mark) {
      part = next
      return add(line.dropFirst(mark.count))
    }
    if line.isEmpty { part = .none } else { add(line) }
  }

  private mutating func open(_ line: Substring) {
    guard let block = DiagnosticPage.Block(opening: line) else {
      part = .otherBlock
      return
    }
    part = .block
    if isInPage, let page = pages.indices.last {
      pages[page].blocks.append(block)
    } else {
      companions.append(block)
    }
  }

  private mutating func begin(_ heading: Substring) {
    part = .none
    let words = heading.split(separator: " ")
    guard words.count == 2, let code = DiagnosticCode(rawValue: String(words[1])),
      code.number == words[0], !pages.contains(where: { $0.code == code })
    else {
      strangeHeadings.append(String(heading))
      isInPage = false
      return
    }
    isInPage = true
    pages.append(DiagnosticPage(code: code))
  }

  private mutating func add(_ line: Substring) {
    guard isInPage, let page = pages.indices.last else { return }
    switch part {
    case .what: pages[page].what.addLine(line)
    case .why: pages[page].why.addLine(line)
    case .reason:
      pages[page].exampleReason = pages[page].exampleReason ?? ""
      pages[page].exampleReason?.addLine(line)
    case .none, .block, .otherBlock: break
    }
  }
}

extension String {
  fileprivate mutating func addLine(_ line: Substring) {
    self += isEmpty ? "\(line)" : " \(line)"
  }
}

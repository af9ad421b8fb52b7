/// Turns diagnostics into text: a headline, the quoted line, a caret, a hint.
package struct DiagnosticRenderer: Sendable {
  private let texts: SourceTexts

  package init(texts: SourceTexts) {
    self.texts = texts
  }

  /// One diagnostic as one or more lines, without a trailing newline.
  ///
  ///     lib/enroll.yaml:12:7: error: unknown key `wen` [unknown-key]
  ///       12 |       wen: 1
  ///          |       ^^^
  ///       hint: did you mean `when`?
  package func render(_ diagnostic: Diagnostic) -> String {
    var lines = [headline(diagnostic)]
    if diagnostic.quotation == .line, let location = diagnostic.location,
      let quoted = quote(location)
    {
      lines += quoted
    }
    if let hint = diagnostic.hint {
      lines.append("  hint: \(Self.printable(hint))")
    }
    return lines.joined(separator: "\n")
  }

  /// All diagnostics in the order of their places, a blank line between two.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.sorted(by: Self.comesBefore).map(render).joined(separator: "\n\n")
  }

  private func headline(_ diagnostic: Diagnostic) -> String {
    let place = diagnostic.location.map { "\($0): " } ?? ""
    let what = "\(diagnostic.severity.rawValue): \(diagnostic.message) [\(diagnostic.code)]"
    return Self.printable(place + what)
  }

  private func quote(_ location: SourceLocation) -> [String]? {
    guard let text = texts[location.file], let line = Self.line(location.line, of: text) else {
      return nil
    }
    let window = Window(of: Array(line.unicodeScalars), around: location)
    let number = String(location.line)
    let gutter = String(repeating: " ", count: number.count)
    return [
      "  \(number) | \(window.text)",
      "  \(gutter) | \(window.marker)",
    ]
  }

  private static func comesBefore(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
    switch (left.location, right.location) {
    case (nil, nil): return false
    case (nil, _): return true
    case (_, nil): return false
    case (let left?, let right?):
      return (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
  }

  private static func line(_ number: Int, of text: String) -> Substring? {
    guard number > 0 else { return nil }
    var current = 1
    var rest = text[...]
    while current < number {
      guard let newline = rest.firstIndex(where: \.isNewline) else { return nil }
      rest = rest[rest.index(after: newline)...]
      current += 1
    }
    return rest.prefix { !$0.isNewline }
  }

  /// The text with control characters made visible, so that a file cannot drive the terminal.
  static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map(visible)))
  }

  fileprivate static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.properties.generalCategory {
    case .control where scalar != "\n", .format, .surrogate: "\u{FFFD}"
    default: scalar
    }
  }
}

/// The part of a line that is shown: at most 100 scalars, with the marked span inside.
private struct Window {
  static let width = 100

  let text: String
  let marker: String

  init(of line: [Unicode.Scalar], around location: SourceLocation) {
    let column = min(max(location.column - 1, 0), line.count)
    let start = line.count <= Self.width ? 0 : max(0, column - Self.width / 2)
    let end = min(line.count, start + Self.width)
    let shown = line[start..<end].map { $0 == "\t" ? " " : DiagnosticRenderer.visible($0) }
    let lead = start > 0 ? "…" : ""
    let tail = end < line.count ? "…" : ""
    let length = max(1, min(location.length, end - column))
    text = lead + String(String.UnicodeScalarView(shown)) + tail
    marker =
      String(repeating: " ", count: column - start + lead.count)
      + String(repeating: "^", count: length)
  }
}

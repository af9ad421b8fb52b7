/// Turns diagnostics into text: a headline, the quoted line, a caret, other places, a hint.
package struct DiagnosticRenderer: Sendable {
  private let texts: SourceTexts

  /// A renderer that quotes lines of `texts`; what points into any other text is shown without its
  /// line.
  package init(texts: SourceTexts) {
    self.texts = texts
  }

  /// One diagnostic as one or more lines, without a trailing newline.
  ///
  ///     lib/enroll.yaml:12:7: error[P0201]: a step has no key `wen` [unknown-key]
  ///       12 |       wen: 1
  ///          |       ^^^
  ///       hint: did you mean `when`?
  package func render(_ diagnostic: Diagnostic) -> String {
    render([diagnostic])
  }

  /// All diagnostics in the order of their places, a blank line between two.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    var lines = QuotedLines(texts)
    let secretLines = Set(diagnostics.compactMap(\.secretLine))
    return diagnostics.inOrderOfPlace.map { render($0, quoting: &lines, besides: secretLines) }
      .joined(separator: "\n\n")
  }

  private func render(
    _ diagnostic: Diagnostic, quoting lines: inout QuotedLines,
    besides secretLines: Set<Diagnostic.Line>
  ) -> String {
    var rendered = [headline(diagnostic)]
    if let location = diagnostic.location, !secretLines.contains(Diagnostic.Line(location)),
      let line = lines.line(at: location)
    {
      let scalars = Array(line.unicodeScalars)
      let shown =
        if let hidden = lines.hidden(at: location) {
          SecretMask.hiding(hidden, in: scalars, location)
        } else {
          SecretMask(names: texts.secretNames)
            .hiding(scalars, below: lines.parent(of: location), location)
        }
      rendered += Self.quote(shown.line, shown.location)
    }
    for other in diagnostic.related {
      rendered.append("  \(Self.printable("\(other.text): \(other.location)"))")
    }
    if let hint = diagnostic.hint {
      rendered.append("  hint: \(Self.printable(hint))")
    }
    return rendered.joined(separator: "\n")
  }

  private func headline(_ diagnostic: Diagnostic) -> String {
    let place = diagnostic.location.map { "\($0): " } ?? ""
    let code = diagnostic.code
    let what =
      "\(diagnostic.severity.rawValue)[\(code.number)]: \(diagnostic.message) [\(code.rawValue)]"
    return Self.printable(place + what)
  }

  private static func quote(_ line: [Unicode.Scalar], _ location: SourceLocation) -> [String] {
    let window = Window(of: line, around: location)
    let number = String(location.line)
    let gutter = String(repeating: " ", count: number.count)
    return [
      "  \(number) | \(window.text)",
      "  \(gutter) | \(window.marker)",
    ]
  }

  /// The text with control characters made visible, so that a file cannot drive the terminal.
  static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map(visible)))
  }

  fileprivate static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.properties.generalCategory {
    case .control where scalar != "\n", .format, .surrogate, .lineSeparator, .paragraphSeparator:
      "\u{FFFD}"
    default: scalar
    }
  }
}

extension Diagnostic {
  /// One line of one file.
  fileprivate struct Line: Hashable {
    let file: String
    let line: Int

    init(_ location: SourceLocation) {
      file = location.file
      line = location.line
    }
  }

  /// The line that must not be quoted for this diagnostic nor for any other.
  fileprivate var secretLine: Line? { quotation == .none ? location.map(Line.init) : nil }
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
    let marked = min(end, max(column + location.length, column + 1))
    let before = lead + Self.text(shown[..<(column - start)])
    let under = Self.text(shown[(column - start)..<max(column - start, marked - start)])
    text = lead + Self.text(shown[...]) + tail
    marker =
      String(repeating: " ", count: DisplayWidth.columns(of: before))
      + String(repeating: "^", count: max(1, DisplayWidth.columns(of: under)))
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}

extension [Diagnostic] {
  /// Sorted by file, line and column; those without a place come first, equals stay as they were.
  package var inOrderOfPlace: [Diagnostic] {
    enumerated().sorted { left, right in
      let (first, second) = (left.element.location, right.element.location)
      if let first, let second {
        return (first.file, first.line, first.column, left.offset)
          < (second.file, second.line, second.column, right.offset)
      }
      return first == nil && (second != nil || left.offset < right.offset)
    }.map(\.element)
  }
}

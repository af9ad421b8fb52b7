package import Diagnostics

extension Template {
  /// Reads a scalar as written, locating the `${{ … }}` in it.
  ///
  /// `locate` returns where the Unicode scalar at an offset of `text` stands; `literal` is the value
  /// used when the text holds no expression. `$${{` stands for `${{` as text. Throws all syntax
  /// errors at once.
  ///
  ///     let template = try Template.parse("to ${{ inputs.name }}", literal: .null) {
  ///       SourceLocation(file: "a.yaml", line: 2, column: 5 + $0)
  ///     }  // .text([.literal("to "), .expression(inputs.name)], …)
  package static func parse(
    _ text: String, literal: Value, locate: (Int) -> SourceLocation
  ) throws(InvalidInput) -> Template {
    guard text.utf8.contains(UInt8(ascii: "$")) else {
      return .literal(literal, locate(0), written: literal.spelling(text))
    }
    var reader = TemplateReader(text)
    reader.read(locate: locate)
    guard reader.diagnostics.isEmpty else { throw InvalidInput(reader.diagnostics) }
    if case .expression(let expression) = reader.parts.first, reader.parts.count == 1 {
      return .expression(expression)
    }
    if reader.parts.contains(where: \.isExpression) { return .text(reader.parts, locate(0)) }
    guard reader.sawEscape else { return .literal(literal, locate(0)) }
    return .literal(.string(reader.parts.map(\.literalText).joined()), locate(0))
  }

  /// A string that may hold no expression, with each `$${{` as `${{`; nil when it holds one.
  package static func literalString(of text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "$")), text.contains("${{") else { return text }
    let scalars = Array(text.unicodeScalars)
    var literal = String.UnicodeScalarView()
    var position = 0
    while position < scalars.count {
      let isEscape = scalars[position...].starts(with: "$${{".unicodeScalars)
      guard isEscape || !scalars[position...].starts(with: "${{".unicodeScalars) else { return nil }
      literal.append(contentsOf: scalars[position..<position + (isEscape ? 0 : 1)])
      if isEscape { literal.append(contentsOf: "${{".unicodeScalars) }
      position += isEscape ? 4 : 1
    }
    return String(literal)
  }

  /// The expressions of a text that can be read, wherever `parse` finds errors in it.
  package static func readableExpressions(
    of text: String, locate: (Int) -> SourceLocation
  ) -> [Expression] {
    var reader = TemplateReader(text)
    reader.read(locate: locate)
    return Template.text(reader.parts, locate(0)).expressions
  }
}

/// Goes through a text once, from `${{` to `${{`.
private struct TemplateReader {
  private(set) var parts: [Template.TextPart] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// Whether some `$${{` was read.
  private(set) var sawEscape = false

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var pending = String.UnicodeScalarView()

  private static let opening: [Unicode.Scalar] = ["$", "{", "{"]

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  mutating func read(locate: (Int) -> SourceLocation) {
    while position < scalars.count {
      if scalars[position] == "$", isOpening(at: position + 1) {
        sawEscape = true
        pending.append(contentsOf: Self.opening)
        position += 1 + Self.opening.count
      } else if isOpening(at: position) {
        flush()
        readExpression(locate: locate)
      } else {
        pending.append(scalars[position])
        position += 1
      }
    }
    flush()
  }

  private func isOpening(at position: Int) -> Bool {
    scalars[position...].starts(with: Self.opening)
  }

  private mutating func flush() {
    guard !pending.isEmpty else { return }
    parts.append(.literal(String(pending)))
    pending.removeAll()
  }

  /// Reads from `${{` to behind its `}}`, or as far as the next `}}` when there is an error.
  private mutating func readExpression(locate: (Int) -> SourceLocation) {
    let start = position
    let content = start + Self.opening.count
    var lexer = Lexer(scalars, from: content)
    do throws(SyntaxError) {
      guard let end = try lexer.findClosing() else {
        let opening = SourceSpan(start, length: Self.opening.count)
        throw SyntaxError(
          message: "the expression is not closed", span: opening,
          hint: lexer.sawComment
            ? "a `//` comment continues to the end of the line, `}}` included"
            : "close it with `}}`")
      }
      position = end + 2
      try parse(content..<end, locate: locate)
    } catch {
      let places = SourceMap(of: 0..<scalars.count, locate: locate)
      diagnostics.append(error.diagnostic(in: places))
      if position == start { skipToClosing(from: error.span.offset + error.span.length) }
    }
  }

  private mutating func parse(
    _ range: Range<Int>, locate: (Int) -> SourceLocation
  ) throws(SyntaxError) {
    let blank: (Int) -> Bool = { [scalars] in scalars[$0].properties.isWhitespace }
    guard let first = range.first(where: { !blank($0) }),
      let last = range.last(where: { !blank($0) })
    else {
      let start = range.lowerBound - Self.opening.count
      throw SyntaxError(
        message: "the expression is empty", span: SourceSpan(start, length: range.count + 5))
    }
    let source = String(scalars: scalars[first...last])
    do throws(InvalidInput) {
      let places = SourceMap(of: first..<last + 1, locate: locate)
      parts.append(.expression(try Expression(parsing: source, places: places)))
    } catch {
      diagnostics += error.diagnostics
    }
  }

  private mutating func skipToClosing(from start: Int) {
    position = max(start, position + Self.opening.count)
    while position < scalars.count, !scalars[position...].starts(with: ["}", "}"]) { position += 1 }
    position = min(position + 2, scalars.count)
  }
}

extension Lexer {
  /// The offset of the first `}}` that closes no brace of the expression, or nil when there is
  /// none.
  fileprivate mutating func findClosing() throws(SyntaxError) -> Int? {
    var depth = 0
    while true {
      let token = try next()
      switch token.kind {
      case .symbol(.openBrace): depth += 1
      case .symbol(.closeBrace) where depth > 0: depth -= 1
      case .symbol(.closeBrace) where peek() == "}": return token.span.offset
      case .end: return nil
      case .name, .quotedName, .int, .uint, .double, .string, .bytes, .symbol: break
      }
    }
  }
}

extension Template.TextPart {
  fileprivate var isExpression: Bool {
    if case .expression = self { true } else { false }
  }

  fileprivate var literalText: String {
    if case .literal(let text) = self { text } else { "" }
  }
}

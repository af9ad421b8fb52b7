/// Walks over a scalar as written and notes where each part of its text stands.
///
/// The rules are those of YAML 1.2.2 §6.5 (line folding), §7.3 (flow scalars) and §8.1 (block
/// scalars), followed only as far as positions need; the text itself comes from libyaml.
struct ScalarTracing {
  private let source: [Unicode.Scalar]
  private let end: Int
  private var index: Int
  private var line: Int
  private var column: Int
  private var offset = 0
  private var runs: [ScalarPlaces.Run] = []

  /// Starts at the first character of the scalar (its quote or block indicator).
  private init(_ source: [Unicode.Scalar], from start: YAMLMark, to end: YAMLMark) {
    self.source = source
    self.end = min(end.index, source.count)
    index = min(start.index, self.end)
    line = start.line
    column = start.column
  }

  /// The places of `text`, which was written in `style` from `start` to `end`.
  static func places(
    of text: String, style: YAMLNode.Style, in source: [Unicode.Scalar], from start: YAMLMark,
    to end: YAMLMark
  ) -> ScalarPlaces {
    var tracing = ScalarTracing(source, from: start, to: end)
    switch style {
    case .plain: tracing.traceFlow(quote: nil)
    case .singleQuoted: tracing.traceFlow(quote: "'")
    case .doubleQuoted: tracing.traceFlow(quote: "\"")
    case .literal, .folded: tracing.traceBlock(Array(text.unicodeScalars))
    }
    return .runs(tracing.runs)
  }

  // MARK: Plain and quoted

  private mutating func traceFlow(quote: Unicode.Scalar?) {
    if quote != nil { skip() }
    beginRun()
    while let scalar = current {
      if Self.isBlank(scalar) || Self.isBreak(scalar) {
        traceSpace()
      } else if scalar == quote, quote == "'" {
        guard peek == "'" else { return }
        skip(2)
        endRun(yielding: 1)
      } else if scalar == quote {
        return
      } else if scalar == "\\", quote == "\"" {
        traceEscape()
      } else {
        skip()
        offset += 1
      }
    }
  }

  /// Spaces inside a line stay; spaces around a break fold with it.
  private mutating func traceSpace() {
    var ahead = index
    while ahead < end, Self.isBlank(source[ahead]) { ahead += 1 }
    guard ahead < end, Self.isBreak(source[ahead]) else {
      offset += ahead - index
      skip(ahead - index)
      return
    }
    let breaks = skipSpaceAndBreaks()
    endRun(yielding: breaks == 1 ? 1 : breaks - 1)
  }

  private mutating func traceEscape() {
    guard let escaped = peek else { return skip() }
    if Self.isBreak(escaped) {
      skip()
      return endRun(yielding: skipSpaceAndBreaks() - 1)
    }
    let digits: Int =
      switch escaped {
      case "x": 2
      case "u": 4
      case "U": 8
      default: 0
      }
    skip(2 + digits)
    endRun(yielding: 1)
  }

  // MARK: Block

  private mutating func traceBlock(_ text: [Unicode.Scalar]) {
    skipLine()
    var indentation: Int?
    while index < end, offset < text.count {
      let blanks = countSpaces()
      if index + blanks >= end || Self.isBreak(source[index + blanks]) {
        offset += countKeptSpaces(blanks - (indentation ?? blanks), in: text)
        if offset < text.count, text[offset] == "\n" { offset += 1 }
        skipLine()
        continue
      }
      while offset < text.count, text[offset] == "\n" { offset += 1 }
      let kept = text[offset...].prefix { $0 == " " }.count
      let margin = indentation ?? max(0, blanks - kept)
      indentation = margin
      skip(min(margin, blanks))
      beginRun()
      while let scalar = current, !Self.isBreak(scalar) {
        skip()
        offset += 1
      }
      skipLine()
      if offset < text.count { offset += 1 }
    }
    if runs.isEmpty { beginRun() }
  }

  /// The spaces of an otherwise empty line that belong to the text.
  private func countKeptSpaces(_ count: Int, in text: [Unicode.Scalar]) -> Int {
    let kept = text[offset...].prefix { $0 == " " }.count
    return count > 0 && kept >= count ? count : 0
  }

  private func countSpaces() -> Int {
    source[index..<end].prefix { $0 == " " }.count
  }

  // MARK: Moving

  private var current: Unicode.Scalar? { index < end ? source[index] : nil }
  private var peek: Unicode.Scalar? { index + 1 < end ? source[index + 1] : nil }

  private mutating func beginRun() {
    runs.append(ScalarPlaces.Run(offset: offset, line: line + 1, column: column + 1))
  }

  private mutating func endRun(yielding count: Int) {
    offset += max(0, count)
    beginRun()
  }

  private mutating func skip(_ count: Int = 1) {
    index = min(end, index + count)
    column += count
  }

  private mutating func skipSpaceAndBreaks() -> Int {
    var breaks = 0
    while let scalar = current, Self.isBlank(scalar) || Self.isBreak(scalar) {
      if Self.isBreak(scalar) {
        skipBreak()
        breaks += 1
      } else {
        skip()
      }
    }
    return breaks
  }

  private mutating func skipLine() {
    while let scalar = current, !Self.isBreak(scalar) { skip() }
    if current != nil { skipBreak() }
  }

  private mutating func skipBreak() {
    index = min(end, index + (current == "\r" && peek == "\n" ? 2 : 1))
    line += 1
    column = 0
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

  /// The line breaks of YAML 1.2.2 §5.4.
  static func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
}

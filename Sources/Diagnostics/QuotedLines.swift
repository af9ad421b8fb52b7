/// The lines of texts, each text split once however many diagnostics point into it.
struct QuotedLines {
  private let texts: SourceTexts
  private var lines: [String: [Substring]] = [:]

  init(_ texts: SourceTexts) {
    self.texts = texts
  }

  /// The line at `location` without what ends it, or nil when there is none.
  mutating func line(at location: SourceLocation) -> Substring? {
    if let line = texts.line(location.line, of: location.file) { return line.text[...] }
    let known = lines[location.file] ?? split(location.file)
    return known.indices.contains(location.line - 1) ? known[location.line - 1] : nil
  }

  /// What of the line at `location` is not shown, where that is known.
  func hidden(at location: SourceLocation) -> [Range<Int>]? {
    texts.line(location.line, of: location.file)?.hidden
  }

  /// The nearest line above that is less indented, or nil at the outermost level.
  mutating func parent(of location: SourceLocation) -> Substring? {
    let known = lines[location.file] ?? split(location.file)
    guard known.indices.contains(location.line - 1) else { return nil }
    let own = known[location.line - 1].indentation
    return known[..<(location.line - 1)].last { line in
      line.indentation < own && !line.allSatisfy(\.isWhitespace)
    }
  }

  private mutating func split(_ file: String) -> [Substring] {
    let split =
      texts[file]?.split(omittingEmptySubsequences: false, whereSeparator: \.endsLine) ?? []
    lines[file] = split
    return split
  }
}

extension Substring {
  fileprivate var indentation: Int { prefix { $0 == " " || $0 == "\t" }.count }
}

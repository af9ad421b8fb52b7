import Playbooks

/// Finds the comments of a text: they stand where nothing else does.
struct CommentScanner {
  private let lines: SourceLines
  private var index = 0
  private var line = 0
  private var lineStart = 0
  private var comments: [LayoutComment] = []

  private init(_ lines: SourceLines) {
    self.lines = lines
  }

  /// The comments of a text with these events, in order; not those in the headers of block scalars.
  static func comments(in lines: SourceLines, _ events: [YAMLEvent]) -> [LayoutComment] {
    var scanner = CommentScanner(lines)
    for event in events {
      guard case .scalar(_, _, let properties) = event.kind else { continue }
      let start =
        properties.isEmpty
        ? event.start.index : lines.contentStart(of: event, limit: event.end.index)
      scanner.scan(upTo: start)
      scanner.skip(to: event.end)
    }
    scanner.scan(upTo: lines.scalars.count)
    return scanner.comments
  }

  private mutating func skip(to mark: YAMLMark) {
    guard mark.index > index else { return }
    index = mark.index
    line = mark.line
    lineStart = mark.index - mark.column
  }

  /// Looks at what is no scalar: indicators, properties, blanks and comments.
  private mutating func scan(upTo end: Int) {
    let scalars = lines.scalars
    let start = index
    while index < end {
      let scalar = scalars[index]
      if SourceLines.isBreak(scalar) {
        let isPair = scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
        index += isPair ? 2 : 1
        line += 1
        lineStart = index
      } else if scalar == "#", index == start || mayPrecede(scalars[index - 1]) {
        takeComment()
      } else {
        index += 1
      }
    }
  }

  /// Whether a comment may begin behind `scalar`; in an anchor or a tag, `#` is none.
  private func mayPrecede(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "\n", "\r", ",", "[", "]", "{", "}": true
    case _: false
    }
  }

  private mutating func takeComment() {
    let scalars = lines.scalars
    let start = index
    while index < scalars.count, !SourceLines.isBreak(scalars[index]) { index += 1 }
    var end = index
    while end > start, SourceLines.isSpace(scalars[end - 1]) { end -= 1 }
    var gap = 0
    while start - gap > lineStart, scalars[start - gap - 1] == " " { gap += 1 }
    comments.append(
      LayoutComment(
        text: lines.text(start, end),
        mark: YAMLMark(index: start, line: line, column: start - lineStart), gap: gap))
  }
}

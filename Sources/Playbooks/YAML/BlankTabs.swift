/// Tabs in front of nothing: on a blank line, or before a comment on a line of its own.
///
/// They indent nothing (YAML 1.2.2 §6.5 to §6.7), but libyaml stops at them. In block scalars a tab may
/// be content, so that only the part of the text is touched in which libyaml has found no block
/// scalar.
enum BlankTabs {
  /// The most parts that are touched; a text with more keeps its error.
  static let limit = 64

  /// `text` with spaces for such tabs from the line at `mark` up to the next block scalar, or nil
  /// when that line is not one.
  static func removed(
    from text: [Unicode.Scalar], at mark: YAMLMark
  ) -> [Unicode.Scalar]? {
    var start = min(mark.index, text.count)
    while start > 0, !ScalarTracing.isBreak(text[start - 1]) { start -= 1 }
    guard isBlank(text, from: start) else { return nil }
    var text = text
    while start < text.count {
      let end = text[start...].firstIndex(where: ScalarTracing.isBreak) ?? text.count
      if isBlank(text, from: start) {
        for index in start..<end where text[index] == "\t" {
          text[index] = " "
        }
      } else if mayBeginBlock(text[start..<end]) {
        break
      }
      start = end + 1
    }
    return text
  }

  /// Whether the line at `start` has nothing but blanks and a comment.
  private static func isBlank(_ text: [Unicode.Scalar], from start: Int) -> Bool {
    guard let first = text[start...].first(where: { $0 != " " && $0 != "\t" }) else { return true }
    return first == "#" || ScalarTracing.isBreak(first)
  }

  /// Whether a line could begin a block scalar: `|` or `>` stands in it.
  private static func mayBeginBlock(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
    line.contains { $0 == "|" || $0 == ">" }
  }
}

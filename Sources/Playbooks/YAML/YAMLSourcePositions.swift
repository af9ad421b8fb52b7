/// Positions in a YAML text as libyaml counts them.
extension [Unicode.Scalar] {
  /// Whether nothing but blank lines and comments stands from `index` on.
  func isBlank(from index: Int) -> Bool {
    var isComment = false
    for scalar in self[Swift.min(index, count)...] {
      if ScalarTracing.isBreak(scalar) {
        isComment = false
      } else if scalar == "#" {
        isComment = true
      } else if !isComment, scalar != " ", scalar != "\t" {
        return false
      }
    }
    return true
  }

  /// The line and column of the scalar at `index`.
  func mark(at index: Int) -> YAMLMark {
    var mark = YAMLMark(index: index, line: 0, column: 0)
    for place in 0..<index {
      let isPair = self[place] == "\r" && self[place + 1] == "\n"
      if ScalarTracing.isBreak(self[place]), !isPair {
        mark.line += 1
        mark.column = 0
      } else {
        mark.column += 1
      }
    }
    return mark
  }

  /// How many scalars stand between `index` and the end of its line.
  func lineLength(from index: Int) -> Int {
    self[Swift.min(index, count)...].prefix { !ScalarTracing.isBreak($0) }.count
  }

  /// Whether only blanks stand before `mark` on its line.
  func isIndentation(before mark: YAMLMark) -> Bool {
    let end = Swift.min(mark.index, count)
    return self[Swift.max(0, end - mark.column)..<end].allSatisfy { $0 == " " || $0 == "\t" }
  }

  /// Whether the text begins with a directive (`%…`), after blank lines and comments.
  var beginsWithDirective: Bool {
    var rest = self[...]
    while let first = rest.first, first != "%" {
      guard first == "#" || first == " " || ScalarTracing.isBreak(first) else { return false }
      rest = rest.drop { !ScalarTracing.isBreak($0) }.drop(while: ScalarTracing.isBreak)
    }
    return rest.first == "%"
  }

  /// Where the value begins whose anchor or tag stands at `mark`.
  func mark(afterPropertiesAt mark: YAMLMark) -> YAMLMark {
    var mark = mark
    while mark.index < count {
      let scalar = self[mark.index]
      if ScalarTracing.isBreak(scalar) {
        let isPair = scalar == "\r" && mark.index + 1 < count && self[mark.index + 1] == "\n"
        mark = YAMLMark(index: mark.index + (isPair ? 2 : 1), line: mark.line + 1, column: 0)
      } else if scalar == " " || scalar == "\t" {
        mark.index += 1
        mark.column += 1
      } else if scalar == "&" || scalar == "!" {
        let length = self[mark.index...].prefix { $0 != " " && !ScalarTracing.isBreak($0) }.count
        mark.index += length
        mark.column += length
      } else {
        return mark
      }
    }
    return mark
  }
}

/// A pattern in which `*` stands for any characters and `?` for one.
package struct Glob: Sendable, Hashable {
  /// The pattern as written.
  package let text: String

  /// A pattern; every text is one.
  package init(_ text: String) {
    self.text = text
  }

  /// Whether the pattern fits nothing but itself.
  package var isLiteral: Bool { !text.contains { $0 == "*" || $0 == "?" } }

  /// Whether all of `text` fits; takes time in proportion to the product of both lengths.
  package func matches(_ text: String) -> Bool {
    var pattern = self.text[...]
    var rest = text[...]
    // What to go on with where the last star stands for one character more.
    var retry: (pattern: Substring, rest: Substring)?
    while let character = rest.first {
      if pattern.first == "*" {
        pattern.removeFirst()
        retry = (pattern, rest)
      } else if let wanted = pattern.first, wanted == "?" || wanted == character {
        pattern.removeFirst()
        rest.removeFirst()
      } else if let last = retry {
        pattern = last.pattern
        rest = last.rest.dropFirst()
        retry = (pattern, rest)
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == "*" }
  }
}

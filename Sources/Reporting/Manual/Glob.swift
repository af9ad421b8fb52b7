/// A pattern in which `*` stands for any characters and `?` for one.
struct Glob: Sendable {
  private let pattern: [Character]

  init(_ text: String) {
    pattern = Array(text)
  }

  /// Whether all of `text` fits; takes time in proportion to the product of both lengths.
  func matches(_ text: String) -> Bool {
    // Which beginnings of the pattern fit what was read so far.
    var fits = Set([0])
    skipStars(&fits)
    for character in text {
      var next: Set<Int> = []
      for index in fits where index < pattern.count {
        switch pattern[index] {
        case "*": next.insert(index)
        case "?", character: next.insert(index + 1)
        default: continue
        }
      }
      skipStars(&next)
      fits = next
    }
    return fits.contains(pattern.count)
  }

  /// A star may stand for nothing.
  private func skipStars(_ fits: inout Set<Int>) {
    for index in pattern.indices where fits.contains(index) && pattern[index] == "*" {
      fits.insert(index + 1)
    }
  }
}

/// A sequence to look for in others, prepared so that looking never goes back.
///
/// Preparing and looking take time in proportion to the lengths (Knuth, Morris and Pratt, 1977).
/// Text may be searched by UTF-8 bytes: no scalar's bytes begin inside another's.
struct SearchPart<Element: Equatable> {
  private let elements: [Element]
  /// For each length of a match so far, the longest shorter one that also ends there.
  private let fallback: [Int]

  init(_ part: some Sequence<Element>) {
    elements = Array(part)
    var fallback = [0]
    var length = 0
    for element in elements.dropFirst() {
      while length > 0 && elements[length] != element { length = fallback[length - 1] }
      if elements[length] == element { length += 1 }
      fallback.append(length)
    }
    self.fallback = fallback
  }

  /// Where the part first occurs in `sequence`, in elements from the start.
  func firstOffset(in sequence: some Sequence<Element>) -> Int? {
    offsets(in: sequence, limit: 1).first
  }

  /// Where the part occurs without overlap, at most `limit` times; an empty part only at the start.
  func offsets(in sequence: some Sequence<Element>, limit: Int) -> [Int] {
    guard limit > 0 else { return [] }
    guard !elements.isEmpty else { return [0] }
    var found: [Int] = []
    var length = 0
    for (offset, element) in sequence.enumerated() {
      while length > 0 && elements[length] != element { length = fallback[length - 1] }
      if elements[length] == element { length += 1 }
      if length == elements.count {
        found.append(offset + 1 - length)
        if found.count == limit { break }
        length = 0
      }
    }
    return found
  }
}

/// How two texts differ, line by line, in the unified form of `diff -u`, which `patch` applies.
///
/// Lines end with LF, as they do for `patch`; a CR before it, or a byte order mark, is part of the line.
package struct LineDifference: Sendable {
  private static let context = 3
  /// Of texts that differ over more lines than this together, all of these count as changed.
  private static let longest = 20_000

  /// A line with its LF, which the last one of a text may not have.
  private typealias Bytes = ArraySlice<UInt8>

  private enum Line: Sendable, Hashable {
    case both(Bytes)
    case removed(Bytes)
    case added(Bytes)

    var isChange: Bool { if case .both = self { false } else { true } }
  }

  private let lines: [Line]

  /// Compares the lines of both texts, byte by byte.
  package init(from old: String, to new: String) {
    let (old, new) = (Self.lines(of: old), Self.lines(of: new))
    let start = zip(old, new).prefix { $0 == $1 }.count
    let end = zip(old[start...].reversed(), new[start...].reversed()).prefix { $0 == $1 }.count
    let (before, after) = (old[start..<old.count - end], new[start..<new.count - end])
    lines =
      old[..<start].map { .both($0) } + Self.changes(Array(before), Array(after))
      + old[(old.count - end)...].map { .both($0) }
  }

  /// Whether there is no difference.
  package var isEmpty: Bool { !lines.contains(where: \.isChange) }

  /// The difference with the lines around it, of a file that is called `path`; empty without one.
  package func text(path: String) -> String {
    guard !isEmpty else { return "" }
    // A tab ends a name with blanks in it.
    let name = path.contains(" ") ? "\(path)\t" : path
    var text = "--- \(name)\n+++ \(name)\n"
    for hunk in hunks { text += self.text(of: hunk) }
    return text
  }

  private static func lines(of text: String) -> [Bytes] {
    let bytes = Array(text.utf8)
    var lines: [Bytes] = []
    var start = 0
    for index in bytes.indices where bytes[index] == 0x0A {
      lines.append(bytes[start...index])
      start = index + 1
    }
    if start < bytes.count { lines.append(bytes[start...]) }
    return lines
  }

  private static func changes(_ old: [Bytes], _ new: [Bytes]) -> [Line] {
    guard old.count + new.count <= longest else {
      return old.map { .removed($0) } + new.map { .added($0) }
    }
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = []
    var (first, second) = (0, 0)
    while first < old.count || second < new.count {
      if removed.contains(first) {
        lines.append(.removed(old[first]))
        first += 1
      } else if added.contains(second) {
        lines.append(.added(new[second]))
        second += 1
      } else {
        lines.append(.both(old[first]))
        first += 1
        second += 1
      }
    }
    return lines
  }

  /// The ranges of lines that are shown: changes that are near each other together.
  private var hunks: [Range<Int>] {
    var hunks: [Range<Int>] = []
    for index in lines.indices where lines[index].isChange {
      let range = max(0, index - Self.context)..<min(lines.count, index + Self.context + 1)
      if let last = hunks.last, last.upperBound >= range.lowerBound {
        hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
      } else {
        hunks.append(range)
      }
    }
    return hunks
  }

  private func text(of hunk: Range<Int>) -> String {
    let before = Self.counts(lines[..<hunk.lowerBound])
    let inside = Self.counts(lines[hunk])
    func range(_ start: Int, _ count: Int) -> String {
      "\(count == 0 ? start : start + 1),\(count)"
    }
    let head =
      "@@ -\(range(before.old, inside.old)) +\(range(before.new, inside.new)) @@\n"
    return lines[hunk].reduce(into: head) { text, line in
      switch line {
      case .both(let line): text += " \(Self.ended(line))"
      case .removed(let line): text += "-\(Self.ended(line))"
      case .added(let line): text += "+\(Self.ended(line))"
      }
    }
  }

  /// `line` as it is shown; one without an LF gets it, and the remark that `patch` knows.
  private static func ended(_ line: Bytes) -> String {
    let text = String(decoding: line, as: UTF8.self)
    return line.last == 0x0A ? text : "\(text)\n\\ No newline at end of file\n"
  }

  private static func counts(_ lines: ArraySlice<Line>) -> (old: Int, new: Int) {
    lines.reduce(into: (0, 0)) { counts, line in
      switch line {
      case .both:
        counts.0 += 1
        counts.1 += 1
      case .removed: counts.0 += 1
      case .added: counts.1 += 1
      }
    }
  }
}

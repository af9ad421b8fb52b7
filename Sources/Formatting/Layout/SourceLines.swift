import Playbooks

/// The lines of a text, counted from 0 as the marks of libyaml count them.
struct SourceLines {
  let scalars: [Unicode.Scalar]
  /// Whether nothing but blanks is on a line.
  private(set) var isBlank: [Bool] = []

  init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    var index = 0
    var blank = true
    while index < scalars.count {
      let scalar = scalars[index]
      if Self.isBreak(scalar) {
        isBlank.append(blank)
        blank = true
        if scalar == "\r", index + 1 < scalars.count, scalars[index + 1] == "\n" { index += 1 }
      } else if !Self.isSpace(scalar) {
        blank = false
      }
      index += 1
    }
    isBlank.append(blank)
  }

  /// Whether the line before `line` is blank.
  func isBlank(before line: Int) -> Bool { line > 0 && line <= isBlank.count && isBlank[line - 1] }

  /// Blank lines from `start` up to `end` are part of a value.
  mutating func fill(_ start: Int, upTo end: Int) {
    for line in start..<max(start, min(end, isBlank.count)) { isBlank[line] = false }
  }

  /// The scalars between `start` and `end` as text.
  func text(_ start: Int, _ end: Int) -> String {
    Self.text(scalars[start..<max(start, min(end, scalars.count))])
  }

  /// `scalars` as text, several times as fast as the view of a string makes it.
  static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(scalars.count)
    for scalar in scalars {
      if scalar.isASCII {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes.append(contentsOf: scalar.utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The lines between `start` and `end`, without their ends.
  func lines(_ start: Int, _ end: Int) -> [ArraySlice<Unicode.Scalar>] {
    var lines: [ArraySlice<Unicode.Scalar>] = []
    var from = start
    var index = start
    let end = min(end, scalars.count)
    while index < end {
      guard Self.isBreak(scalars[index]) else {
        index += 1
        continue
      }
      lines.append(scalars[from..<index])
      let isPair = scalars[index] == "\r" && index + 1 < end && scalars[index + 1] == "\n"
      index += isPair ? 2 : 1
      from = index
    }
    lines.append(scalars[from..<max(from, end)])
    return lines
  }

  /// Where the value begins whose anchor or tag stands at `event`'s start; its end where there is none.
  func contentStart(of event: YAMLEvent, limit: Int) -> Int {
    var index = event.start.index
    while index < limit {
      let scalar = scalars[index]
      if Self.isSpace(scalar) || Self.isBreak(scalar) {
        index += 1
      } else if scalar == "#" {
        while index < limit, !Self.isBreak(scalars[index]) { index += 1 }
      } else if scalar == "&" || scalar == "!" {
        while index < limit, !Self.isSpace(scalars[index]), !Self.isBreak(scalars[index]) {
          index += 1
        }
      } else {
        return index
      }
    }
    return limit
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

  /// The line breaks of YAML 1.2.2 §5.4.
  static func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
}

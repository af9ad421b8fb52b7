/// How many columns text takes on a terminal.
package enum DisplayWidth {
  /// The columns of one character: 0, 1 or 2.
  package static func columns(of character: Character) -> Int {
    character.unicodeScalars.reduce(0) { max($0, columns(of: $1)) }
  }

  /// The columns of a text without control characters.
  package static func columns(of text: String) -> Int {
    let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    return isPlain ? text.utf8.count : text.reduce(0) { $0 + columns(of: $1) }
  }

  /// As much of `text`, from its beginning, as fits into `columns`.
  package static func prefix(of text: String, columns: Int) -> Substring {
    var left = columns
    return text.prefix { character in
      left -= self.columns(of: character)
      return left >= 0
    }
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    case _: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The wide and full-width ranges (Unicode Standard Annex 11), without the gaps inside them.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
    0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
  ]
}

import Expressions

extension TerminalStyle {
  /// `text` made harmless for a terminal and a single line.
  ///
  /// Control characters, escape sequences, bidirectional and other invisible formatting, line
  /// separators and private characters appear as `\u{…}`; without Unicode, everything beyond ASCII
  /// does, and a secret's mask becomes `***`. Combining marks beyond a few on one character too.
  package func printable(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
    if symbols == .ascii && text == Secret.mask { return "***" }
    var printable = ""
    var marks = 0
    for scalar in text.unicodeScalars {
      marks = isMark(scalar) ? marks + 1 : 0
      switch scalar {
      case " "..."~": printable.unicodeScalars.append(scalar)
      case "\n": printable += "\\n"
      case "\t": printable += "\\t"
      case "\r": printable += "\\r"
      case "•" where symbols == .ascii: printable += "*"
      case _ where marks <= Self.mostMarks && mayShow(scalar):
        printable.unicodeScalars.append(scalar)
      case _: printable += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return printable
  }

  /// More combining marks than this on one character are a prank.
  private static let mostMarks = 4

  private func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    case _: false
    }
  }

  private func mayShow(_ scalar: Unicode.Scalar) -> Bool {
    guard symbols == .unicode else { return false }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      false
    case _: true
    }
  }
}

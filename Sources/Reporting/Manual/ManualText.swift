/// Text set in the width of a page.
enum ManualText {
  private static let width = 100

  /// Two columns, the second one broken into lines of its own.
  static func table(_ rows: [(String, String)]) -> String {
    let first = (rows.map(\.0.count).max() ?? 0) + 4
    return rows.map { name, text in
      let indent = String(repeating: " ", count: first)
      let lines = broken(text, to: max(40, width - first)).joined(separator: "\n\(indent)")
      return "  \(name)\(String(repeating: " ", count: first - 2 - name.count))\(lines)"
    }.joined(separator: "\n")
  }

  static func paragraph(_ text: String) -> String {
    broken(text, to: width - 2).map { "  \($0)" }.joined(separator: "\n")
  }

  static func item(_ text: String) -> String {
    "  - " + broken(text, to: width - 4).joined(separator: "\n    ")
  }

  /// Lines that must stay as they are.
  static func verbatim(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "  \($0)" }.joined(separator: "\n")
  }

  private static func broken(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

/// What the names of files and things become in the text of a playbook.
package enum AuthoredText {
  /// The widest line of a playbook, in characters.
  package static let width = 100

  /// `text` as the value of `name` in a playbook, whatever it is.
  package static func name(_ text: String) -> String {
    let name = printable(text).replacing("${{", with: "$${{")
    let isBlank = name.allSatisfy { $0 == " " }
    return YAMLWriter.scalar(isBlank ? "playbook" : name)
  }

  /// `text` as the lines of a comment behind `mark`, broken between words.
  ///
  /// The lines after the first stand under its first word. The comment begins `indentation` characters
  /// from the margin.
  package static func comment(
    _ text: String, behind mark: String = "# ", indentedBy indentation: Int = 0
  ) -> [String] {
    let hanging = "#" + String(repeating: " ", count: max(0, mark.count - 1))
    var lines: [String] = []
    var line = mark
    var isEmpty = true
    for word in printable(text).split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width - indentation {
        lines.append(line)
        line = hanging
        isEmpty = true
      }
      line += isEmpty ? String(word) : " \(word)"
      isEmpty = false
    }
    return lines + [line]
  }

  /// `text` with an escape for every character that could end a comment or does not show.
  package static func printable(_ text: String) -> String {
    var printable = ""
    for scalar in text.unicodeScalars {
      printable += scalar == "\"" || scalar == "\\" ? String(scalar) : YAMLWriter.escaped(scalar)
    }
    return printable
  }
}

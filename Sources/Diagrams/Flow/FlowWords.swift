import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// Words of a playbook as a drawing shows them: on one line, short, and without secrets.
struct FlowWords {
  /// The longest line of a label, in columns.
  private static let longest = 72

  let secrets: SecretScrubber

  /// `text` on one line, cut after 72 columns.
  func line(_ text: String) -> String {
    let words = secrets.scrub(text).unicodeScalars.map { Self.shows($0) ? $0 : " " }
    let line = String(String.UnicodeScalarView(words)).split(separator: " ").joined(separator: " ")
    return cut(line)
  }

  /// A line that was made of others, cut after 72 columns.
  func cut(_ line: String) -> String {
    guard DisplayWidth.columns(of: line) > Self.longest else { return line }
    return DisplayWidth.prefix(of: line, columns: Self.longest - 1) + "…"
  }

  /// A condition or another value, without the marks of an expression.
  func line(_ template: Template) -> String {
    switch template {
    case .expression(let expression): return line(expression.source)
    case .literal(let value, _, let written): return line(written ?? value.displayText)
    case .text(let parts, _):
      return line(
        parts.map { part in
          switch part {
          case .literal(let text): text
          case .expression(let expression): "{\(expression.source)}"
          }
        }.joined())
    // What is in them may be long, or private.
    case .list(let elements, _): return Self.count(elements.count, "element")
    case .map(let fields, _): return Self.count(fields.count, "value")
    }
  }

  func line(_ setting: Setting<Duration>) -> String {
    switch setting {
    case .constant(let duration): DurationText.text(duration)
    case .computed(let template): line(template)
    }
  }

  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// Whether a character is no control or formatting character, and none that no document can hold.
  private static func shows(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (" "..."~").contains(scalar) }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    case _: return true
    }
  }
}

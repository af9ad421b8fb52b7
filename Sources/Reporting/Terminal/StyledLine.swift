import Diagnostics

/// A line of text for a person, its parts marked with what they mean.
struct StyledLine: Sendable, Hashable {
  private struct Span: Sendable, Hashable {
    var text: String
    var role: TerminalStyle.Role
  }

  private var spans: [Span] = []

  init() {}

  init(_ text: String, _ role: TerminalStyle.Role = .plain) {
    append(text, role)
  }

  /// Adds text as it is.
  mutating func append(_ text: String, _ role: TerminalStyle.Role = .plain) {
    spans.append(Span(text: text, role: role))
  }

  /// Adds all of `line`.
  mutating func append(_ line: StyledLine) { spans += line.spans }

  /// Adds text two spaces apart; nothing for no text.
  mutating func append(column text: String?, _ role: TerminalStyle.Role = .plain) {
    guard let text, !text.isEmpty else { return }
    append("  ")
    append(text, role)
  }

  /// The line without its roles, as it was given.
  var text: String { spans.reduce(into: "") { $0 += $1.text } }

  /// The line as it goes to the terminal, cut to `width` columns when there is a width.
  ///
  /// Every part is made printable here, so nothing from outside can get past.
  func rendered(_ style: TerminalStyle, width: Int? = nil) -> String {
    let spans = spans.map { Span(text: style.printable($0.text), role: $0.role) }
    guard let width, spans.reduce(0, { $0 + DisplayWidth.columns(of: $1.text) }) > width else {
      return spans.reduce(into: "") { $0 += style.paint($1.text, $1.role) }
    }
    let ellipsis = style.choose("…", "...")
    var room = max(0, width - DisplayWidth.columns(of: ellipsis))
    var line = ""
    for span in spans {
      let fitting = String(DisplayWidth.prefix(of: span.text, columns: room))
      room -= DisplayWidth.columns(of: fitting)
      let isCut = fitting.utf8.count < span.text.utf8.count
      line += style.paint(isCut ? fitting + ellipsis : fitting, span.role)
      if isCut { break }
    }
    return line
  }
}

import Diagnostics

/// The parts of a step's line, and which of them give way where there is no room.
struct LineLayout: Sendable {
  typealias Part = (text: String, role: TerminalStyle.Role)

  /// A name is cut to no fewer columns than this.
  private static let shortestTitle = 6

  let style: TerminalStyle
  var indentation: Int
  let symbol: Part
  var title: Part
  /// The operation or playbook.
  var subject: String?
  /// What it is doing or waiting for, or how it ended.
  var state: [Part] = []
  var elapsed: String?
  /// What went wrong; it comes last and is the first to be cut.
  var message: Part?

  init(
    style: TerminalStyle, indentation: Int, symbol: Part, title: Part, subject: String?
  ) {
    self.style = style
    self.indentation = indentation
    self.symbol = symbol
    self.title = title
    self.subject = subject
  }

  /// The line, its parts fitted into `width` columns where that is possible.
  func line(width: Int?) -> StyledLine {
    guard let width else { return styled }
    var layout = self
    layout.fit(into: width)
    return layout.styled
  }

  private mutating func fit(into width: Int) {
    guard columns > width else { return }
    subject = nil
    if columns > width {
      let room = max(Self.shortestTitle, titleColumns - (columns - width))
      title.text = cut(title.text, to: room)
    }
    if columns > width { indentation = max(0, indentation - (columns - width)) }
    guard columns > width, var last = state.last else { return }
    last.text = cut(last.text, to: max(1, DisplayWidth.columns(of: last.text) - columns + width))
    state[state.count - 1] = last
  }

  /// All columns but those of the message.
  private var columns: Int {
    let apart = [subject, elapsed].compactMap(\.self) + state.map(\.text)
    return indentation + DisplayWidth.columns(of: symbol.text) + 1 + titleColumns
      + apart.reduce(0) { $0 + 2 + DisplayWidth.columns(of: style.printable($1)) }
  }

  private var titleColumns: Int { DisplayWidth.columns(of: style.printable(title.text)) }

  private func cut(_ text: String, to columns: Int) -> String {
    let text = style.printable(text)
    guard DisplayWidth.columns(of: text) > columns else { return text }
    let ellipsis = style.choose("…", "...")
    let room = max(0, columns - DisplayWidth.columns(of: ellipsis))
    return DisplayWidth.prefix(of: text, columns: room) + ellipsis
  }

  private var styled: StyledLine {
    var line = StyledLine(String(repeating: " ", count: indentation))
    line.append(symbol.text, symbol.role)
    line.append(" " + title.text, title.role)
    line.append(column: subject, .faint)
    for part in state { line.append(column: part.text, part.role) }
    line.append(column: elapsed, .faint)
    if let message { line.append(column: message.text, message.role) }
    return line
  }
}

/// A line about a step of a plan: its sign, how deep it is, and the rest.
struct PlanLine: Sendable {
  /// Where the sign of a line is.
  enum Layout: Sendable {
    /// Before the title, as a person reads a tree.
    case indented
    /// First in the line, as tools read differences.
    case leading
  }

  var depth: Int
  /// What stands before the title; nil for a group, and for what belongs to the line above.
  var sign: PlanSign?
  var body: StyledLine

  func styled(_ style: TerminalStyle, _ layout: Layout) -> StyledLine {
    let indentation = String(repeating: "  ", count: depth)
    var line = StyledLine()
    switch layout {
    case .indented:
      line.append(indentation)
      if let sign { line.append("\(sign.symbol(style)) ", sign.role) } else { line.append("  ") }
    case .leading:
      line.append("\(sign?.symbol(style) ?? " ") ", sign?.role ?? .plain)
      line.append(indentation)
    }
    line.append(body)
    return line
  }
}

import Events

/// The counts of one tenant's plan, among those of others.
extension PlanCounts {
  /// Such as `+3 ~1 =12`, each in the colour of its sign; a word where there is nothing to count.
  func signs(_ style: TerminalStyle) -> StyledLine {
    var line = StyledLine()
    // Drift and conflicts have the same sign.
    var symbols: [(text: String, role: TerminalStyle.Role, count: Int)] = []
    for sign in PlanSign.allCases where self[sign] > 0 {
      let symbol = sign.symbol(style)
      if symbols.last?.text == symbol {
        symbols[symbols.count - 1].count += self[sign]
      } else {
        symbols.append((symbol, sign.role, self[sign]))
      }
    }
    for (index, symbol) in symbols.enumerated() {
      if index > 0 { line.append(" ") }
      line.append("\(symbol.text)\(symbol.count)", symbol.role)
    }
    if symbols.isEmpty { line.append("nothing", .faint) }
    return line
  }

  /// Such as `1 changed, 2 removed`, of what drifted.
  var driftText: String {
    DriftedItem.Kind.allCases.filter { self[$0.sign] > 0 }.map { "\(self[$0.sign]) \($0.rawValue)" }
      .joined(separator: ", ")
  }

  /// Whether anything is not as it was left, in counts of what drifted.
  var hasDrift: Bool { DriftedItem.Kind.allCases.contains { self[$0.sign] > 0 } }

  /// The same counts in the words of drift.
  var driftJSON: EncodedJSON {
    .object([
      "added": .count(self[.create]), "changed": .count(self[.change]),
      "removed": .count(self[.remove]), "same": .count(self[.unchanged]),
      "notCompared": .count(self[.unknown]),
    ])
  }
}

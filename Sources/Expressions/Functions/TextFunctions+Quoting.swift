extension Function {
  /// The functions that write values as text: `format` and `strings.quote`.
  static let writing: [Function] = [
    Function(
      "format", [.member(.string, .list(.dyn), result: .string)], readsElements: true
    ) { operands, meter throws(EvaluationFailure) in
      let clauses = try TextFormat(parsing: try operands.text(0)).pieces
      return .string(try clauses.text(of: try operands.list(1), meter: &meter))
    },
    Function("strings.quote", [.global(.string, result: .string)]) {
      operands, meter throws(EvaluationFailure) in
      let text = try operands.text(0)
      // An escape takes two bytes for one.
      try meter.charge(bytes: text.utf8.count)
      return .string(text.quoted)
    },
  ]
}

extension String {
  /// The text in double quotes, with escapes for what has no visible form of its own.
  fileprivate var quoted: String {
    var result = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in unicodeScalars {
      if let escape = Self.escapes[scalar] {
        result.append("\\")
        result.append(escape)
      } else {
        result.append(scalar)
      }
    }
    result.append("\"")
    return String(result)
  }

  private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
    "\u{07}": "a", "\u{08}": "b", "\u{0C}": "f", "\n": "n", "\r": "r", "\t": "t", "\u{0B}": "v",
    "\\": "\\", "\"": "\"",
  ]
}

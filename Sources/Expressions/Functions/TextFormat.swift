/// The text that `format` fills in: literal pieces and clauses such as `%s` and `%.2f` between them.
struct TextFormat {
  enum Piece: Hashable {
    case literal(String)
    case clause(Clause)
  }

  /// How a value is written.
  enum Clause: Hashable {
    /// `%s`: any value as text.
    case string
    /// `%d`: a number in decimal.
    case decimal
    /// `%f`: a number with this many digits after the point.
    case fixed(Int)
    /// `%e`: one digit before the point, this many after it, and an exponent.
    case scientific(Int)
    /// `%b`: an integer or a bool in binary.
    case binary
    /// `%o`.
    case octal
    /// `%x` and `%X`: an integer, or the bytes of a text or of bytes, in hexadecimal.
    case hexadecimal(isUppercase: Bool)
  }

  /// The most digits after the point.
  static let precisionLimit = 1000
  /// The digits after the point where the clause does not say how many.
  private static let usualPrecision = 6

  private(set) var pieces: [Piece] = []

  /// Reads `text`; `%%` stands for `%`.
  init(parsing text: String) throws(EvaluationFailure) {
    var rest = text.unicodeScalars[...]
    var literal = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      guard scalar == "%" else {
        literal.append(scalar)
        continue
      }
      if rest.first == "%" {
        rest.removeFirst()
        literal.append("%")
      } else {
        if !literal.isEmpty { pieces.append(.literal(String(literal))) }
        literal.removeAll()
        pieces.append(.clause(try Self.clause(&rest)))
      }
    }
    if !literal.isEmpty { pieces.append(.literal(String(literal))) }
  }

  /// How many values are filled in.
  var clauses: [Clause] {
    pieces.compactMap { if case .clause(let clause) = $0 { clause } else { nil } }
  }

  private static func clause(
    _ rest: inout String.UnicodeScalarView.SubSequence
  ) throws(EvaluationFailure) -> Clause {
    let precision = try precision(&rest)
    switch rest.popFirst() {
    case "s": return .string
    case "d": return .decimal
    case "f": return .fixed(precision)
    case "e": return .scientific(precision)
    case "b": return .binary
    case "o": return .octal
    case "x": return .hexadecimal(isUppercase: false)
    case "X": return .hexadecimal(isUppercase: true)
    case let letter?:
      throw EvaluationFailure("the format has no clause `%\(letter)`", hint: hint)
    case nil: throw EvaluationFailure("the format ends within a clause", hint: hint)
    }
  }

  private static let hint =
    "the clauses are %s, %d, %f, %e, %b, %o, %x and %X, and `%%` is a percent sign"

  private static func precision(
    _ rest: inout String.UnicodeScalarView.SubSequence
  ) throws(EvaluationFailure) -> Int {
    guard rest.first == "." else { return usualPrecision }
    rest.removeFirst()
    let digits = rest.prefix { $0.isDigit }
    rest = rest[digits.endIndex...]
    guard let precision = Int(String(digits)), precision <= precisionLimit else {
      throw EvaluationFailure("a precision is a number up to \(precisionLimit), such as `%.2f`")
    }
    return precision
  }
}

extension [TextFormat.Piece] {
  /// The text with `values` filled in, in their order; values left over are passed over.
  ///
  /// Charges for what is read and made.
  func text(of values: [Value], meter: inout Meter) throws(EvaluationFailure) -> String {
    var text = ""
    var rest = values[...]
    for piece in self {
      try meter.charge(1)
      switch piece {
      case .literal(let literal): text += literal
      case .clause(let clause):
        guard let value = rest.popFirst() else {
          throw EvaluationFailure(
            "the format has more clauses than there are values", detail: "\(values.count)")
        }
        try meter.charge(contentsOf: value)
        let written = try clause.text(of: value, meter: &meter)
        try meter.charge(bytes: written.utf8.count)
        text += written
      }
    }
    return text
  }
}

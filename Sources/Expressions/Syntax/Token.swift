/// The smallest meaningful piece of an expression's text.
struct Token: Hashable {
  enum Kind: Hashable {
    case name(String)
    /// A name in backticks, allowed only as a field.
    case quotedName(String)
    /// Without sign, so that the lowest `int` can be written.
    case int(magnitude: UInt64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case symbol(Symbol)
    case end
  }

  enum Symbol: String, CaseIterable {
    case and = "&&"
    case or = "||"
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case slash = "/"
    case percent = "%"
    case not = "!"
    case question = "?"
    case colon = ":"
    case comma = ","
    case dot = "."
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case openBrace = "{"
    case closeBrace = "}"
  }

  var kind: Kind
  var span: SourceSpan

  /// How a message names it.
  var description: String {
    switch kind {
    case .name(let text): "`\(text)`"
    case .quotedName: "a name in backticks"
    case .int, .uint, .double: "a number"
    case .string: "a string"
    case .bytes: "a bytes literal"
    case .symbol(let symbol): "`\(symbol.rawValue)`"
    case .end: "the end of the expression"
    }
  }
}

extension Token {
  /// Words of the grammar; never names.
  static let keywords: Set<String> = ["in", "true", "false", "null"]

  /// Words kept for later use (CEL spec, "Syntax"): no variable or function, but allowed as fields.
  static let reservedWords: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
  ]
}

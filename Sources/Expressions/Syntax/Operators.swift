/// An operator before its operand.
package enum UnaryOperator: String, Sendable, Hashable {
  case not = "!"
  case negate = "-"
}

/// An operator between two operands that both are always evaluated.
package enum BinaryOperator: String, Sendable, Hashable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case within = "in"

  /// How tightly it binds; all are left-associative (CEL spec, "Syntax").
  var precedence: Int {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .within: 3
    case .add, .subtract: 4
    case .multiply, .divide, .remainder: 5
    }
  }
}

/// `&&` or `||`: an operand that decides the result makes errors of the others not matter.
package enum LogicalOperator: String, Sendable, Hashable {
  case and = "&&"
  case or = "||"

  /// The operand that decides alone.
  var deciding: Bool { self == .or }

  var precedence: Int { self == .or ? 1 : 2 }
}

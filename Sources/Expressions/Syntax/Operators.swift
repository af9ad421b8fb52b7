/// An operator before its operand.
enum UnaryOperator: String, Sendable, Hashable {
  case not = "!"
  case negate = "-"
}

/// An operator between two operands that both are always evaluated.
enum BinaryOperator: String, Sendable, Hashable {
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

  var precedence: Precedence {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .within: .relation
    case .add, .subtract: .sum
    case .multiply, .divide, .remainder: .product
    }
  }
}

/// `&&` or `||`: an operand that decides the result makes errors of the others not matter.
enum LogicalOperator: String, Sendable, Hashable {
  case and = "&&"
  case or = "||"

  /// The operand that decides alone.
  var deciding: Bool { self == .or }

  var precedence: Precedence { self == .or ? .or : .and }
}

/// How tightly an operator binds, loosest first (CEL spec, "Syntax").
enum Precedence: Int, Comparable {
  case conditional, or, and, relation, sum, product, operand

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  /// The next tighter one: what the right operand of a left-associative operator may hold.
  var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .operand }
}

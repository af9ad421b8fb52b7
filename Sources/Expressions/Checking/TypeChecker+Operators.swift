import Diagnostics

extension TypeChecker {
  mutating func type(
    of unary: UnaryOperator, _ operand: SyntaxNode, at node: SyntaxNode
  ) -> StaticType {
    let operand = type(of: operand)
    guard let result = Self.result(of: unary.overloads, for: [operand]) else {
      return report(.wrongType, Self.mismatch(unary.rawValue, [operand]), at: node.focus)
    }
    return result
  }

  mutating func type(
    of binary: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode, at node: SyntaxNode
  ) -> StaticType {
    let nodes = (left, right)
    let left = type(of: left)
    let right = type(of: right)
    checkWords(of: binary, nodes.0, nodes.1)
    let result: StaticType? =
      switch binary {
      case .equal, .notEqual: left.isComparable(with: right) ? .bool : nil
      case .within: right.mayHold(left) ? .bool : nil
      case .add, .subtract, .multiply, .divide, .remainder, .less, .lessOrEqual, .greater,
        .greaterOrEqual:
        binary.listResult(left, right) ?? Self.result(of: binary.overloads, for: [left, right])
      }
    if let result { return result }
    let areNumbers = left.isNumber && right.isNumber && left != right
    return report(
      .wrongType, Self.mismatch(binary.rawValue, [left, right]), at: node.focus,
      hint: areNumbers
        ? "convert one of them, for example with `double()` or `int()`"
        : OtherFunctions.hint(for: binary.rawValue, on: [left.description, right.description]))
  }

  mutating func type(of logical: LogicalOperator, _ operands: [SyntaxNode]) -> StaticType {
    for operand in operands { expectBool(operand, for: "`\(logical.rawValue)`") }
    return .bool
  }

  mutating func type(
    of condition: SyntaxNode, _ then: SyntaxNode, _ otherwise: SyntaxNode, at node: SyntaxNode
  ) -> StaticType {
    expectBool(condition, for: "a condition")
    let then = type(of: then)
    let otherwise = type(of: otherwise)
    guard then.isComparable(with: otherwise) else {
      return report(
        .wrongType, "the two values after `?` are \(then) and \(otherwise)", at: node.focus,
        hint: "make them one type, or say `dyn()` around one")
    }
    return then.joined(with: otherwise)
  }
}

extension StaticType {
  /// Whether `==` may be asked; null is allowed against everything.
  fileprivate func isComparable(with other: StaticType) -> Bool {
    self == .null || other == .null || accepts(other) || other.accepts(self)
  }

  /// Whether `in` may be asked of this list or map.
  fileprivate func mayHold(_ element: StaticType) -> Bool {
    if case .list(let elements) = self { return elements.isComparable(with: element) }
    if let types = mapTypes { return types.key.accepts(element) }
    return self == .dyn
  }

  fileprivate var isNumber: Bool { self == .int || self == .uint || self == .double }
}

extension UnaryOperator {
  fileprivate var overloads: [Overload] {
    switch self {
    case .not: [.global(.bool, result: .bool)]
    case .negate: [.global(.int, result: .int), .global(.double, result: .double)]
    }
  }
}

extension BinaryOperator {
  /// `+` with a list, where the elements must be of one type as far as is known.
  fileprivate func listResult(_ left: StaticType, _ right: StaticType) -> StaticType? {
    guard self == .add, left.accepts(right) || right.accepts(left) else { return nil }
    return switch (left, right) {
    case (.list, .list), (.list, .dyn), (.dyn, .list): left.joined(with: right)
    case (.dyn, .dyn): .dyn
    default: nil
    }
  }

  /// The types both sides may have; lists, `==` and `in` have rules of their own.
  fileprivate var overloads: [Overload] {
    switch self {
    case .add:
      both([.int, .uint, .double, .string, .bytes, .duration]) + [
        .global(.timestamp, .duration, result: .timestamp),
        .global(.duration, .timestamp, result: .timestamp),
      ]
    case .subtract:
      both([.int, .uint, .double, .duration]) + [
        .global(.timestamp, .timestamp, result: .duration),
        .global(.timestamp, .duration, result: .timestamp),
      ]
    case .multiply, .divide: both([.int, .uint, .double])
    case .remainder: both([.int, .uint])
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      [.bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration].map {
        .global($0, $0, result: .bool)
      }
    case .equal, .notEqual, .within: []
    }
  }

  private func both(_ types: [StaticType]) -> [Overload] {
    types.map { .global($0, $0, result: $0) }
  }
}

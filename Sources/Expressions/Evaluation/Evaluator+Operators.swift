extension Evaluator {
  mutating func result(
    of unary: UnaryOperator, _ operand: SyntaxNode, at node: SyntaxNode
  ) throws(Blame) -> Value {
    let operand = try value(of: operand)
    do throws(EvaluationFailure) {
      let result = try unary.apply(to: operand.peeled)
      return operand.isSecret ? result.hidden : result
    } catch {
      throw blame(error, for: unary.rawValue, [operand], at: node)
    }
  }

  mutating func result(
    of binary: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode, at node: SyntaxNode
  ) throws(Blame) -> Value {
    let leftNode = left
    let left: Value
    do throws(Blame) { left = try value(of: leftNode) } catch {
      throw failure(error, beside: right)
    }
    let right = try value(of: right)
    let isDeep = binary.readsElements(of: right)
    let isSecret =
      isDeep ? left.holdsSecret || right.holdsSecret : left.isSecret || right.isSecret
    do throws(EvaluationFailure) {
      if !isSecret { return try binary.apply(left, right, meter: &meter) }
      let plain = isDeep ? (left.revealed, right.revealed) : (left.peeled, right.peeled)
      return try binary.apply(plain.0, plain.1, meter: &meter).hidden(like: [left, right])
    } catch {
      throw blame(error, for: binary.rawValue, [left, right], at: node)
    }
  }

  /// `&&` or `||`: the first operand that decides, whatever failed or was unknown before it.
  mutating func result(
    of logical: LogicalOperator, _ operands: [SyntaxNode], at node: SyntaxNode
  ) throws(Blame) -> Value {
    var vote = Vote(deciding: logical.deciding)
    for operand in operands {
      try take(operand, into: &vote, for: logical.rawValue)
      if vote.isDecided { break }
    }
    return try vote.result()
  }

  /// Adds the value of `node` to `vote`, or the failure to have one.
  mutating func take(
    _ node: SyntaxNode, into vote: inout Vote, for name: String
  ) throws(Blame) {
    do throws(Blame) {
      let value = try value(of: node)
      guard case .bool(let flag) = value.peeled else {
        throw Blame(
          failure: EvaluationFailure("`\(name)` needs bool, not \(value.typeName)"), span: node.span
        )
      }
      vote.add(flag, isSecret: value.isSecret)
    } catch {
      vote.add(error)
    }
  }

  mutating func choose(
    _ condition: SyntaxNode, _ then: SyntaxNode, _ otherwise: SyntaxNode
  ) throws(Blame) -> Value {
    let answer = try value(of: condition)
    guard case .bool(let flag) = answer.peeled else {
      let failure = EvaluationFailure("a condition is bool, not \(answer.typeName)")
      throw Blame(failure: failure, span: condition.span)
    }
    let result = try value(of: flag ? then : otherwise)
    return answer.isSecret ? result.hidden : result
  }

  /// What went wrong in words, without the values when one of them is secret.
  func blame(
    _ failure: EvaluationFailure, for name: String, _ operands: [Value], at node: SyntaxNode
  ) -> Blame {
    guard failure !== EvaluationFailure.noOverload else {
      let types = operands.map(\.typeName).joined(separator: " and ")
      return Blame(
        failure: EvaluationFailure(
          "`\(name)` does not work on \(types)",
          hint: OtherFunctions.hint(for: name, on: operands.map(\.typeName))), span: node.focus)
    }
    let isSecret = operands.contains(where: \.holdsSecret)
    return Blame(failure: isSecret ? failure.withheld : failure, span: node.focus)
  }
}

/// The answers to a condition asked of several, of which one can decide alone.
struct Vote {
  /// The answer that decides.
  let deciding: Bool
  private(set) var isDecided = false
  private var isSecret = false
  private var firstFailure: Evaluator.Blame?
  private var unknowns = UnknownOperands()

  init(deciding: Bool) {
    self.deciding = deciding
  }

  mutating func add(_ answer: Bool, isSecret: Bool) {
    self.isSecret = self.isSecret || isSecret
    isDecided = isDecided || answer == deciding
  }

  mutating func add(_ failure: Evaluator.Blame) {
    do throws(Evaluator.Blame) { try unknowns.add(failure) } catch {
      firstFailure = firstFailure ?? error
    }
  }

  /// The deciding answer if it came; else what is unknown, which may decide; else the first failure;
  /// else the other answer.
  func result() throws(Evaluator.Blame) -> Value {
    if !isDecided {
      try unknowns.check()
      if let firstFailure { throw firstFailure }
    }
    let answer = Value.bool(isDecided == deciding)
    return isSecret ? answer.hidden : answer
  }
}

extension BinaryOperator {
  /// Whether the result depends on what is inside lists and maps, not only on the lists themselves.
  fileprivate func readsElements(of right: Value) -> Bool {
    switch self {
    case .equal, .notEqual: true
    // The keys of a map are never secret.
    case .within: if case .map = right { false } else { true }
    case .add, .subtract, .multiply, .divide, .remainder, .less, .lessOrEqual, .greater,
      .greaterOrEqual:
      false
    }
  }
}

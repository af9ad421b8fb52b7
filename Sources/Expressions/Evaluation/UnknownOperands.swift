/// What the operands of one operation wait for.
///
/// An operation that needs all of its operands goes on after an unknown one: every source is named,
/// and an error of another operand wins, since no value of the unknown one can mend it. What `&&`,
/// `||`, `all` and `exists` do is in `Vote`: there an unknown wins over an error, since its value may
/// decide. Both are the rules of CEL (CEL spec, `proto/cel/expr/eval.proto`, `ExprValue.unknown`).
struct UnknownOperands {
  private var unknown: Unknown?
  /// The first unknown operand.
  private var span = SourceSpan(0, length: 0)

  /// Notes an operand that is unknown; throws any other failure.
  mutating func add(_ blame: Evaluator.Blame) throws(Evaluator.Blame) {
    guard let other = blame.failure.unknown else { throw blame }
    guard unknown == nil else {
      unknown?.formUnion(other)
      return
    }
    unknown = other
    span = blame.span
  }

  /// Throws when some operand was unknown.
  func check() throws(Evaluator.Blame) {
    guard let unknown else { return }
    throw Evaluator.Blame(failure: EvaluationFailure(waitingFor: unknown), span: span)
  }
}

extension Evaluator {
  /// `value`, unless that is unknown: no expression goes on with it.
  @inline(__always)
  func known(_ value: Value, at node: SyntaxNode) throws(Blame) -> Value {
    switch value {
    case .unknown, .secret: try refuseUnknown(value, at: node)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration,
      .type:
      break
    }
    return value
  }

  @inline(never)
  private func refuseUnknown(_ value: Value, at node: SyntaxNode) throws(Blame) {
    guard let unknown = value.unknown else { return }
    throw Blame(failure: EvaluationFailure(waitingFor: unknown), span: node.span)
  }

  /// The value of what becomes an element of a list or a map, which may hold unknown values.
  mutating func elementValue(of node: SyntaxNode) throws(Blame) -> Value {
    do throws(Blame) {
      return try value(of: node)
    } catch {
      guard let unknown = error.failure.unknown else { throw error }
      return .unknown(unknown)
    }
  }

  /// Why an operation has no result whose first operand has none for the reason `blame`; the `other`
  /// operand may be unknown, too, or wrong.
  mutating func failure(_ blame: Blame, beside other: SyntaxNode) -> Blame {
    var unknowns = UnknownOperands()
    do throws(Blame) {
      try unknowns.add(blame)
      do throws(Blame) { _ = try value(of: other) } catch { try unknowns.add(error) }
      try unknowns.check()
      return blame
    } catch {
      return error
    }
  }
}

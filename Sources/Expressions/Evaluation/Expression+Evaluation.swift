extension Expression {
  /// The value of the expression.
  ///
  /// Whatever depends on a secret is secret. Throws where CEL has an error, when `limits` are
  /// used up, and with `EvaluationError.unknown` where the value depends on an unknown one. Lists and
  /// maps of the result may hold unknown values. In place of an optional stands what it holds, or null.
  package func evaluate(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> Value {
    try evaluateIfGiven(with: bindings, limits: limits) ?? .null
  }

  /// The same, but nil where the value is an optional that holds nothing.
  func evaluateIfGiven(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> Value? {
    var evaluator = Evaluator(bindings, limits: limits)
    do throws(Evaluator.Blame) {
      let value = try evaluator.value(of: root)
      guard evaluator.madeOptionals else { return value }
      if case .nothing? = value.peeled.optionalContent { return nil }
      return value.withoutOptionals
    } catch {
      let failure = error.failure
      let message = failure.detail.map { "\(failure.message): \($0)" } ?? failure.message
      throw EvaluationError(
        message, at: location(of: error.span), hint: failure.hint,
        unknown: failure.unknown)
    }
  }
}

extension Expression {
  /// The value of the expression.
  ///
  /// Whatever depends on a secret is secret. Throws where CEL has an error, when `limits` are
  /// used up, and with `EvaluationError.unknown` where the value depends on an unknown one. Lists and
  /// maps of the result may hold unknown values.
  package func evaluate(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> Value {
    var evaluator = Evaluator(bindings, limits: limits)
    do throws(Evaluator.Blame) {
      return try evaluator.value(of: root)
    } catch {
      let failure = error.failure
      let message = failure.detail.map { "\(failure.message): \($0)" } ?? failure.message
      throw EvaluationError(
        message, at: location(of: error.span), hint: failure.hint,
        unknown: failure.unknown)
    }
  }
}

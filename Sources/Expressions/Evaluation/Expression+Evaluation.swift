package import Diagnostics

extension Expression {
  /// The type of the expression where `environment`'s names are known, and every finding about it.
  ///
  /// The type is `dyn` where nothing better is known; with an error among the findings it is a guess.
  package func check(
    in environment: TypeEnvironment
  ) -> (type: StaticType, diagnostics: [Diagnostic]) {
    (.dyn, [])
  }

  /// The value of the expression.
  package func evaluate(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> Value {
    throw EvaluationError("not built", at: location)
  }
}

package import Expressions

/// What an author sets: written out, or an expression that gives it when the step begins.
package enum Setting<Constant: Sendable & Hashable>: Sendable, Hashable {
  /// Written out, and within its bounds.
  case constant(Constant)
  /// Known when the step begins; whether it is within its bounds is checked then.
  case computed(Template)

  /// What is written out; nil where it is not known before the step begins.
  package var constant: Constant? {
    if case .constant(let constant) = self { constant } else { nil }
  }

  /// The expression, where there is one.
  package var template: Template? {
    if case .computed(let template) = self { template } else { nil }
  }
}

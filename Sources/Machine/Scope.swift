import Events
import Expressions

/// Names a scope of the running tree.
struct ScopeID: Sendable, Hashable {
  let number: Int
}

/// What the expressions of some steps can see.
struct Scope: Sendable {
  var inputs: ValueMap
  /// The results of finished steps, those of the scopes around included.
  var steps: ValueMap
  /// Loop variables, `error`.
  var variables: [String: Value]
  /// The default session of the steps.
  var session: SessionID?
  /// The finished steps that have nothing to offer, and why.
  var emptySteps: [String: Outcome] = [:]
  /// The results of the scope's own steps: what a `for-each` gathers.
  var ownResults = ValueMap()
}

extension Template {
  /// The template as a person wrote it, for messages.
  var sourceText: String {
    switch self {
    case .expression(let expression): expression.source
    case .literal(let value, _, let written): written ?? value.displayText
    case .text, .list, .map: "the condition"
    }
  }
}

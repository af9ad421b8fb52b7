import Events
import Expressions
import Playbooks

/// Names a scope of the running tree.
struct ScopeID: Sendable, Hashable, Comparable {
  let number: Int

  static func < (left: ScopeID, right: ScopeID) -> Bool { left.number < right.number }
}

/// What the expressions of some steps can see.
struct Scope: Sendable, Hashable {
  var inputs: ValueMap
  /// The results of finished steps that an expression uses, those of the scopes around included.
  var steps = ValueMap()
  /// Loop variables, `error`.
  var variables: [String: Value] = [:]
  /// What else is known of the finished steps.
  var finished = FinishedSteps()
  /// The results of the scope's own steps: what a `for-each` gathers.
  var ownResults = ValueMap()
  var session: DefaultSession
  /// The innermost play, or the run, around it; its inputs are those of that scope.
  var play: ScopeID
  /// The innermost round or play, or the run, around it: what is opened in it is closed with it.
  var frame: ScopeID

  /// The names that `let` was to bind and that have no value, and why.
  var flaws: [String: Failure] = [:]
  /// The scope around it, for whose steps the results of its own are there, too; nil for one whose results
  /// are seen only inside it.
  var publishesTo: ScopeID?

  /// What the results of finished steps do not hold.
  struct FinishedSteps: Sendable, Hashable {
    /// The steps whose results an expression uses; nil where all may be.
    var used: Set<String>?
    /// Those that have nothing to offer, and why.
    var empty: [String: Outcome] = [:]
    /// What `steps.ID.outcome` and `steps.ID.changed` are of results that are lists, by step and name.
    var listAttributes: [String: [String: Value]] = [:]
  }

  /// The session of the steps that name none.
  struct DefaultSession: Sendable, Hashable {
    var credentials: Credentials?
    /// Where the credentials are evaluated.
    var scope: ScopeID
  }
}

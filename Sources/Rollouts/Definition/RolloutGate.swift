import Diagnostics
package import Events
package import Expressions
import OrderedCollections

/// What decides between two stages of a rollout.
package enum RolloutGate: Sendable, Hashable {
  /// A person decides.
  case approval
  /// A condition over the rollout's counts decides.
  case condition(GateCondition)
}

extension RolloutGate {
  /// The gate as a rollout file writes it: `approval`, or the condition in `${{ }}`.
  package var text: String {
    switch self {
    case .approval: Self.approvalWord
    case .condition(let condition): condition.text
    }
  }

  static let approvalWord = "approval"
}

/// A condition that must be true for the next stage to start.
///
/// It sees the counts of the whole rollout until then, in a map called `rollout`. Two conditions with the
/// same text are equal, wherever they stand.
package struct GateCondition: Sendable {
  /// The expression, whose names are checked where a rollout file is read.
  package let expression: Expression

  /// The condition that `expression` is.
  package init(_ expression: Expression) {
    self.expression = expression
  }

  /// The condition as a rollout file writes it.
  package var text: String { expression.marked }

  /// Whether the next stage may start `elapsed` after the rollout's start, without its interruptions.
  ///
  /// Throws where the condition has no value, or one that is neither true nor false.
  package func isOpen(
    _ counts: TenantCounts, elapsed: Duration
  ) throws(EvaluationError) -> Bool {
    let rollout = Self.value(of: counts, elapsed: elapsed)
    let value = try expression.evaluate(with: ["rollout": rollout])
    guard case .bool(let isOpen) = value else {
      throw EvaluationError(
        "the gate is neither true nor false", at: expression.location, hint: "write a comparison")
    }
    return isOpen
  }

  /// The failed condition in the values it compared, such as ``` `rollout.failed` is 3 ```.
  package func comparedValues(_ counts: TenantCounts, elapsed: Duration) -> String? {
    Template.expression(expression).comparedValues(with: [
      "rollout": Self.value(of: counts, elapsed: elapsed)
    ])
  }
}

extension Expression {
  /// The expression between its marks, as a file writes it.
  var marked: String {
    // A line of its own keeps the closing mark out of a comment at the end.
    source.contains("//") ? "${{ \(source)\n}}" : "${{ \(source) }}"
  }
}

extension GateCondition: Hashable {
  package static func == (left: GateCondition, right: GateCondition) -> Bool {
    left.text == right.text
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(text)
  }
}

/// What a condition sees.
extension GateCondition {
  /// What the members of `rollout` count; `ended` are all that have an outcome, `total` all selected.
  private static let states: [(name: String, states: [TenantState])] = [
    ("succeeded", [.succeeded]), ("unchanged", [.unchanged]), ("failed", [.failed]),
    ("cancelled", [.cancelled]), ("inDoubt", [.inDoubt]), ("total", TenantState.allCases),
    ("ended", [.succeeded, .unchanged, .failed, .cancelled, .inDoubt]),
  ]

  /// The type of the variable `rollout`.
  static let type = StaticType.object(
    OrderedDictionary(
      uniqueKeysWithValues: states.map { ($0.name, .int) } + [("seconds", StaticType.int)]))

  private static func value(of counts: TenantCounts, elapsed: Duration) -> Value {
    var rollout = ValueMap()
    for (name, states) in states {
      rollout[name] = .int(Int64(states.reduce(0) { $0 + counts[$1] }))
    }
    rollout["seconds"] = .int(elapsed.components.seconds)
    return .map(rollout)
  }
}

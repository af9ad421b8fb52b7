package import Expressions

/// How a step and its rounds ended, as far as its result does not say it: `steps.ID.outcome` shows it.
package struct StepOutcomes: Sendable, Hashable {
  /// What the step's own outcome waits for in a plan; null where the result says it.
  package var own: Value
  /// Of a `for-each`, a list of its rounds, which is empty where every step of them succeeded; null for
  /// other steps.
  ///
  /// A round is null where every step of it succeeded, or a map by step id of what is not `succeeded`.
  package var rounds: Value

  /// Nothing but what is given.
  package init(own: Value = .null, rounds: Value = .null) {
    self.own = own
    self.rounds = rounds
  }
}

extension StepResult {
  /// The attribute of a step's result that says how the step ended.
  package static let outcome = "outcome"

  /// What expressions see beside the fields of the result of the step at `path`; of a list as well, which
  /// has no room for it.
  package func attributes(at path: StepPath) -> [String: Value] {
    let changes = changes(at: path)
    let own = outcomes?.own ?? .null
    if own == .null, let usual = Self.usualAttributes[outcome] {
      if changes == .null { return usual.unchanged }
      if changes == true { return usual.changed }
    }
    return Self.attributes(changes, own == .null ? .string(outcome.rawValue) : own)
  }

  /// The attributes of most results by outcome, made once, since a run keeps those of every step.
  private static let usualAttributes = Dictionary(
    uniqueKeysWithValues: Outcome.allCases.map { outcome in
      let ended = Value.string(outcome.rawValue)
      return (
        outcome, (unchanged: attributes(.null, ended), changed: attributes(true, ended))
      )
    })

  private static func attributes(_ changes: Value, _ ended: Value) -> [String: Value] {
    [changed: changes == .null ? false : changes, outcome: ended]
  }
}

extension StepOutcomes {
  /// How the steps in the rounds of a `for-each` ended, whose results are `annotatedValue` by step id.
  package static func rounds(of results: [Value]) -> Value {
    let rounds = results.map(\.outcomesOfRound)
    return rounds.allSatisfy { $0 == .null } ? [] : .list(rounds)
  }
}

extension Value {
  private static let succeeded = Value.string(Outcome.succeeded.rawValue)

  /// Of a round: by step id what is not `succeeded`, and null for what is no step; null where there is
  /// nothing of the kind.
  fileprivate var outcomesOfRound: Value {
    guard case .map(let results) = self else { return .null }
    var outcomes = ValueMap()
    for id in results.names {
      switch results[id] ?? .null {
      case .list(let rounds):
        let inner = StepOutcomes.rounds(of: rounds)
        if inner != [] { outcomes[id] = inner }
      case let result:
        let outcome = result.attributes?[StepResult.outcome] ?? .null
        if outcome != Self.succeeded { outcomes[id] = outcome }
      }
    }
    return outcomes.isEmpty ? .null : .map(outcomes)
  }

  private var attributes: [String: Value]? {
    switch self {
    case .map(let map): map.attributes
    case .secret(let secret): secret.reveal().attributes
    case .null, .bool, .int, .uint, .double, .string, .bytes, .list, .timestamp, .duration, .type,
      .unknown:
      nil
    }
  }

  /// What is recorded of the round `number`; nil where nothing is recorded of any.
  func outcomes(ofRound number: Int) -> Value? {
    guard case .list(let rounds) = self else { return nil }
    return rounds.indices.contains(number) ? rounds[number] : .null
  }

  /// What is recorded of the step `id` in what is recorded of its round; nil where nothing is known of it.
  func outcome(of id: String, isLoop: Bool) -> Value? {
    guard let recorded = fields?[id] else { return isLoop ? [] : Self.succeeded }
    return recorded == .null ? nil : recorded
  }
}

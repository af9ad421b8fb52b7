package import Expressions
import OrderedCollections

/// What the steps below a step changed at the service, which is recorded with its result: `steps.ID.changed`
/// shows it.
package struct StepChanges: Sendable, Hashable {
  /// True where any of them did, what that waits for in a plan, null where none did.
  package var any: Value
  /// Of a `for-each`, a list of its rounds: null, or a map with the same by step id.
  package var rounds: Value

  /// Nothing was changed, except what is given.
  package init(any: Value = .null, rounds: Value = .null) {
    self.any = any
    self.rounds = rounds
  }
}

extension StepResult {
  /// The attribute of a step's result that says whether the step changed something.
  package static let changed = "changed"

  /// Whether the step at `path`, or one below it, changed something at the service: true, what that
  /// waits for in a plan, or null.
  package func changes(at path: StepPath) -> Value {
    let own: Value =
      switch change?.kind {
      case .create, .change, .remove: true
      case .unknown: .unknown(Unknown("\(path).\(Self.changed)"))
      case .unchanged, .drift, .conflict, nil: .null
      }
    return own.joinedChanges(with: changesBelow?.any ?? .null)
  }

  /// The value as expressions see it: each map of a step's result has the attributes `changed` and
  /// `outcome`, the latter in the rounds of a loop only where it is recorded.
  package func annotatedValue(at path: StepPath) -> Value {
    guard case .list(let rounds) = value else {
      return value.with(attributes: attributes(at: path))
    }
    return Value.annotated(rounds, changesBelow?.rounds ?? .null, outcomes?.rounds ?? .null)
  }
}

extension StepChanges {
  /// What the rounds of a `for-each` changed, whose results are `annotatedValue` by step id.
  package static func rounds(of results: [Value]) -> Value {
    let rounds = results.map(\.changesOfRound)
    return rounds.allSatisfy { $0 == .null } ? .null : .list(rounds)
  }
}

extension Value {
  /// The changes of several steps: true where any did something, else what is unknown of them.
  package func joinedChanges(with other: Value) -> Value {
    switch (self, other) {
    case (true, _), (_, .null): self
    case (_, true), (.null, _): other
    case (.unknown(let left), .unknown(let right)): .unknown(left.union(right))
    case _: self
    }
  }

  fileprivate static func annotated(
    _ rounds: [Value], _ changes: Value, _ outcomes: Value
  ) -> Value {
    let changed: [Value] = if case .list(let changes) = changes { changes } else { [] }
    return .list(
      rounds.enumerated().map { number, round in
        round.annotatedRound(
          changed.indices.contains(number) ? changed[number] : .null,
          outcomes.outcomes(ofRound: number))
      })
  }

  private func annotatedRound(_ changes: Value, _ outcomes: Value?) -> Value {
    guard case .map(let results) = self else { return self }
    var (annotated, joined) = (results, Value.null)
    for id in results.names {
      let change = changes.fields?[id] ?? .null
      joined = joined.joinedChanges(with: change.anyChange)
      annotated[id] = results[id]?.annotatedStep(id, change, outcomes)
    }
    return Value.map(annotated).with(attributes: Self.attributes(joined))
  }

  private func annotatedStep(_ id: String, _ changes: Value, _ outcomes: Value?) -> Value {
    if case .list(let rounds) = self {
      let inner = outcomes?.outcome(of: id, isLoop: true)
      return Self.annotated(rounds, changes, inner ?? .null)
    }
    var attributes = Self.attributes(changes.anyChange)
    attributes[StepResult.outcome] = outcomes?.outcome(of: id, isLoop: false)
    return with(attributes: attributes)
  }

  private static func attributes(_ changes: Value) -> [String: Value] {
    [StepResult.changed: changes == .null ? false : changes]
  }

  /// Of a step, or of all rounds of a `for-each`.
  private var anyChange: Value {
    guard case .list(let rounds) = self else { return self }
    return rounds.flatMap { $0.fields.map { Array($0.entries.values) } ?? [] }
      .reduce(.null) { $0.joinedChanges(with: $1.anyChange) }
  }

  /// By step id, or null where no step of the round changed anything.
  fileprivate var changesOfRound: Value {
    guard case .map(let results) = self else { return .null }
    var changes = ValueMap()
    for id in results.names {
      let change = results[id]?.recordedChanges ?? .null
      if change != .null { changes[id] = change }
    }
    return changes.isEmpty ? .null : .map(changes)
  }

  private var recordedChanges: Value {
    switch self {
    case .map(let map):
      map.attributes[StepResult.changed].flatMap { $0 == false ? nil : $0 } ?? .null
    case .secret(let secret): secret.reveal().recordedChanges
    case .list(let elements): StepChanges.rounds(of: elements)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .unknown:
      .null
    }
  }
}

import Events
import Expressions
import OrderedCollections
import Testing

/// What is recorded of changes, and what expressions see of it.
@Suite struct StepChangesTests {
  private static let path = StepPath(components: [.step("s")])
  private static let open = Value.unknown(Unknown("s.changed"))

  @Test(
    arguments: [
      (nil, .null), (.create, true), (.change, true), (.remove, true), (.unchanged, .null),
      (.drift, .null), (.unknown, open),
    ] as [(StateChange.Kind?, Value)])
  func `a step changed what it made, corrected or removed`(
    _ kind: StateChange.Kind?, _ changes: Value
  ) {
    let result = StepResult(
      outcome: .succeeded, value: ["id": "1"], change: kind.map { StateChange($0) })
    #expect(result.changes(at: Self.path) == changes)
    let attribute = changes == .null ? false : changes
    #expect(
      result.annotatedValue(at: Self.path)
        == (["id": "1"] as Value)
        .with(attributes: ["changed": attribute, "outcome": "succeeded"]))
  }

  @Test(
    arguments: [
      (.null, .null, .null), (.null, true, true), (true, .null, true), (open, true, true),
      (true, open, true), (open, .null, open), (.null, open, open),
      (
        open, .unknown(Unknown("t.changed")),
        .unknown(Unknown("s.changed").union(Unknown("t.changed")))
      ),
    ] as [(Value, Value, Value)])
  func `one that changed something decides, and what is unknown comes before nothing`(
    _ left: Value, _ right: Value, _ joined: Value
  ) {
    #expect(left.joinedChanges(with: right) == joined)
  }

  @Test func `the rounds of a loop are recorded by step, and found again`() {
    func step(_ changed: Value, _ value: Value = [:]) -> Value {
      value.with(attributes: ["changed": changed])
    }
    let results: [Value] = [
      ["a": step(true, ["id": "1"]), "b": step(false)], ["a": step(false), "b": step(Self.open)],
      ["a": step(false), "b": step(false)],
      ["l": [["c": step(true)], ["c": step(false)]], "b": step(false)],
    ]
    let rounds: Value = [["a": true], ["b": Self.open], .null, ["l": [["c": true], .null]]]
    #expect(StepChanges.rounds(of: results) == rounds)
    #expect(StepChanges.rounds(of: [results[2]]) == .null)
    var result = StepResult(outcome: .succeeded, value: Value.list(results).withoutAttributes)
    result.changesBelow = StepChanges(any: true, rounds: rounds)
    let attributes: [Value] = [true, Self.open, false, true]
    let expected = zip(results, attributes).map { round, changed in
      Self.annotatingLoops(in: round).with(attributes: ["changed": changed])
    }
    #expect(result.annotatedValue(at: Self.path) == .list(expected))
  }

  /// The rounds of inner loops have the attribute, too.
  private static func annotatingLoops(in round: Value) -> Value {
    guard case .map(var map) = round, case .list(let inner)? = map["l"] else { return round }
    map["l"] = .list(zip(inner, [true, false]).map { $0.with(attributes: ["changed": $1]) })
    return .map(map)
  }
}

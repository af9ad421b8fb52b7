import Events
import Expressions
import Planning
import Testing

/// What is recorded of outcomes, and what expressions see of it.
@Suite struct StepOutcomesTests {
  private static let path = StepPath(components: [.step("s")])
  private static let open = Value.unknown(Unknown("s.outcome"))

  @Test func `the words that a check knows are the outcomes that there are`() {
    #expect(TypeEnvironment.Words.outcomes.known == Outcome.allCases.map(\.rawValue))
  }

  @Test(arguments: Outcome.allCases)
  func `a step ended as its result says`(_ outcome: Outcome) {
    var result = StepResult(outcome: outcome)
    #expect(result.attributes(at: Self.path)["outcome"] == .string(outcome.rawValue))
    result.outcomes = StepOutcomes(own: Self.open)
    #expect(result.attributes(at: Self.path)["outcome"] == Self.open)
  }

  private static func step(_ outcome: Value) -> Value {
    ([:] as Value).with(attributes: ["changed": false, "outcome": outcome])
  }

  private static let results: [Value] = [
    ["a": step("succeeded"), "b": step("succeeded")],
    ["a": step("unchanged"), "b": step("succeeded")],
    ["a": step("succeeded"), "error": ["class": "local"]],
    ["a": step(open), "l": [["c": step("skipped")], ["c": step("succeeded")]]],
  ]

  private static let recorded: Value = [
    nil, ["a": "unchanged"], ["error": nil],
    ["a": open, "l": [["c": "skipped"], nil]],
  ]

  @Test func `the rounds of a loop are recorded by step, and found again`() {
    #expect(StepOutcomes.rounds(of: Self.results) == Self.recorded)
    #expect(StepOutcomes.rounds(of: [Self.results[0]]) == [])
    var result = StepResult(
      outcome: .succeeded, value: Value.list(Self.results).withoutAttributes)
    result.outcomes = StepOutcomes(rounds: Self.recorded)
    guard case .list(let rounds) = result.annotatedValue(at: Self.path) else {
      Issue.record("the result is no list")
      return
    }
    #expect(StepOutcomes.rounds(of: rounds) == Self.recorded)
  }

  @Test func `rounds of which nothing is recorded have no outcomes`() {
    let result = StepResult(
      outcome: .succeeded, value: Value.list(Self.results).withoutAttributes)
    let round: Value = [
      "a": ([:] as Value).with(attributes: ["changed": false]),
      "b": ([:] as Value).with(attributes: ["changed": false]),
    ]
    guard case .list(let rounds) = result.annotatedValue(at: Self.path) else {
      Issue.record("the result is no list")
      return
    }
    #expect(rounds[0] == round.with(attributes: ["changed": false]))
  }
}

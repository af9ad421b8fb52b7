import Diagnostics
import Events
import Expressions
import Rollouts
import Testing

/// Bounds that are resolved against a number of tenants, and their record.
struct RolloutBoundsTests {
  private static func percent(_ text: String) throws -> TenantAmount {
    .percent(try #require(TenantAmount.Percent(text)))
  }

  private static func amounts(_ texts: [String]) throws -> [TenantAmount] {
    try texts.map { text in try Int(text).map { .count($0) } ?? percent(text) }
  }

  @Test(arguments: [
    ([], 10, [10]),
    ([], 0, []),
    (["1", "5", "20%"], 100, [1, 5, 20, 100]),
    // What adds no tenant is left out.
    (["1", "5", "20%"], 10, [1, 5, 10]),
    (["1", "5", "20%"], 3, [1, 3]),
    (["1", "5", "20%"], 1, [1]),
    (["1", "5", "20%"], 0, []),
    (["1", "5", "20%"], 25, [1, 5, 25]),
    (["1", "5", "20%"], 26, [1, 5, 6, 26]),
    // Rounded up.
    (["0.01%"], 1, [1]),
    (["0.01%"], 10_001, [2, 10_001]),
    (["33%", "66%"], 10, [4, 7, 10]),
    (["50%", "100%"], 7, [4, 7]),
    (["1000"], 20, [20]),
    (["10%", "3"], 100, [10, 100]),
  ])
  func `a ramp becomes cumulative numbers of tenants`(
    ramp: [String], tenants: Int, stages: [Int]
  ) throws {
    let bounds = RolloutBounds(ramp: try Self.amounts(ramp))
    #expect(bounds.limits(tenantCount: tenants).stages == stages)
  }

  @Test func `the stages of every ramp grow, and end with all tenants`() throws {
    let ramps = try [["1", "5", "20%"], ["0.5%", "7", "7.25%", "99.99%"], ["100%"], ["3", "2%"]]
      .map(Self.amounts)
    for tenants in 1...400 {
      for ramp in ramps {
        let stages = RolloutBounds(ramp: ramp).limits(tenantCount: tenants).stages
        #expect(stages.last == tenants)
        #expect(zip(stages, stages.dropFirst()).allSatisfy { $0 < $1 })
        #expect(stages.first.map { $0 >= 1 } ?? false)
      }
    }
  }

  @Test(arguments: [
    ("3", 10, 3), ("3", 1, 3), ("5%", 100, 5), ("5%", 119, 5), ("5%", 120, 6), ("5%", 10, 1),
    ("0.01%", 20_000, 2), ("100%", 7, 7), ("2.5%", 1000, 25), ("1%", 0, 1),
  ])
  func `a percentage of failures is rounded down, and at least 1`(
    text: String, tenants: Int, limit: Int
  ) throws {
    let bounds = RolloutBounds(maxFailures: try Self.amounts([text]).first)
    #expect(bounds.limits(tenantCount: tenants).maxFailures == limit)
  }

  @Test(arguments: [
    ("20%", 2000), ("100%", 10_000), ("0.01%", 1), ("0.5%", 50), ("33.25%", 3325), ("07%", 700),
    ("0%", nil), ("100.01%", nil), ("101%", nil), ("1000%", nil), ("0.001%", nil), ("%", nil),
    (".5%", nil), ("5.%", nil), ("-5%", nil), ("5", nil), ("5 %", nil), ("1.2.3%", nil),
    ("٥%", nil),
  ])
  func `a percentage is read to the hundredth`(text: String, hundredths: Int?) {
    #expect(TenantAmount.Percent(text)?.hundredths == hundredths)
  }

  @Test func `a percentage is read as it is written`() {
    let percents = (1...10_000).map { TenantAmount.Percent(hundredths: $0) }
    #expect(percents.map { TenantAmount.Percent($0.description) } == percents)
  }

  @Test(arguments: [
    (1, Duration.seconds(10)), (2, .seconds(20)), (3, .seconds(40)), (4, nil), (0, nil),
  ])
  func `the pause before a retry doubles`(attempt: Int, pause: Duration?) {
    let retry = RolloutRetry(attempts: 4, backoff: .seconds(10))
    #expect(retry.pause(afterAttempt: attempt) == pause)
    #expect(retry.continuations == 3)
  }

  @Test func `the pause before a retry is at most an hour`() {
    let retry = RolloutRetry(attempts: 10, backoff: .seconds(3000))
    #expect(retry.pause(afterAttempt: 9) == .seconds(3600))
  }

  // MARK: Record

  private static func gate(_ source: String) throws -> RolloutGate {
    let place = SourceLocation(file: "r.yaml", line: 9, column: 11)
    return .condition(GateCondition(try Expression(parsing: source, at: place)))
  }

  private static func limits() throws -> [RolloutLimits] {
    [
      RolloutLimits(stages: []),
      RolloutLimits(stages: [1, 5, 100], gate: .approval),
      RolloutLimits(
        concurrency: 50, stages: [1, 20], bake: .milliseconds(90_500),
        gate: try gate("rollout.failed * 100 < rollout.ended // few"), pace: 0.5, maxFailures: 3,
        votesAtOnce: 5, onStop: .cancel, retry: RolloutRetry(attempts: 3, backoff: .seconds(30)),
        deadline: .seconds(7200)),
    ]
  }

  @Test func `recorded limits are read back`() throws {
    for limits in try Self.limits() {
      #expect(RolloutLimits(encoded: limits.encoded) == limits)
    }
  }

  @Test func `limits are recorded by the keys of the rollout file`() throws {
    #expect(
      try Self.limits()[2].encoded == [
        "concurrency": 50, "stages": [1, 20], "bake": "1m30s500ms",
        "gate": "${{ rollout.failed * 100 < rollout.ended // few\n}}", "pace": 0.5,
        "max-failures": 3, "votes-at-once": 5, "on-stop": "cancel",
        "retry": ["attempts": 3, "backoff": "30s"], "deadline": "2h",
      ])
  }

  @Test func `a pace without a fraction may be recorded as an integer`() throws {
    var map = RolloutLimits(stages: [3], pace: 20).encoded
    map["pace"] = 20
    #expect(RolloutLimits(encoded: map) == RolloutLimits(stages: [3], pace: 20))
  }

  @Test(
    arguments: [
      ("concurrency", "many"), ("concurrency", nil), ("on-stop", "sometimes"),
      ("stages", [1, "2"]),
      ("stages", nil), ("bake", 3), ("gate", "soon"), ("gate", "a ${{ b }}"), ("pace", "1"),
      ("retry", 3), ("retry", ["attempts": 3]), ("deadline", "1 day"), ("max-failures", 1.5),
    ] as [(String, Value?)])
  func `limits that nobody recorded are refused`(name: String, value: Value?) throws {
    var map = RolloutLimits(stages: [3]).encoded
    map[name] = value
    #expect(RolloutLimits(encoded: map) == nil)
  }

  // MARK: Gate

  private static let counts: TenantCounts = {
    var counts = TenantCounts()
    for (state, count) in [
      (TenantState.succeeded, 5), (.unchanged, 4), (.failed, 3), (.cancelled, 2), (.inDoubt, 1),
      (.waiting, 6), (.running, 7), (.notStarted, 8),
    ] {
      counts[state] = count
    }
    return counts
  }()

  @Test(arguments: [
    ("rollout.succeeded == 5 && rollout.unchanged == 4", true),
    ("rollout.failed == 3 && rollout.cancelled == 2 && rollout.inDoubt == 1", true),
    ("rollout.ended == 15 && rollout.total == 36", true),
    ("rollout.seconds == 90", true), ("rollout.failed == 0", false),
  ])
  func `a gate sees the counts of the rollout`(source: String, isOpen: Bool) throws {
    guard case .condition(let condition) = try Self.gate(source) else { return }
    #expect(try condition.isOpen(Self.counts, elapsed: .milliseconds(90_900)) == isOpen)
  }

  @Test func `a gate that is shut shows the values it compared`() throws {
    guard case .condition(let gate) = try Self.gate("rollout.failed == 0") else { return }
    #expect(gate.comparedValues(Self.counts, elapsed: .zero) == "`rollout.failed` is 3")
  }

  @Test func `a gate without a value fails`() throws {
    guard case .condition(let gate) = try Self.gate("1 / rollout.seconds > 0") else { return }
    #expect(throws: EvaluationError.self) { try gate.isOpen(Self.counts, elapsed: .zero) }
  }
}

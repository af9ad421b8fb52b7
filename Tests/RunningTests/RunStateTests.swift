import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("The state of a run")
struct RunStateTests {
  /// Runs whose states hold groups, retries, rescues and stops.
  static let playbooks = [
    "- { id: a, call: read }\n- { id: b, assert: \"${{ steps.a.value == null }}\" }",
    """
    - id: loop
      for-each: "${{ [1, 2, 3, 4] }}"
      as: n
      concurrency: 2
      on-failure: continue
      retry: { attempts: 2, backoff: 1s, on: [expectation] }
      steps:
        - { id: read, call: read }
        - { id: odd, assert: "${{ n != 3 }}" }
      rescue:
        - { id: r, wait: 2s }
      always:
        - { id: tidy, wait: 1s }
    """,
    """
    - id: both
      parallel:
        left:
          - { id: l, wait: 1h }
        right:
          - { id: r, wait: 1s }
          - { id: f, assert: "${{ false }}" }
      always:
        - { id: tidy, call: read }
    - { id: never, call: read }
    """,
    """
    - id: group
      retry: { attempts: 3, backoff: 1s, on: [network, expectation] }
      steps:
        - { id: once, call: unsafe }
        - { id: twice, call: elsewhere }
        - { id: f, assert: "${{ false }}" }
    """,
    "- { id: w, timeout: 3s, steps: [ { id: p, wait: 1h } ], rescue: [ { id: r, wait: 1s } ] }",
  ]

  private static func world(_ steps: String) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n"))
  }

  /// After each input the world compares the machine's state with the fold of its events.
  @Test(arguments: playbooks)
  func `it is the fold of the events at every point, however the run ends`(
    steps: String
  ) throws {
    var world = try Self.world(steps)
    try world.run()
    for moment in [Duration.milliseconds(1), .milliseconds(2), .seconds(1), .seconds(2)] {
      var cancelled = try Self.world(steps)
      cancelled.schedule(.input(.cancel), at: moment)
      try cancelled.run()
    }
  }

  @Test(arguments: playbooks)
  func `it holds nothing of what is over`(steps: String) throws {
    var world = try Self.world(steps)
    try world.run()
    #expect(world.machine.state.stepsInProgress == [])
    #expect(world.machine.state.scopeCount == 1)
  }

  @Test func `a group that was stopped for a failure says so before its steps end`() throws {
    var world = try Self.world(Self.playbooks[2])
    try world.run()
    let words = world.events.map(\.word)
    let stopping = try #require(words.firstIndex(of: "stopping both"))
    #expect(words[(stopping + 1)...].first == "finished both.left/l cancelled")
    #expect(words.contains("ended both"))
  }

  @Test func `an attempt at a group begins with an event, and what is reused says so`() throws {
    var world = try Self.world(Self.playbooks[3])
    try world.run()
    let words = world.events.map(\.word)
    #expect(
      words.filter { $0.hasPrefix("attempt") } == [
        "attempt 1 group", "attempt 2 group", "attempt 3 group",
      ])
    #expect(
      words.filter { $0.hasPrefix("reused") } == ["reused group/once", "reused group/once"])
  }

  @Test func `a local action is recorded before it begins`() throws {
    var world = try Self.world("- { id: keys, call: keys.load, with: { privateKeyFile: a.key } }")
    try world.run()
    let words = world.events.map(\.word)
    #expect(words.filter { $0.hasSuffix("keys") } == ["started keys", "intended keys"])
  }

  /// Events that no run has, after its first one.
  static let impossible: [RunEvent.Kind] = [
    .stepStarted(StepPath(components: [.step("other"), .step("a")]), summary),
    .attemptStarted(path, attempt: 2),
    .attemptFailed(path, attempt: 1, Failure(.local, "x"), pause: .zero),
    .workEnded(path, WorkEnd(result: StepResult(outcome: .failed))),
    .stepReused(path, summary),
    .stepFinished(path, StepResult(outcome: .succeeded)),
    .stopping(path, .stepFailed(path)),
    .stepStarted(StepPath(components: [.step("a"), .iteration(3), .step("b")]), summary),
    .requestAnswered(path, RequestAnswer(attempt: 1, status: 200, body: .null)),
  ]

  private static let path = StepPath(components: [.step("a")])
  private static let summary = StepSummary(kind: .call, title: "a")

  @Test(arguments: impossible)
  func `an event that does not fit the state is noticed`(kind: RunEvent.Kind) throws {
    var world = try Self.world("- { id: a, call: read }")
    try world.run()
    let plan = try PlannedText.plan("steps: [ { id: a, wait: 1s } ]\n")
    var state = RunState(of: plan)
    let first = try #require(world.events.first)
    state.apply(first)
    #expect(state.flaw == nil)
    state.apply(RunEvent(sequence: 1, at: first.at, kind: kind))
    #expect(state.flaw != nil)
  }
}

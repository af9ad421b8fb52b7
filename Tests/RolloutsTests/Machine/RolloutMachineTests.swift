import EventSamples
import Events
import Expressions
import Operations
import Randomness
import Rollouts
import Testing

/// What the machine of a rollout decides, action after action.
@Suite("What a rollout decides") struct RolloutMachineTests {
  /// A machine whose inputs come at given seconds, and its actions in words.
  private struct Script {
    var machine: RolloutMachine
    private(set) var events: [RunEvent] = []

    init(_ limits: RolloutLimits) {
      machine = RolloutMachine(start: Script.start(limits), limits: limits)
    }

    static func start(_ limits: RolloutLimits) -> RolloutStart {
      SampleRollout.start(tenants: limits.tenantCount)
    }

    static func moment(_ seconds: Double) -> Moment {
      Moment(nanoseconds: Int64(seconds * 1e9))
    }

    static func run(_ index: Int) -> RunID {
      var random = SplitMix(seed: UInt64(index))
      return RunID(using: &random)
    }

    mutating func apply(_ input: RolloutInput, at seconds: Double = 0) -> [String] {
      machine.apply(input, at: Self.moment(seconds)).map { action in
        switch action {
        case .record(let event):
          events.append(event)
          return Self.word(event)
        case .begin(let turn):
          return (turn.run == nil ? "begin \(turn.index)" : "resume \(turn.index)")
            + (turn.isLast ? "" : ", not the last time")
        case .cancel(let index): return "cancel \(index)"
        case .finish(let result): return "finish \(result.outcome.rawValue)"
        }
      }
    }

    private static func word(_ event: RunEvent) -> String {
      guard case .rollout(let kind) = event.kind else { return "no event of a rollout" }
      return kind.word
    }

    /// The same rollout in another process.
    func resumed(
      _ states: [TenantState], _ tenants: RolloutResumption.Tenants = .unfinished,
      at seconds: Double
    ) throws -> Script {
      var script = self
      let standings = states.enumerated().filter { $0.element != .notStarted }.map {
        TenantStanding(
          index: $0.offset, run: Self.run($0.offset), state: $0.element, attempts: 1,
          latestAt: Self.moment(1))
      }
      script.machine = try #require(
        RolloutMachine(
          resuming: events, limits: machine.limits, tenants: standings,
          as: RolloutResumption(owner: "o", epoch: 1, version: "t", tenants: tenants)))
      return script
    }
  }

  @Test func `a slot is refilled the moment a tenant ends`() {
    var script = Script(RolloutLimits(concurrency: 2, stages: [3]))
    #expect(script.apply(.start) == ["started", "stage 1 up to 3", "begin 0", "begin 1"])
    #expect(script.apply(.tenantEnded(1, .unchanged)) == ["begin 2"])
    #expect(script.apply(.tenantEnded(2, .succeeded)) == [])
    #expect(
      script.apply(.tenantEnded(0, .succeeded)) == ["proved 1", "finished", "finish succeeded"])
  }

  @Test func `a failure does not stop the others of its stage, and the next stage does not start`()
  {
    var script = Script(RolloutLimits(concurrency: 1, stages: [2, 3]))
    #expect(script.apply(.start).last == "begin 0")
    #expect(script.apply(.tenantEnded(0, .failed)) == ["begin 1"])
    #expect(
      script.apply(.tenantEnded(1, .succeeded))
        == ["stopping: stage 1", "finished", "finish failed"])
  }

  @Test(arguments: [
    (RolloutLimits.OnStop.finish, ["stopping: 1 of 1 failed"]),
    (.cancel, ["stopping: 1 of 1 failed", "cancel 1"]),
  ])
  func `the failure that reaches the limit stops the starts`(
    _ onStop: RolloutLimits.OnStop, _ actions: [String]
  ) {
    var script = Script(
      RolloutLimits(concurrency: 2, stages: [3], maxFailures: 1, onStop: onStop))
    _ = script.apply(.start)
    for index in 0...1 { _ = script.apply(.tenantBegan(index, run: Script.run(index))) }
    #expect(script.apply(.tenantEnded(0, .failed)) == actions)
    #expect(script.apply(.tenantEnded(1, .succeeded)) == ["finished", "finish failed"])
    #expect(script.machine.counts[.notStarted] == 1)
  }

  @Test func `a tenant that was not handed to the host is given up by a stop`() {
    var script = Script(RolloutLimits(concurrency: 2, stages: [2], maxFailures: 1))
    _ = script.apply(.start)
    #expect(
      script.apply(.tenantRefused(TenantRefusal(tenant: "a", index: 0, reason: "r")))
        == ["refused 0", "stopping: 1 of 1 failed", "cancel 1"])
    #expect(script.apply(.tenantNotStarted(1)) == ["finished", "finish failed"])
  }

  @Test func `a failed tenant is attempted again before it counts`() {
    let retry = RolloutRetry(attempts: 2, backoff: .seconds(10))
    var script = Script(RolloutLimits(concurrency: 1, stages: [2], maxFailures: 1, retry: retry))
    #expect(script.apply(.start).last == "begin 0, not the last time")
    _ = script.apply(.tenantBegan(0, run: Script.run(0)))
    #expect(script.apply(.tenantEnded(0, .failed), at: 1) == ["begin 1, not the last time"])
    #expect(script.machine.nextDeadline == Script.moment(11))
    #expect(script.apply(.tenantEnded(1, .succeeded), at: 2) == [])
    #expect(script.apply(.tick, at: 11) == ["resume 0"])
    #expect(
      script.apply(.tenantEnded(0, .failed), at: 12) == ["finished", "finish failed"],
      "every tenant was started, so nothing is stopped")
  }

  @Test func `a tenant whose lock is taken is tried again, and holds no slot meanwhile`() {
    var script = Script(RolloutLimits(concurrency: 1, stages: [2]))
    _ = script.apply(.start)
    #expect(script.apply(.tenantBlocked(0, by: Script.run(9)), at: 1) == ["begin 1"])
    #expect(script.machine.nextDeadline == Script.moment(3))
    #expect(script.apply(.tick, at: 3) == [], "the other one has the slot")
    #expect(script.apply(.tenantEnded(1, .succeeded), at: 4) == ["begin 0"])
  }

  @Test func `no tenant starts between a refusal by the host and the failure that it knew of`() {
    var script = Script(RolloutLimits(concurrency: 2, stages: [4], maxFailures: 1))
    _ = script.apply(.start)
    #expect(script.apply(.tenantNotStarted(1), at: 1) == [])
    #expect(script.apply(.tenantEnded(0, .failed), at: 1).prefix(1) == ["stopping: 1 of 1 failed"])
  }

  @Test func `a pause holds until it is over, and what runs goes on`() {
    var script = Script(RolloutLimits(concurrency: 1, stages: [2]))
    _ = script.apply(.start)
    #expect(script.apply(.pause) == ["paused"])
    #expect(script.apply(.tenantEnded(0, .succeeded)) == [])
    #expect(script.machine.waitsForPeopleOnly)
    #expect(script.apply(.unpause) == ["unpaused", "begin 1"])
  }

  @Test func `a stage that succeeded is left to bake, and then a person decides`() {
    var script = Script(
      RolloutLimits(concurrency: 1, stages: [1, 2], bake: .seconds(60), gate: .approval))
    _ = script.apply(.start)
    #expect(script.apply(.tenantEnded(0, .succeeded), at: 5) == ["proved 1", "baking"])
    #expect(script.machine.nextDeadline == Script.moment(65))
    #expect(script.apply(.tick, at: 65) == ["approval requested"])
    #expect(script.machine.awaitsApproval && script.machine.waitsForPeopleOnly)
    #expect(
      script.apply(.decide(ApprovalDecision(.approved)), at: 70)
        == ["approval decided", "stage 2 up to 2", "begin 1"])
  }

  @Test func `a refused gate stops the rollout, and is asked about again when that is resumed`()
    throws
  {
    var script = Script(RolloutLimits(stages: [1, 2], gate: .approval))
    _ = script.apply(.start)
    _ = script.apply(.tenantEnded(0, .succeeded), at: 1)
    #expect(
      script.apply(.decide(ApprovalDecision(.rejected(reason: nil))), at: 2)
        == ["approval decided", "stopping: gate", "finished", "finish failed"])
    var resumed = try script.resumed([.succeeded, .notStarted], at: 3)
    #expect(resumed.apply(.start, at: 3) == ["resumed", "approval requested"])
  }

  @Test func `the time of the whole rollout ends it`() {
    var script = Script(RolloutLimits(concurrency: 1, stages: [2], deadline: .seconds(10)))
    _ = script.apply(.start)
    _ = script.apply(.tenantBegan(0, run: Script.run(0)))
    #expect(script.machine.nextDeadline == Script.moment(10))
    #expect(script.apply(.tick, at: 10) == ["stopping: deadline"])
    #expect(script.apply(.tenantEnded(0, .succeeded), at: 11) == ["finished", "finish failed"])
  }

  @Test(arguments: [
    ([TenantState.succeeded, .failed], "failed"), ([.failed, .inDoubt], "in-doubt"),
    ([.failed, .waiting], "in-doubt"), ([.succeeded, .cancelled], "cancelled"),
    ([.unchanged, .succeeded], "succeeded"),
  ])
  func `the outcome is what weighs most`(_ states: [TenantState], _ outcome: String) {
    var script = Script(RolloutLimits(stages: [2]))
    _ = script.apply(.start)
    _ = script.apply(.tenantEnded(0, states[0]))
    #expect(script.apply(.tenantEnded(1, states[1])).last == "finish \(outcome)")
  }

  @Test func `tenants start no faster than requests may leave, and not while those wait`() {
    var script = Script(RolloutLimits(concurrency: 3, stages: [3], pace: 2))
    #expect(script.apply(.start).filter { $0.hasPrefix("begin") } == ["begin 0"])
    #expect(script.machine.nextDeadline == Script.moment(0.5))
    #expect(script.apply(.backlog(.seconds(3)), at: 0.5) == [])
    #expect(script.apply(.tick, at: 1.5) == [])
    #expect(script.apply(.backlog(.zero), at: 1.6) == ["begin 1"])
  }
}

/// A rollout that is continued.
extension RolloutMachineTests {
  @Test func `interrupted tenants go on first, and no other begins before the host has them`()
    throws
  {
    var script = Script(RolloutLimits(concurrency: 2, stages: [4]))
    _ = script.apply(.start)
    var resumed = try script.resumed([.succeeded, .running, .notStarted, .notStarted], at: 5)
    #expect(resumed.apply(.start, at: 5) == ["resumed", "resume 1"])
    #expect(resumed.apply(.tenantBegan(1, run: Script.run(1)), at: 5) == ["begin 2"])
  }

  @Test func `a rollout that was stopping goes on stopping`() throws {
    var script = Script(RolloutLimits(concurrency: 2, stages: [3]))
    _ = script.apply(.start)
    for index in 0...1 { _ = script.apply(.tenantBegan(index, run: Script.run(index))) }
    #expect(script.apply(.cancel) == ["stopping: cancelled", "cancel 0", "cancel 1"])
    var resumed = try script.resumed([.cancelled, .running, .notStarted], at: 5)
    #expect(resumed.apply(.start, at: 5) == ["resumed", "resume 1", "cancel 1"])
    #expect(resumed.apply(.tenantEnded(1, .cancelled), at: 6) == ["finished", "finish cancelled"])
  }

  @Test(arguments: [
    (RolloutResumption.Tenants.unfinished, ["resumed", "begin 3"]),
    (.unsuccessful, ["resumed", "resume 2"]),
  ])
  func `a rollout that is over goes on with those that are wanted`(
    _ tenants: RolloutResumption.Tenants, _ actions: [String]
  ) throws {
    var script = Script(RolloutLimits(concurrency: 3, stages: [4], maxFailures: 2))
    _ = script.apply(.start)
    for index in 0...2 { _ = script.apply(.tenantBegan(index, run: Script.run(index))) }
    _ = script.apply(.tenantEnded(0, .succeeded), at: 1)
    _ = script.apply(.cancel, at: 1)
    _ = script.apply(.tenantEnded(1, .failed), at: 1)
    _ = script.apply(.tenantEnded(2, .inDoubt), at: 1)
    _ = script.apply(.tenantNotStarted(3), at: 1)
    #expect(script.machine.state.result?.outcome == .inDoubt)
    var resumed = try script.resumed([.succeeded, .failed, .inDoubt, .notStarted], tenants, at: 5)
    #expect(resumed.apply(.start, at: 5) == actions)
    guard tenants == .unsuccessful else { return }
    #expect(
      resumed.apply(.tenantBegan(2, run: Script.run(2)), at: 5) == ["resume 1", "begin 3"],
      "a vote may be open about the tenant in doubt, which comes first")
  }
}

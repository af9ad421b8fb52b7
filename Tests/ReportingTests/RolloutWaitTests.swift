import Events
import Randomness
import Testing

@testable import Reporting

/// How long a rollout may wait for votes of a minute each.
@Suite struct RolloutWaitTests {
  struct Case: Sendable {
    /// How many votes each tenant has.
    var votes: [Int]
    var stages: [Int]
    var concurrency = 2
    var votesAtOnce: Int?
    var minutes: Double
  }

  @Test(arguments: [
    Case(votes: [], stages: [], minutes: 0),
    Case(votes: [0, 0, 0], stages: [3], minutes: 0),
    // Rounds of two.
    Case(votes: [1, 1, 1, 1, 1], stages: [5], minutes: 3),
    // Tenants without votes take no slot for long.
    Case(votes: [1, 0, 0, 1, 0], stages: [5], minutes: 1),
    // Each stage waits for the one before.
    Case(votes: [1, 1, 1, 1, 1], stages: [1, 2, 5], minutes: 4),
    Case(votes: [1, 1], stages: [1, 1, 2], minutes: 2),
    Case(votes: [1, 1, 1, 1], stages: [4], votesAtOnce: 1, minutes: 4),
    Case(votes: [1, 1, 1, 1], stages: [4], concurrency: 1, votesAtOnce: 3, minutes: 4),
    // No more than (sum + longest) / 2.
    Case(votes: [6, 1, 1], stages: [3], minutes: 7),
    // With fewer slots than tenants at once, the votes of one tenant may wait for those of others.
    Case(votes: [2, 2, 2, 2], stages: [4], concurrency: 4, votesAtOnce: 2, minutes: 5),
    Case(votes: [3, 3], stages: [2], concurrency: 2, votesAtOnce: 6, minutes: 3),
    Case(votes: [1, 1, 1], stages: [3], concurrency: 10_000, minutes: 1),
  ])
  func `the longest wait follows from stages and limits`(_ it: Case) {
    let tenants = it.votes.map {
      TenantOutline(SampleRolloutPlan.plan("+ a call x", votes: $0))
    }
    let heading = SampleRolloutPlan.heading(
      it.stages, concurrency: it.concurrency, votesAtOnce: it.votesAtOnce)
    let expected = RolloutWait(votes: .seconds(it.minutes * 60), bake: .zero, approvals: 0)
    #expect(RolloutWait(tenants, heading) == expected)
  }

  @Test(arguments: UInt64(0)..<200)
  func `no order of the tenants waits longer`(seed: UInt64) {
    var generator = SplitMix(seed: seed)
    let votes = (0..<8).map { _ in Int.random(in: 0...4, using: &generator) }
    let slots = Int.random(in: 1...4, using: &generator)
    var ends = Array(repeating: 0, count: slots)
    var stage = StageWait()
    for count in votes {
      ends.sort()
      ends[0] += count
      stage.add(TenantOutline(SampleRolloutPlan.plan("+ a call x", votes: count)))
    }
    let longest = stage.longest(concurrency: slots, votesAtOnce: nil) ?? .zero
    #expect(longest >= .seconds(60 * (ends.max() ?? 0)))
  }

  @Test(
    arguments: [
      (RolloutWait(votes: .zero, bake: .zero, approvals: 0), nil),
      (RolloutWait(votes: .seconds(60), bake: .zero, approvals: 0), "60 s for votes"),
      (
        RolloutWait(votes: .seconds(3600), bake: .seconds(600), approvals: 1),
        "1 h 10 min: 1 h for votes, 10 min between stages, 1 approval for a time without a limit"
      ),
      (
        RolloutWait(votes: nil, bake: .seconds(600), approvals: 0),
        "votes for a time that is not known, 10 min between stages"
      ),
      (
        RolloutWait(votes: .zero, bake: .zero, approvals: 2),
        "2 approvals for a time without a limit"
      ),
    ] as [(RolloutWait, String?)])
  func `a wait names its parts`(wait: RolloutWait, text: String?) {
    #expect(wait.text == text)
  }

  @Test func `a vote without a limit leaves the wait open`() {
    var plan = SampleRolloutPlan.plan("+ a call x", votes: 1)
    plan.votes[0].worstWait = nil
    var heading = SampleRolloutPlan.heading([1, 2])
    heading.bake = .seconds(60)
    heading.gate = "rollout.failed == 0"
    let wait = RolloutWait([TenantOutline(plan), TenantOutline(plan)], heading)
    #expect(wait == RolloutWait(votes: nil, bake: .seconds(60), approvals: 0))
  }
}

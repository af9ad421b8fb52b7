import Events
import Expressions
import Hosting
import Journaling
import Operations
import Rollouts
import Simulation
import Synchronization
import Testing

/// What other processes ask of the one that drives a rollout.
@Suite("Requests to a rollout in progress", .timeLimit(.minutes(20)))
struct RolloutRequestTests {
  private static let gate = StepPath(components: [.step("gate")])

  /// The numbers of the requests that commits say are handled.
  private final class HandledRequests: Sendable {
    private let numbers = Mutex<[Int64]>([])

    var all: [Int64] { numbers.withLock { $0 } }

    func add(_ commit: JournalCommit) {
      numbers.withLock { $0 += commit.handled.map(\.value) }
    }
  }

  @Test func `a pause holds the next tenants back until its end, and each request is handled once`()
    async throws
  {
    var world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [3]))
    let handled = HandledRequests()
    world.tap = {
      handled.add($0)
      return nil
    }
    world.service.hold("t-0")
    let end = try await world.drive { world in
      try await world.log.wait(for: "sent t-0")
      try await world.post(.pause)
      // Changes nothing, and is handled all the same.
      try await world.post(.pause)
      try await world.log.wait(for: "paused")
      world.service.release("t-0")
      try await world.log.wait(for: "ended t-0: succeeded")
      try await world.clock.sleep(.seconds(10))
      #expect(world.log.count("began t-1") == 0)
      try await world.post(.unpause)
    }
    #expect(end == RolloutDriverTests.finished(.succeeded, [.succeeded: 3]))
    #expect(
      try await world.words
        == ["started", "stage 1 up to 3", "paused", "unpaused", "proved 1", "finished"])
    #expect(handled.all == [1, 2, 3])
  }

  @Test func `a cancellation stops what runs, and is handled once`() async throws {
    var world = DrivenRollout(RolloutLimits(concurrency: 2, stages: [4]))
    let handled = HandledRequests()
    world.tap = {
      handled.add($0)
      return nil
    }
    world.service.hold("t-1")
    let end = try await world.drive { world in
      try await world.log.wait(for: "sent t-1")
      try await world.log.wait(for: "ended t-3: succeeded")
      try await world.post(.cancel)
    }
    #expect(
      end
        == RolloutDriverTests.finished(
          .cancelled, [.succeeded: 3, .cancelled: 1], stop: .cancelled))
    #expect(world.log.words(after: "ended t-1: ") == ["cancelled"])
    #expect(handled.all == [1])
  }

  @Test func `a paused rollout can be cancelled`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [2]))
    world.service.hold("t-0")
    let end = try await world.drive { world in
      try await world.log.wait(for: "sent t-0")
      try await world.post(.pause)
      try await world.log.wait(for: "paused")
      world.service.release("t-0")
      try await world.log.wait(for: "ended t-0: succeeded")
      try await world.post(.cancel)
    }
    #expect(
      end
        == RolloutDriverTests.finished(
          .cancelled, [.succeeded: 1, .notStarted: 1], stop: .cancelled))
  }

  @Test func `an approval starts the next stage, and one that comes too early is passed over`()
    async throws
  {
    var world = DrivenRollout(RolloutLimits(concurrency: 2, stages: [1, 3], gate: .approval))
    let handled = HandledRequests()
    world.tap = {
      handled.add($0)
      return nil
    }
    world.service.hold("t-0")
    let decision = ApprovalDecision(.approved, by: "operator")
    let end = try await world.drive { world in
      try await world.log.wait(for: "sent t-0")
      try await world.post(.decide(Self.gate, decision))
      while handled.all.isEmpty { try await world.clock.sleep(.seconds(1)) }
      world.service.release("t-0")
      try await world.log.wait(for: "approval requested")
      try await world.clock.sleep(.seconds(10))
      #expect(world.log.count("began t-1") == 0)
      try await world.post(.decide(Self.gate, decision))
    }
    #expect(end == RolloutDriverTests.finished(.succeeded, [.succeeded: 3]))
    #expect(handled.all == [1, 2])
    let decided = try await world.events.compactMap { event in
      if case .rollout(.approvalDecided(_, let decision)) = event.kind { decision } else { nil }
    }
    #expect(decided == [decision])
  }

  @Test func `a rejection stops the rollout, which can be continued up to the same question`()
    async throws
  {
    let world = DrivenRollout(RolloutLimits(stages: [1, 2], gate: .approval))
    let end = try await world.drive { world in
      try await world.log.wait(for: "approval requested")
      try await world.post(.decide(Self.gate, ApprovalDecision(.rejected(reason: "not today"))))
    }
    #expect(
      end
        == RolloutDriverTests.finished(
          .failed, [.succeeded: 1, .notStarted: 1], stop: .gateShut(stage: 1)))
    let before = world.log.words.count
    var again = world
    again.whenWaiting = .leave
    #expect(try await again.resume() == .waiting)
    #expect(world.log.words[before...] == ["resumed", "approval requested"])
  }

  @Test
  func `an approval that was left while nobody drove the rollout is found when it is continued`()
    async throws
  {
    var world = DrivenRollout(RolloutLimits(stages: [1, 2], gate: .approval))
    world.whenWaiting = .leave
    #expect(try await world.drive() == .waiting)
    try await world.post(.decide(Self.gate, ApprovalDecision(.approved, by: "operator")))
    #expect(
      try await world.resume() == RolloutDriverTests.finished(.succeeded, [.succeeded: 2]))
  }

  @Test func `a request to a tenant's run is handled by that run alone`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 2, stages: [2]))
    world.service.hold("t-0")
    let end = try await world.drive { world in
      try await world.log.wait(for: "sent t-0")
      try await world.other.post(RunRequest(run: DrivenRollout.run(of: 0), .cancel))
    }
    #expect(
      end == RolloutDriverTests.finished(.cancelled, [.succeeded: 1, .cancelled: 1]))
  }
}

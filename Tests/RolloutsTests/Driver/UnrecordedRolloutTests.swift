import Events
import Journaling
import Operations
import Rollouts
import Simulation
import Synchronization
import Testing

/// A journal that fails in the middle of a rollout.
@Suite("A rollout that cannot be recorded", .timeLimit(.minutes(20)))
struct UnrecordedRolloutTests {
  private static let full = JournalError.noSpace(path: "j", reason: "the disk is full")

  /// What a commit that is to fail has among its events.
  enum FailingEvent: Sendable, CaseIterable {
    case startOfRollout
    case startOfTenant
    case endOfTenant
    case endOfRollout

    func isIn(_ commit: JournalCommit) -> Bool {
      commit.parts.contains { part in
        part.events.contains { event in
          switch (self, event.kind) {
          case (.startOfRollout, .rollout(.started)), (.endOfRollout, .rollout(.finished)): true
          case (.startOfTenant, .runStarted), (.endOfTenant, .runFinished):
            part.run == DrivenRollout.run(of: 1)
          case _: false
          }
        }
      }
    }
  }

  @Test(arguments: [
    (FailingEvent.startOfRollout, 0, [String]()), (.startOfTenant, 2, ["t-0"]),
    (.endOfTenant, 2, ["t-0", "t-1"]), (.endOfRollout, 2, ["t-0", "t-1", "t-2"]),
  ])
  func `nothing more is sent, and the failure says how much of the rollout is recorded`(
    _ event: FailingEvent, _ count: Int, _ sent: [String]
  ) async throws {
    var world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [3]))
    // So that the stage is not proved, and the end is the next event of the rollout.
    world.service.answer("t-2", 422)
    world.tap = { event.isIn($0) ? .unknown(Self.full) : nil }
    let failure = RolloutFailure.unrecorded(Self.full, eventCount: count)
    await #expect(throws: failure) { try await world.drive() }
    #expect(world.log.words(after: "sent ") == sent)
    guard count > 0 else { return }
    #expect(try await world.words == ["started", "stage 1 up to 3"])
    let ended = world.log.words(after: "ended ").map { String($0.prefix { $0 != ":" }) }
    #expect(ended.starts(with: sent), "each run that was driven has an ending")
  }

  @Test func `a journal that is locked for a while is waited for`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 2, stages: [3]))
    world.store.fail(Array(repeating: .lost(.locked(path: "j")), count: 5))
    #expect(
      try await world.drive() == RolloutDriverTests.finished(.succeeded, [.succeeded: 3]))
  }

  @Test func `what is recorded without an answer is found when the rollout is continued`()
    async throws
  {
    var world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [3]))
    let store = world.store
    world.tap = { commit in
      if FailingEvent.endOfTenant.isIn(commit) { store.fail([.unheard(Self.full)]) }
      return nil
    }
    await #expect(throws: RolloutFailure.unrecorded(Self.full, eventCount: 2)) {
      try await world.drive()
    }
    #expect(
      try await world.resume() == RolloutDriverTests.finished(.succeeded, [.succeeded: 3]))
    #expect(world.log.words(after: "sent ") == ["t-0", "t-1", "t-2"])
  }

  @Test func `a rollout that another process took over begins no further tenant`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [3]))
    world.service.hold("t-0")
    let owner = JournalOwner(number: 2, identity: DrivenRollout.identity(2))
    await #expect(throws: RolloutFailure.lost(to: owner)) {
      try await world.drive { world in
        try await world.log.wait(for: "sent t-0")
        world.journal.kill()
        _ = try await world.other.claim(world.rollout)
        world.service.release("t-0")
      }
    }
    #expect(world.log.words(after: "sent ") == ["t-0"])
    #expect(world.log.words(after: "began ") == ["t-0"])
    #expect(try await world.words == ["started", "stage 1 up to 3"])
  }
}

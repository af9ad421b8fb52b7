import EventSamples
import Events
import Hosting
import Journaling
import Operations
import Rollouts
import Simulation
import Synchronization
import Testing

/// A rollout that is left to another process, because this one is about to stop.
@Suite("Leaving a rollout", .timeLimit(.minutes(20)))
struct RolloutDrainTests {
  /// A place for a driver that is made after what calls it.
  private final class Latch: Sendable {
    private let driver = Mutex<RolloutDriver?>(nil)

    func set(_ driver: RolloutDriver) { self.driver.withLock { $0 = driver } }

    func drain() { driver.withLock { $0 }?.drain() }
  }

  /// The rollout goes on where it was left, and each tenant is begun once.
  private static func expectContinued(
    _ world: DrivenRollout, tenants: Int, _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let end = try await world.continueIt()
    #expect(
      end == RolloutDriverTests.finished(.succeeded, [.succeeded: tenants]),
      sourceLocation: location)
    #expect(
      world.log.words(after: "sent ").sorted() == (0..<tenants).map { "t-\($0)" },
      sourceLocation: location)
  }

  @Test func `tenants in progress run to their end, and the others are left for later`()
    async throws
  {
    let world = DrivenRollout(RolloutLimits(concurrency: 2, stages: [5]))
    for tenant in ["t-0", "t-1"] { world.service.hold(tenant) }
    let driver = try world.newDriver()
    let end = try await world.drive(driver) { world in
      for tenant in ["t-0", "t-1"] { try await world.log.wait(for: "sent \(tenant)") }
      driver.drain()
      world.service.release("t-0")
      try await world.log.wait(for: "ended t-0: succeeded")
      try await world.clock.sleep(.seconds(10))
      #expect(world.log.words(after: "sent ").sorted() == ["t-0", "t-1"])
      world.service.release("t-1")
    }
    #expect(end == .left)
    #expect(try await world.words == ["started", "stage 1 up to 5"])
    #expect(world.log.words(after: "began ").sorted() == ["t-0", "t-1"])
    try await Self.expectContinued(world, tenants: 5)
  }

  @Test func `a rollout that waits for an approval is left at once`() async throws {
    let world = DrivenRollout(RolloutLimits(stages: [1, 2], gate: .approval))
    let driver = try world.newDriver()
    let end = try await world.drive(driver) { world in
      try await world.log.wait(for: "approval requested")
      driver.drain()
    }
    #expect(end == .left)
    #expect(try await world.words.last == "approval requested", "nothing is recorded of it")
    #expect(try await world.other.claim(world.rollout).epoch == 1, "it is given back")
  }

  @Test func `a rollout that is paused is left at once`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [2]))
    world.service.hold("t-0")
    let driver = try world.newDriver()
    let end = try await world.drive(driver) { world in
      try await world.log.wait(for: "sent t-0")
      try await world.post(.pause)
      try await world.log.wait(for: "paused")
      world.service.release("t-0")
      try await world.log.wait(for: "ended t-0: succeeded")
      driver.drain()
    }
    #expect(end == .left)
    #expect(try await world.words.last == "paused", "nothing is recorded of it")
    try await world.post(.unpause)
    try await Self.expectContinued(world, tenants: 2)
  }

  @Test func `a tenant whose run is being made does not begin any more`() async throws {
    var world = DrivenRollout(RolloutLimits(concurrency: 3, stages: [3]))
    let latch = Latch()
    world.onRun = { _ in latch.drain() }
    let driver = try world.newDriver()
    latch.set(driver)
    #expect(try await world.drive(driver) == .left)
    #expect(world.log.words(after: "sent ") == [])
    #expect(try await world.other.tenantRuns(of: world.rollout) == [])
    world.onRun = { _ in }
    try await Self.expectContinued(world, tenants: 3)
  }

  @Test func `a run that is being taken up already runs to its end, so that no attempt is lost`()
    async throws
  {
    let retry = RolloutRetry(attempts: 2, backoff: .seconds(40))
    var world = DrivenRollout(RolloutLimits(stages: [1, 2], retry: retry))
    world.service.answer("t-0", 422)
    let latch = Latch()
    world.onRun = { turn in if turn.run != nil { latch.drain() } }
    let driver = try world.newDriver()
    latch.set(driver)
    #expect(try await world.drive(driver) == .left)
    #expect(world.log.words(after: "ended t-0: ") == ["failed", "succeeded"])
    world.onRun = { _ in }
    #expect(
      try await world.continueIt() == RolloutDriverTests.finished(.succeeded, [.succeeded: 2]))
    #expect(world.log.words(after: "sent ").sorted() == ["t-0", "t-0", "t-1"])
  }

  @Test func `a tenant that is refused meanwhile is tried again by whoever continues`()
    async throws
  {
    var world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [1]))
    let latch = Latch()
    world.refusal = { turn in
      latch.drain()
      return TenantRefusal(tenant: "t-0", index: turn.index, reason: "there is no password")
    }
    let driver = try world.newDriver()
    latch.set(driver)
    #expect(try await world.drive(driver) == .left)
    #expect(try await world.words == ["started", "stage 1 up to 1"])
    world.refusal = { _ in nil }
    try await Self.expectContinued(world, tenants: 1)
  }

  @Test func `a rollout whose last tenants were in progress is finished`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 2, stages: [2]))
    world.service.hold("t-1")
    let driver = try world.newDriver()
    let end = try await world.drive(driver) { world in
      for tenant in ["t-0", "t-1"] { try await world.log.wait(for: "sent \(tenant)") }
      driver.drain()
      world.service.release("t-1")
    }
    #expect(end == RolloutDriverTests.finished(.succeeded, [.succeeded: 2]))
    #expect(try await world.words.last == "finished")
  }

  @Test func `a journal that fails meanwhile is a failure all the same`() async throws {
    var world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [2]))
    world.service.hold("t-0")
    let full = JournalError.noSpace(path: "j", reason: "the disk is full")
    world.tap = { commit in
      let isEnd = commit.parts.flatMap(\.events).contains { event in
        if case .runFinished = event.kind { true } else { false }
      }
      return isEnd ? .unknown(full) : nil
    }
    let driver = try world.newDriver()
    await #expect(throws: RolloutFailure.unrecorded(full, eventCount: 2)) {
      _ = try await world.drive(driver) { world in
        try await world.log.wait(for: "sent t-0")
        driver.drain()
        world.service.release("t-0")
      }
    }
  }
}

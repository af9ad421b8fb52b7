import EventSamples
import Events
import Hosting
import Journaling
import Operations
import Rollouts
import Simulation
import Synchronization
import Testing

/// A rollout with everything around it but the program: a host, a journal, and a service.
@Suite("Driving a rollout", .timeLimit(.minutes(20)))
struct RolloutDriverTests {
  /// The end with these numbers of tenants in each state.
  static func finished(
    _ outcome: Outcome, _ states: [TenantState: Int], stop: RolloutStop? = nil
  ) -> RolloutEnd {
    var counts = TenantCounts()
    for (state, count) in states { counts[state] = count }
    return .finished(RolloutResult(outcome: outcome, counts: counts, stop: stop))
  }

  @Test func `a slot is refilled while a slow tenant keeps its own`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 2, stages: [6]))
    world.service.hold("t-0")
    let end = try await world.drive { world in
      // The last one, of which nothing hinders the start but the slow tenant.
      try await world.log.wait(for: "succeeded t-5")
      #expect(world.log.count("succeeded t-0") == 0)
      world.service.release("t-0")
    }
    #expect(end == Self.finished(.succeeded, [.succeeded: 6]))
    #expect(world.service.peak == 2)
    #expect(Set(world.log.words(after: "sent ")).count == 6)
    #expect(world.log.words(after: "sent ").count == 6)
    #expect(
      Set(world.log.words(after: "ended ")) == Set((0..<6).map { "t-\($0): succeeded" }))
    #expect(world.log.words(after: "ended ").count == 6)
  }

  @Test func `the end of a rollout is recorded when its driver returns`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 3, stages: [1, 3]))
    let end = try await world.drive()
    #expect(
      try await world.words
        == ["started", "stage 1 up to 1", "proved 1", "stage 2 up to 3", "proved 2", "finished"])
    #expect(world.log.words.last == "finished", "everything recorded was shown")
    guard case .rollout(.finished(let result))? = try await world.events.last?.kind else {
      Issue.record("the record has no end")
      return
    }
    #expect(end == .finished(result))
  }

  @Test func `no tenant of a stage begins before those of the stage before are recorded as ended`()
    async throws
  {
    let world = DrivenRollout(RolloutLimits(concurrency: 3, stages: [1, 3]))
    _ = try await world.drive()
    let words = world.log.words
    let proved = try #require(words.firstIndex(of: "proved 1"))
    let ended = try #require(words.firstIndex(of: "succeeded t-0"))
    let next = try #require(words.firstIndex(of: "began t-1"))
    #expect(ended < proved && proved < next)
  }

  @Test func `a refused tenant has no run, and the others are not disturbed`() async throws {
    var world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [3]))
    let refusal = TenantRefusal(
      tenant: "t-1", index: 1, reason: "there is no password", hint: "write one")
    world.refusal = { $0.index == 1 ? refusal : nil }
    #expect(try await world.drive() == Self.finished(.failed, [.succeeded: 2, .failed: 1]))
    #expect(world.log.words(after: "sent ") == ["t-0", "t-2"])
    #expect(world.log.words(after: "ended ") == ["t-0: succeeded", "t-2: succeeded"])
    let recorded = try await world.events.compactMap { event in
      if case .rollout(.tenantRefused(let refusal)) = event.kind { refusal } else { nil }
    }
    #expect(recorded == [refusal])
    #expect(try await world.other.tenantRuns(of: world.rollout).map(\.index) == [0, 2])
  }

  @Test func `no tenant begins after the failure that reaches the limit`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [4], maxFailures: 1))
    world.service.answer("t-1", 422)
    #expect(
      try await world.drive()
        == Self.finished(
          .failed, [.succeeded: 1, .failed: 1, .notStarted: 2],
          stop: .failures(count: 1, limit: 1)))
    #expect(world.log.words(after: "sent ") == ["t-0", "t-1"])
  }

  @Test func `a failed tenant is continued after a pause, under the same run`() async throws {
    let retry = RolloutRetry(attempts: 2, backoff: .seconds(40))
    var world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [2], retry: retry))
    world.service.answer("t-0", 422)
    let (turns, clock) = (TurnTimes(), world.clock)
    world.onRun = { turns.add($0, at: clock.now) }
    #expect(try await world.drive() == Self.finished(.succeeded, [.succeeded: 2]))
    #expect(world.log.words(after: "ended t-0: ") == ["failed", "succeeded"])
    let first = turns.times(of: 0)
    #expect(first.count == 2)
    #expect(try #require(first.last) - (try #require(first.first)) >= .seconds(40))
    #expect(try await world.other.tenantRuns(of: world.rollout).map(\.epoch) == [1, 0])
    #expect(world.log.words(after: "began ").sorted() == ["t-0", "t-1"])
  }

  @Test func `a tenant whose lock another run holds is tried again until that run ends`()
    async throws
  {
    var world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [3]))
    let (turns, clock) = (TurnTimes(), world.clock)
    world.onRun = { turns.add($0, at: clock.now) }
    let holder = LockHolder(run: SampleRun.drawn(7), journal: world.other)
    try await holder.take(DrivenRollout.lock("t-1"))
    let end = try await world.drive { world in
      try await world.log.wait(for: "ended t-1: blocked", count: 3)
      // It holds no slot meanwhile.
      try await world.log.wait(for: "ended t-2: succeeded")
      #expect(world.log.count("sent t-1") == 0)
      try await holder.end()
    }
    #expect(end == Self.finished(.succeeded, [.succeeded: 3]))
    #expect(world.log.count("sent t-1") == 1)
    #expect(world.log.words(after: "ended t-1: ").last == "succeeded")
    let times = turns.times(of: 1)
    #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= .seconds(2) })
  }

  @Test func `a tenant that waits for a person is left, and the rollout ends in doubt`()
    async throws
  {
    var world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [2]))
    world.playbook = DrivenRollout.approving
    #expect(try await world.drive() == Self.finished(.inDoubt, [.waiting: 2]))
    #expect(world.log.words(after: "ended ") == ["t-0: waiting", "t-1: waiting"])
    // Whoever approves and continues it finds the runs free.
    #expect(try await world.other.tenantRuns(of: world.rollout).map(\.isDriven) == [false, false])
  }

  @Test func `a rollout that waits for a person is left where that is asked for`() async throws {
    var world = DrivenRollout(RolloutLimits(stages: [1, 2], gate: .approval))
    world.whenWaiting = .leave
    #expect(try await world.drive() == .waiting)
    #expect(
      try await world.words
        == ["started", "stage 1 up to 1", "proved 1", "approval requested"])
    // Nobody owns it: a decision is kept for whoever resumes it.
    let gate = StepPath(components: [.step("gate")])
    try await world.post(.decide(gate, ApprovalDecision(.approved)))
    #expect(try await world.resume() == Self.finished(.succeeded, [.succeeded: 2]))
  }
}

/// Rollouts that are stopped, and continued.
extension RolloutDriverTests {
  @Test func `cancelling the driver cancels what runs, and starts nothing more`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 2, stages: [4]))
    world.service.hold("t-0")
    world.service.hold("t-1")
    let driver = try world.driver(
      RolloutMachine(start: SampleRollout.start(tenants: 4), limits: world.limits),
      RolloutRecord(new: world.rollout, texts: [], limits: RunGroupLimits()))
    let end = try await world.clock.passing {
      async let end = driver.drive()
      try await world.log.wait(for: "sent t-0")
      try await world.log.wait(for: "sent t-1")
      driver.cancel()
      driver.cancel()
      return try await end
    }
    #expect(
      end == Self.finished(.cancelled, [.cancelled: 2, .notStarted: 2], stop: .cancelled))
    #expect(
      try await world.words == ["started", "stage 1 up to 4", "stopping: cancelled", "finished"])
    #expect(world.log.words(after: "sent ").sorted() == ["t-0", "t-1"])
  }

  @Test func `cancelling the task ends nothing, and another process ends every tenant once`()
    async throws
  {
    let world = DrivenRollout(RolloutLimits(concurrency: 2, stages: [1, 4]))
    world.service.hold("t-1")
    await withThrowingTaskGroup(of: RolloutEnd.self) { group in
      group.addTask { try await world.drive() }
      group.addTask {
        try await world.log.wait(for: "succeeded t-3")
        throw CancellationError()
      }
      await #expect(throws: CancellationError.self) { _ = try await group.next() }
      group.cancelAll()
      await #expect(throws: CancellationError.self) { _ = try await group.next() }
    }
    #expect(
      try await world.words
        == ["started", "stage 1 up to 1", "proved 1", "stage 2 up to 4"])
    #expect(world.log.count("cancelled t-1") == 0)
    world.service.release("t-1")

    #expect(try await world.resume() == Self.finished(.succeeded, [.succeeded: 4]))
    #expect(
      world.log.words(after: "succeeded ").sorted() == ["t-0", "t-1", "t-2", "t-3"],
      "each ends once")
    #expect(world.log.words(after: "resumed ") == ["t-1"])
    #expect(
      try await world.words.suffix(3) == ["resumed", "proved 2", "finished"])
  }

  @Test func `continuing with the unsuccessful tenants touches no other`() async throws {
    let world = DrivenRollout(RolloutLimits(concurrency: 1, stages: [3]))
    world.service.answer("t-1", 422)
    #expect(try await world.drive() == Self.finished(.failed, [.succeeded: 2, .failed: 1]))
    let before = world.log.words.count
    #expect(
      try await world.resume(.unsuccessful) == Self.finished(.succeeded, [.succeeded: 3]))
    let again = world.log.words.dropFirst(before)
    #expect(again.filter { $0.hasPrefix("sent ") } == ["sent t-1"])
    #expect(try await world.other.tenantRuns(of: world.rollout).map(\.epoch) == [0, 1, 0])
  }
}

/// When the runs of tenants were asked for.
final class TurnTimes: Sendable {
  private let turns = Mutex<[(index: Int, at: Moment)]>([])

  func add(_ turn: TenantTurn, at moment: Moment) {
    turns.withLock { $0.append((turn.index, moment)) }
  }

  func times(of index: Int) -> [Moment] {
    turns.withLock { $0.filter { $0.index == index }.map(\.at) }
  }
}

/// A run of somebody else, which holds a lock.
struct LockHolder: Sendable {
  let run: RunID
  let journal: SimulatedJournal

  struct Refused: Error {}

  func take(_ lock: String) async throws {
    let start = SampleRollout.tenantStart(
      run, of: SampleRun.drawn(8), 0, name: "other", locks: [lock])
    try await commit(.runStarted(start), after: 0)
  }

  func end() async throws {
    try await commit(.runFinished(RunResult(outcome: .succeeded)), after: 1)
  }

  private func commit(_ kind: RunEvent.Kind, after count: Int) async throws {
    let event = RunEvent(sequence: count, at: Moment(nanoseconds: 0), kind: kind)
    let part = JournalCommit.Part(
      run: run, expected: JournalHead(count: count, digest: []), epoch: 0, events: [event])
    guard case .committed = await journal.commit(JournalCommit([part])) else { throw Refused() }
  }
}

import EventSamples
import Events
import Hosting
import Journaling
import Operations
import Rollouts
import Simulation
import Testing

/// A rollout that a schedule starts.
@Suite("A scheduled rollout", .timeLimit(.minutes(20)))
struct ScheduledRolloutTests {
  private static let due = SampleRun.beginning

  /// The schedule as the ledger knows it.
  private static let state = ScheduleState(
    name: "onboard", definition: "cron: 0 3 * * *", file: "/work/onboard.yaml",
    firstSeen: SampleRun.beginning + .seconds(-3600))

  /// The change that starts the rollout, by the process that has the lease under `epoch`.
  private static func start(_ rollout: RunID, epoch: Int) -> LedgerChange {
    var next = state
    next.version = 2
    next.decidedThrough = due
    next.current = ScheduledRollout(rollout, due: due)
    return LedgerChange(
      by: .daemon(epoch: epoch), to: next,
      ticks: [Tick(due: due, .ran(rollout), decidedAt: due)], rollout: rollout)
  }

  /// A rollout of three tenants that the schedule starts; its process has the lease, and the schedule is known.
  private static func scheduled() async throws -> DrivenRollout {
    var world = DrivenRollout(RolloutLimits(concurrency: 3, stages: [3]))
    guard case .taken(let epoch) = try await world.journal.takeLease(lapsed: nil) else {
      throw DrivenRollout.Unusable()
    }
    let first = LedgerChange(by: .daemon(epoch: epoch), to: state)
    #expect(await world.journal.commit(JournalCommit(first)) == .committed([]))
    world.ledger = [start(world.rollout, epoch: epoch)]
    return world
  }

  @Test func `the verdict is recorded with its first event, and notices with those they are about`()
    async throws
  {
    var world = try await Self.scheduled()
    let commits = CommitLog()
    world.tap = {
      commits.add($0)
      return nil
    }
    world.notices = { event in
      guard case .rollout(.finished) = event.kind else { return [] }
      return [StoredNotice(id: SampleRun.drawn(77), form: [1], due: event.at)]
    }
    #expect(
      try await world.drive() == RolloutDriverTests.finished(.succeeded, [.succeeded: 3]))
    #expect(world.store.ticks(of: "onboard") == world.ledger[0].ticks)
    #expect(world.store.schedule(named: "onboard") == world.ledger[0].state)
    let withLedger = commits.all.filter { !$0.ledger.isEmpty }
    #expect(withLedger.map(\.ledger) == [world.ledger])
    #expect(withLedger[0].parts.flatMap(\.events).contains { $0.sequence == 0 })
    let end = try #require(try await world.events.last)
    #expect(
      world.store.notices == [StoredNotice(id: SampleRun.drawn(77), form: [1], due: end.at)])
    let withNotices = commits.all.filter { !$0.notices.isEmpty }
    #expect(withNotices.count == 1)
    #expect(withNotices[0].parts.flatMap(\.events).contains(end))
  }

  @Test func `a schedule that was paused meanwhile starts nothing`() async throws {
    let world = try await Self.scheduled()
    var paused = Self.state
    paused.version = 2
    paused.pause = SchedulePause(since: Self.due, cause: .person("ann", reason: nil))
    let pause = LedgerChange(by: .person, to: paused)
    #expect(await world.other.commit(JournalCommit(pause)) == .committed([]))
    let error = JournalError.ledgerMoved(schedule: "onboard", rollout: world.rollout)
    await #expect(throws: RolloutFailure.unrecorded(error, eventCount: 0)) {
      try await world.drive()
    }
    try await Self.expectNothing(of: world)
  }

  @Test func `a process that lost the lease starts nothing`() async throws {
    let world = try await Self.scheduled()
    guard case .held(let sight) = try await world.other.takeLease(lapsed: nil) else {
      throw DrivenRollout.Unusable()
    }
    #expect(try await world.other.takeLease(lapsed: sight) == .taken(epoch: 2))
    let owner = JournalOwner(number: 2, identity: DrivenRollout.identity(2))
    let error = JournalError.leaseLost(rollout: world.rollout, to: owner)
    await #expect(throws: RolloutFailure.unrecorded(error, eventCount: 0)) {
      try await world.drive()
    }
    try await Self.expectNothing(of: world)
  }

  /// Neither the rollout nor a run of it is recorded, and nothing was sent.
  private static func expectNothing(
    of world: DrivenRollout, _ location: SourceLocation = #_sourceLocation
  ) async throws {
    #expect(world.log.words(after: "sent ") == [], sourceLocation: location)
    #expect(world.log.words(after: "began ") == [], sourceLocation: location)
    #expect(world.store.ticks(of: "onboard") == [], sourceLocation: location)
    #expect(
      try await world.other.tenantRuns(of: world.rollout) == [], sourceLocation: location)
    await #expect(
      throws: JournalError.unknownRun(prefix: world.rollout.text), sourceLocation: location
    ) { try await world.events }
  }
}

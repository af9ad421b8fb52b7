import Events
import Journaling
import Operations
import Simulation
import Testing

/// What every journal must do so that one process at a time acts on schedules.
@Suite("Every journal's lease") struct LeaseConformanceTests {
  private static let first = SampleLedger.first()

  private static func sight(
    _ attempt: LeaseAttempt, _ location: SourceLocation = #_sourceLocation
  ) throws -> LeaseSight {
    guard case .held(let sight) = attempt else {
      Issue.record("the lease is free", sourceLocation: location)
      throw CancellationError()
    }
    return sight
  }

  @Test(arguments: JournalConformance.allCases)
  func `one process has the lease until it gives it up`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    #expect(try await journals[0].takeLease(lapsed: nil) == .taken(epoch: 1))
    let sight = try Self.sight(await journals[1].takeLease(lapsed: nil))
    #expect(sight.owner?.identity.process == 1 && sight.epoch == 1)
    #expect(try await journals[0].renewLease(epoch: 1))
    #expect(try await journals[1].renewLease(epoch: 1) == false)
    #expect(try await journals[0].renewLease(epoch: 2) == false)
    let renewed = try Self.sight(await journals[1].takeLease(lapsed: nil))
    #expect(renewed != sight && renewed.owner == sight.owner && renewed.epoch == 1)
    // Neither another process nor an earlier epoch gives it up.
    try await journals[1].releaseLease(epoch: 1)
    try await journals[0].releaseLease(epoch: 0)
    #expect(try await journals[1].takeLease(lapsed: nil) == .held(renewed))
    try await journals[0].releaseLease(epoch: 1)
    #expect(try await journals[0].renewLease(epoch: 1) == false)
    #expect(try await journals[1].takeLease(lapsed: nil) == .taken(epoch: 2))
    #expect(try Self.sight(await journals[0].takeLease(lapsed: nil)).owner?.identity.process == 2)
  }

  @Test(arguments: JournalConformance.allCases)
  func `the lease of a process that died is taken at once`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 3)
    defer { withExtendedLifetime(journals) {} }
    #expect(try await journals[0].takeLease(lapsed: nil) == .taken(epoch: 1))
    #expect(try Self.sight(await journals[1].takeLease(lapsed: nil)).epoch == 1)
    try await journals.kill(0)
    #expect(try await journals[2].takeLease(lapsed: nil) == .taken(epoch: 2))
    #expect(try Self.sight(await journals[1].takeLease(lapsed: nil)).epoch == 2)
  }

  @Test(arguments: JournalConformance.allCases)
  func `a process that lives and does not renew its lease loses it to one that watched`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    _ = try await journals[0].takeLease(lapsed: nil)
    SampleLedger.expectCommitted(
      await journals[0].commit(SampleLedger.commit(Self.first, epoch: 1)))
    let seen = try Self.sight(await journals[1].takeLease(lapsed: nil))
    // It was renewed meanwhile: what was seen is over.
    #expect(try await journals[0].renewLease(epoch: 1))
    let sight = try Self.sight(await journals[1].takeLease(lapsed: seen))
    #expect(sight != seen)
    #expect(try await journals[1].takeLease(lapsed: sight) == .taken(epoch: 2))
    // What it decides from now on is refused, and what the new holder decides is not.
    #expect(try await journals[0].renewLease(epoch: 1) == false)
    let next = SampleLedger.next(after: Self.first, decided: 1)
    let start = SampleLedger.start(
      next, epoch: 1, SampleLedger.tick(1, .ran(SampleLedger.rollout)))
    let other = try Self.sight(await journals[0].takeLease(lapsed: nil)).owner
    #expect(other?.identity.process == 2)
    #expect(
      await journals[0].commit(start)
        == .conflict(.leaseLost(rollout: SampleLedger.rollout, to: other)))
    #expect(
      await journals[1].commit(SampleLedger.commit(next, epoch: 1))
        == .conflict(.leaseLost(rollout: nil, to: other)), "an epoch that is over")
    SampleLedger.expectCommitted(
      await journals[1].commit(SampleLedger.commit(next, epoch: 2, [SampleLedger.tick(1)])))
    #expect(try await journals[0].states == [next])
  }

  @Test(arguments: JournalConformance.allCases)
  func `whoever takes its own lease again has it under a higher epoch`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    #expect(try await journals[0].takeLease(lapsed: nil) == .taken(epoch: 1))
    #expect(try await journals[0].takeLease(lapsed: nil) == .taken(epoch: 2))
    #expect(try await journals[0].renewLease(epoch: 1) == false)
    #expect(try await journals[0].renewLease(epoch: 2))
  }

  @Test(arguments: JournalConformance.allCases)
  func `a change without a lease is refused, unless a person makes it`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    #expect(
      await journals[0].commit(SampleLedger.commit(Self.first, epoch: 1))
        == .conflict(.leaseLost(rollout: nil, to: nil)))
    let epoch = try await journals[0].epoch()
    SampleLedger.expectCommitted(
      await journals[0].commit(SampleLedger.commit(Self.first, epoch: epoch)))
    try await journals[0].releaseLease(epoch: epoch)
    let next = SampleLedger.next(after: Self.first)
    #expect(
      await journals[0].commit(SampleLedger.commit(next, epoch: epoch))
        == .conflict(.leaseLost(rollout: nil, to: nil)))
    SampleLedger.expectCommitted(await journals[1].commit(SampleLedger.commit(next)))
    #expect(try await journals[0].states == [next])
  }
}

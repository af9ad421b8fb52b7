import Events
import Journaling
import Operations
import Schedules
import Serving
import Simulation
import Testing

/// Two processes over one journal, and one after the other.
@Suite(.timeLimit(.minutes(20))) struct SchedulerTakeoverTests {
  typealias Daemons = SimulatedDaemons

  @Test func `a second process stands by, and acts as soon as the first one is dead`() async throws
  {
    await Daemons.run { daemons in
      let (first, second) = (daemons.daemon(), daemons.daemon())
      first.serve(Daemons.file())
      second.serve(Daemons.file())
      daemons.pass(.seconds(15))
      #expect(first.events.first == .entered(.acting))
      #expect(second.events == [.entered(.standingBy)])
      first.kill()
      daemons.pass(.seconds(10))
      #expect(second.events.prefix(2) == [.entered(.standingBy), .entered(.acting)])
      #expect(second.ticks.map(\.due) == [Daemons.at(20)])
    }
  }

  @Test
  func `a process that stops renewing is replaced after 20 seconds, and records nothing more`()
    async throws
  {
    await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(preparation: .seconds(60)), of: "nightly")
      first.serve(Daemons.file())
      daemons.pass(.seconds(12))
      // It hangs: nobody hears of it for a while, and its preparation goes on.
      let second = daemons.daemon()
      second.serve(Daemons.file())
      first.hang()
      daemons.pass(.seconds(25))
      #expect(second.events.prefix(2) == [.entered(.standingBy), .entered(.acting)])
      first.goOn()
      daemons.pass(.seconds(60))
      #expect(first.events.last == .entered(.standingBy))
      let rows = daemons.ticks()
      #expect(Set(rows.map(\.due)).count == rows.count)
      #expect(first.ticks.isEmpty)
    }
  }

  @Test func `a rollout that a dead process left is driven on to its end`() async throws {
    try await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(lasts: .seconds(100)), of: "nightly")
      first.serve(Daemons.file())
      daemons.pass(.seconds(12))
      let rollout = try #require(daemons.state()?.current?.rollout)
      first.kill()
      let second = daemons.daemon()
      second.rollouts.set(.init(lasts: .seconds(3)), of: "nightly")
      second.serve(Daemons.file())
      daemons.pass(.seconds(5))
      #expect(
        second.events == [
          .entered(.acting), .resumed(schedule: "nightly", rollout),
          .ended(schedule: "nightly", rollout, .succeeded, TenantCounts()),
        ])
    }
  }

  @Test func `a rollout that a living process drives is watched to its end`() async throws {
    try await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(lasts: .seconds(60)), of: "nightly")
      first.serve(Daemons.file())
      daemons.pass(.seconds(12))
      let rollout = try #require(daemons.state()?.current?.rollout)
      let second = daemons.daemon()
      second.serve(Daemons.file())
      try await first.journal.releaseLease(epoch: 1)
      daemons.pass(.seconds(8))
      let process = OwnerIdentity(process: 1, host: "host", since: Daemons.at(0))
      #expect(
        second.events.contains(.followed(schedule: "nightly", rollout, by: process)))
      #expect(second.ticks.map(\.verdict) == [.skippedOverlap(rollout)])
      daemons.pass(.seconds(52))
      #expect(
        second.events.contains(.ended(schedule: "nightly", rollout, .succeeded, TenantCounts())))
      #expect(
        first.events.last == .ended(schedule: "nightly", rollout, .succeeded, TenantCounts()))
    }
  }

  @Test func `a rollout that was over before anybody saw it is accounted for`() async throws {
    try await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(lasts: .seconds(3)), of: "nightly")
      first.serve(Daemons.file())
      daemons.pass(.seconds(12))
      let rollout = try #require(daemons.state()?.current?.rollout)
      // Its last event is recorded, and what the ledger says of it is not.
      daemons.store.fail([
        .unheard(.noSpace(path: "j", reason: "full")), .lost(.noSpace(path: "j", reason: "full")),
      ])
      daemons.pass(.seconds(2))
      #expect(
        await first.ended() == .failed(.unrecorded(rollout, .noSpace(path: "j", reason: "full"))))
      daemons.store.fail([])
      let second = daemons.daemon()
      second.serve(Daemons.file())
      daemons.pass(.seconds(2))
      #expect(
        second.events == [
          .entered(.acting), .ended(schedule: "nightly", rollout, .succeeded, TenantCounts()),
        ])
      #expect(second.rollouts.settled == [rollout])
    }
  }

  @Test func `a rollout that can never be resumed counts as in doubt`() async throws {
    try await Daemons.run { daemons in
      let refusal = ResumeRefusal.impossible("gone", hint: nil)
      let (second, rollout) = try Self.takeOver(daemons, refusal)
      daemons.pass(.seconds(20))
      #expect(
        Self.notResumed(second) == [.notResumed(schedule: "nightly", rollout, refusal, .givesUp)])
      // The id of the simulated notification is that of the rollout.
      #expect(daemons.notices() == [rollout])
      #expect(daemons.state()?.current?.rollout != rollout)
    }
  }

  @Test func `a rollout that is hindered is tried until it can be resumed, ever more rarely`()
    async throws
  {
    try await Daemons.run { daemons in
      let refusal = ResumeRefusal.hindered("broken", hint: "mend")
      let (second, rollout) = try Self.takeOver(daemons, refusal)
      daemons.pass(.seconds(2130))
      let pauses = [30, 60, 120, 240, 480, 600, 600, 600]
      let expected = pauses.map { pause -> DaemonEvent in
        .notResumed(schedule: "nightly", rollout, refusal, .triesAgain(after: .seconds(pause)))
      }
      #expect(Self.notResumed(second) == expected)
      #expect(daemons.state()?.current?.rollout == rollout)
      second.rollouts.set(.init(), of: "nightly")
      daemons.pass(.seconds(600))
      #expect(
        second.events.contains(.ended(schedule: "nightly", rollout, .succeeded, TenantCounts())))
    }
  }

  @Test func `what somebody else continues meanwhile is not waited for`() async throws {
    try await Daemons.run { daemons in
      let (second, rollout) = try Self.takeOver(daemons, .hindered("broken", hint: "mend"))
      daemons.pass(.seconds(1000))
      let command = daemons.command()
      _ = try await command.claim(rollout)
      daemons.pass(.seconds(31))
      let followed = second.events.contains { event in
        if case .followed(_, rollout, let owner) = event { owner.process == 99 } else { false }
      }
      #expect(followed)
    }
  }

  @Test func `a rollout that is cancelled while it is hindered no longer blocks its schedule`()
    async throws
  {
    try await Daemons.run { daemons in
      let hindered = ResumeRefusal.hindered("broken", hint: "mend")
      let (second, rollout) = try Self.takeOver(daemons, hindered)
      daemons.pass(.seconds(1000))
      #expect(daemons.state()?.current?.rollout == rollout)
      let command = daemons.command()
      try await command.post(RunRequest(run: rollout, .cancel))
      daemons.pass(.seconds(31))
      let refusal = ResumeRefusal.impossible(
        "it was cancelled while it could not be continued: broken", hint: nil)
      #expect(
        Self.notResumed(second).last
          == .notResumed(schedule: "nightly", rollout, refusal, .givesUp))
      #expect(daemons.state()?.current?.rollout != rollout)
      // Whoever resumes it later is not cancelled.
      _ = try await command.claim(rollout)
      #expect(try await command.requests(after: .start).requests == [])
    }
  }

  /// A process that takes over from a dead one, and cannot resume its rollout.
  private static func takeOver(
    _ daemons: Daemons, _ refusal: ResumeRefusal
  ) throws -> (SimulatedDaemon, RunID) {
    let first = daemons.daemon()
    first.rollouts.set(.init(lasts: .seconds(100)), of: "nightly")
    first.serve(Daemons.file { $0.window = .seconds(1) })
    daemons.pass(.seconds(12))
    let rollout = try #require(daemons.state()?.current?.rollout)
    first.kill()
    let second = daemons.daemon()
    second.rollouts.set(.init(resumeRefusal: refusal), of: "nightly")
    second.serve(Daemons.file { $0.window = .seconds(1) })
    daemons.pass(.zero)
    return (second, rollout)
  }

  private static func notResumed(_ daemon: SimulatedDaemon) -> [DaemonEvent] {
    daemon.events.filter { if case .notResumed = $0 { true } else { false } }
  }

  @Test func `who stands by is healthy again once the journal answers`() async throws {
    await Daemons.run { daemons in
      let (first, second) = (daemons.daemon(), daemons.daemon())
      first.serve(Daemons.file())
      second.serve(Daemons.file())
      daemons.pass(.seconds(3))
      second.failLease(.locked(path: "j"))
      #expect(!second.isJournalWorking)
      daemons.pass(.seconds(1))
      #expect(second.isJournalWorking)
    }
  }
}

import Events
import Journaling
import Operations
import Schedules
import Serving
import Simulation
import Testing

/// The end of a daemon.
@Suite(.timeLimit(.minutes(20))) struct SchedulerDrainTests {
  typealias Daemons = SimulatedDaemons
  static let full = JournalError.noSpace(path: "j", reason: "full")

  @Test func `a daemon without rollouts in progress ends at once, and gives its lease up`()
    async throws
  {
    await Daemons.run { daemons in
      let first = daemons.daemon()
      first.serve(Daemons.file())
      daemons.pass(.seconds(2))
      first.drain()
      #expect(first.events == [.entered(.acting), .entered(.draining)])
      #expect(await first.ended() == .done)
      let second = daemons.daemon()
      second.serve(Daemons.file())
      #expect(second.events == [.entered(.acting)])
    }
  }

  @Test func `a rollout in progress is left after its tenants, and the next process continues it`()
    async throws
  {
    try await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(lasts: .seconds(100)), of: "nightly")
      first.serve(Daemons.file())
      daemons.pass(.seconds(12))
      let rollout = try #require(daemons.state()?.current?.rollout)
      first.drain()
      #expect(
        first.events.suffix(2) == [.entered(.draining), .left(schedule: "nightly", rollout)])
      #expect(await first.ended() == .done)
      let second = daemons.daemon()
      second.serve(Daemons.file())
      daemons.pass(.seconds(1))
      #expect(
        second.events == [
          .entered(.acting), .resumed(schedule: "nightly", rollout),
          .ended(schedule: "nightly", rollout, .succeeded, TenantCounts()),
        ])
    }
  }

  @Test
  func `another process acts at once, and records the end of what is still driven`() async throws {
    try await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(lasts: .seconds(30), isDeaf: true), of: "nightly")
      first.serve(Daemons.file(), Daemons.file("hourly"))
      daemons.pass(.seconds(12))
      let rollout = try #require(daemons.state()?.current?.rollout)
      let second = daemons.daemon()
      second.serve(Daemons.file(), Daemons.file("hourly"))
      daemons.pass(.seconds(1))
      first.drain()
      daemons.pass(.seconds(2))
      let process = OwnerIdentity(process: 1, host: "host", since: Daemons.at(0))
      #expect(
        second.events.prefix(3) == [
          .entered(.standingBy), .entered(.acting),
          .followed(schedule: "nightly", rollout, by: process),
        ])
      daemons.pass(.seconds(27))
      // The first one has driven it to its end, and the second one knows.
      #expect(await first.ended() == .done)
      #expect(
        second.events.contains(.ended(schedule: "nightly", rollout, .succeeded, TenantCounts())))
      #expect(first.ticks.filter { $0.due > Daemons.at(10) } == [])
      let instants = [10, 20, 30, 40].map { Daemons.at($0) }
      #expect(daemons.store.ticks(of: "hourly").map(\.due) == instants)
      #expect(daemons.ticks().map(\.due) == instants)
    }
  }

  @Test func `a process that stands by and drains does not act any more`() async throws {
    await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(lasts: .seconds(1000), isDeaf: true), of: "nightly")
      first.serve(Daemons.file())
      daemons.pass(.seconds(12))
      first.hang()
      let second = daemons.daemon()
      second.serve(Daemons.file())
      daemons.pass(.seconds(25))
      first.goOn()
      daemons.pass(.seconds(5))
      #expect(first.events.last == .entered(.standingBy))
      first.drain()
      second.kill()
      daemons.pass(.seconds(10))
      #expect(first.events.last == .entered(.draining))
      let third = daemons.daemon()
      third.serve(Daemons.file())
      daemons.pass(.seconds(1))
      #expect(third.events.first == .entered(.acting))
    }
  }

  @Test func `the lease is kept until no start is being prepared`() async throws {
    await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(lasts: .seconds(1000), isDeaf: true), of: "nightly")
      first.rollouts.set(.init(preparation: .seconds(5)), of: "hourly")
      first.serve(Daemons.file(), Daemons.file("hourly"))
      daemons.pass(.seconds(12))
      let second = daemons.daemon()
      second.serve(Daemons.file(), Daemons.file("hourly"))
      first.drain()
      daemons.pass(.seconds(2))
      #expect(second.events == [.entered(.standingBy)])
      daemons.pass(.seconds(3))
      #expect(second.events.contains(.entered(.acting)))
      #expect(daemons.store.ticks(of: "hourly").map(\.due) == [Daemons.at(10)])
      #expect(second.ticks.contains { $0.due == Daemons.at(10) })
    }
  }

  @Test func `what is being prepared is not started any more, and is due for the next process`()
    async throws
  {
    await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(preparation: .seconds(5)), of: "nightly")
      first.serve(Daemons.file())
      daemons.pass(.seconds(12))
      first.drain()
      #expect(await first.ended() == .done)
      #expect(daemons.state()?.current == nil)
      let second = daemons.daemon()
      second.serve(Daemons.file())
      daemons.pass(.seconds(1))
      #expect(second.ticks.map(\.due) == [Daemons.at(10)])
      #expect(second.ticks.first?.verdict.name == "caught-up")
    }
  }

  @Test func `a rollout that does not come to its end is left when the time is over`() async throws
  {
    try await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(lasts: .seconds(1000), isDeaf: true), of: "nightly")
      first.serve(Daemons.file())
      daemons.pass(.seconds(12))
      let rollout = try #require(daemons.state()?.current?.rollout)
      first.drain()
      daemons.pass(.seconds(59))
      #expect(first.end == nil)
      daemons.pass(.seconds(1))
      #expect(first.events.last == .left(schedule: "nightly", rollout))
      #expect(await first.ended() == .done)
    }
  }

  @Test
  func `a start that was recorded without an answer ends the process, and the next resumes it`()
    async throws
  {
    await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(preparation: .seconds(1)), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(10))
      daemons.store.fail([.unheard(Self.full)])
      daemons.pass(.seconds(10))
      #expect(await daemon.ended() == .failed(.unrecorded(nil, Self.full)))
      let next = daemons.daemon()
      next.serve(Daemons.file())
      daemons.pass(.seconds(2))
      #expect(next.events.dropFirst().first?.isResumption == true)
    }
  }

  @Test func `a start that was not recorded is decided anew once the journal works`() async throws {
    await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(preparation: .seconds(1)), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(10))
      daemons.store.fail([.lost(Self.full)])
      daemons.pass(.seconds(30))
      #expect(daemon.events.filter { $0 == .journalFailed(Self.full) }.count == 1)
      #expect(
        daemon.ticks.map(\.due) == [Daemons.at(10), Daemons.at(20), Daemons.at(30)])
      #expect(daemon.end == nil)
    }
  }

  @Test(arguments: [JournalStore.CommitFailure.lost(full), .unheard(full)])
  func `a verdict that the journal does not take is sent until it does`(
    failure: JournalStore.CommitFailure
  ) async throws {
    await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(refusal: StartRefusal("no")), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(9))
      daemons.store.fail([failure])
      daemons.pass(.seconds(8))
      #expect(daemon.ticks.map(\.due) == [Daemons.at(10)])
      #expect(daemons.ticks().map(\.due) == [Daemons.at(10)])
    }
  }

  @Test func `a journal that is gone ends the process`() async throws {
    await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(lasts: .seconds(3)), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(12))
      let replaced = JournalError.replaced(path: "j")
      daemons.store.fail([.lost(replaced)])
      daemons.pass(.seconds(3))
      let ending = await daemon.ended()
      guard case .failed(.unrecorded(_, replaced))? = ending else {
        Issue.record("\(String(describing: ending))")
        return
      }
    }
  }
}

extension DaemonEvent {
  fileprivate var isResumption: Bool {
    if case .resumed = self { true } else { false }
  }
}

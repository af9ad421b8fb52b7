import Events
import Journaling
import Operations
import Schedules
import Serving
import Simulation
import Testing

/// Schedules whose ledgers cannot be used, beside others.
@Suite(.timeLimit(.minutes(20))) struct UnusableLedgerTests {
  typealias Daemons = SimulatedDaemons
  private static let nightly = FlawedSchedule(
    "nightly", .flawedLedger(schedule: "nightly", .alteredState))

  private static func unusable(_ daemon: SimulatedDaemon) -> [DaemonEvent] {
    daemon.events.filter { event in
      switch event {
      case .unusable, .journalFailed: true
      case _: false
      }
    }
  }

  @Test func `a ledger that cannot be used stops no other schedule, and is reported once`()
    async throws
  {
    await Daemons.run { daemons in
      let first = daemons.daemon()
      first.serve(Daemons.file(), Daemons.file("hourly"))
      daemons.pass(.seconds(12))
      first.kill()
      daemons.store.setFlawed(["nightly", "forgotten"])
      let second = daemons.daemon()
      second.serve(Daemons.file(), Daemons.file("hourly"))
      daemons.pass(.seconds(30))
      #expect(Self.unusable(second) == [.unusable([Self.nightly])])
      #expect(second.events.contains(.entered(.acting)))
      let instants = [10, 20, 30, 40].map { Daemons.at($0) }
      #expect(daemons.store.ticks(of: "hourly").map(\.due) == instants)
      #expect(daemons.ticks().map(\.due) == [Daemons.at(10)])
    }
  }

  @Test func `one that is found while the process acts waits until it can be used again`()
    async throws
  {
    await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.serve(Daemons.file(), Daemons.file("hourly"))
      daemons.pass(.seconds(12))
      daemons.store.setFlawed(["nightly"])
      daemons.pass(.seconds(20))
      #expect(Self.unusable(daemon) == [.unusable([Self.nightly])])
      #expect(daemons.ticks().map(\.due) == [Daemons.at(10)])
      #expect(daemons.store.ticks(of: "hourly").count == 3)
      daemons.store.setFlawed([])
      daemons.pass(.seconds(10))
      #expect(Self.unusable(daemon) == [.unusable([Self.nightly]), .unusable([])])
      // What was due meanwhile is caught up.
      let later = daemons.ticks().dropFirst()
      #expect(later.first?.due == Daemons.at(20) && later.last?.through == Daemons.at(40))
    }
  }

  @Test func `who does not act any more says of no ledger that it can be used again`() async throws
  {
    await Daemons.run { daemons in
      let (first, second) = (daemons.daemon(), daemons.daemon())
      first.serve(Daemons.file())
      second.serve(Daemons.file())
      daemons.pass(.seconds(5))
      daemons.store.setFlawed(["nightly"])
      daemons.pass(.seconds(5))
      first.hang()
      daemons.pass(.seconds(30))
      first.goOn()
      daemons.pass(.seconds(5))
      #expect(first.events.last == .entered(.standingBy))
      #expect(Self.unusable(first) == [.unusable([Self.nightly])])
      #expect(Self.unusable(second) == [.unusable([Self.nightly])])
    }
  }

  @Test func `one that a change runs into is set aside`() async throws {
    await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(refusal: StartRefusal("no")), of: "nightly")
      daemon.rollouts.set(.init(preparation: .milliseconds(100)), of: "hourly")
      daemon.serve(Daemons.file(), Daemons.file("hourly"))
      daemons.pass(.milliseconds(9999))
      daemons.store.setFlawed(["nightly", "hourly"])
      daemons.pass(.seconds(20))
      #expect(daemons.ticks() == [] && daemons.store.ticks(of: "hourly") == [])
      let last = Self.unusable(daemon).last
      guard case .unusable(let schedules)? = last else {
        Issue.record("\(String(describing: last))")
        return
      }
      #expect(schedules.map(\.name) == ["hourly", "nightly"])
      let failed = Self.unusable(daemon).filter { event in
        if case .journalFailed = event { true } else { false }
      }
      #expect(failed == [])
      #expect(daemon.end == nil)
    }
  }
}

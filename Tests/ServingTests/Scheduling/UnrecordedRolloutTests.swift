import Events
import Journaling
import Operations
import Schedules
import Serving
import Simulation
import Testing

/// Rollouts that leave no record: they only plan, or look for drift.
@Suite(.timeLimit(.minutes(20))) struct UnrecordedRolloutTests {
  typealias Daemons = SimulatedDaemons

  /// A notification of the process `number`.
  private static func notice(_ number: UInt8) throws -> StoredNotice {
    StoredNotice(
      id: try #require(RunID("3x7v0n5k2p8\(number)")), form: [number], due: Daemons.at(0))
  }

  private static func script(
    _ number: UInt8, lasts: Duration
  ) throws -> ScriptedRollouts.Script {
    .init(lasts: lasts, leavesRecord: false, notices: [try notice(number)])
  }

  @Test func `the notifications about an end are recorded with it, once it can be recorded`()
    async throws
  {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(try Self.script(1, lasts: .seconds(3)), of: "nightly")
      daemon.serve(Daemons.file(leavesRecord: false))
      daemons.pass(.seconds(12))
      #expect(daemons.state()?.current != nil)
      #expect(daemons.notices() == [])
      daemons.store.fail([.lost(.noSpace(path: "j", reason: "full"))])
      daemons.pass(.seconds(2))
      #expect(daemons.state()?.current != nil)
      #expect(daemons.notices() == [])
      daemons.store.fail([])
      daemons.pass(.seconds(5))
      #expect(daemons.state()?.current == nil)
      #expect(try daemons.notices() == [Self.notice(1).id])
    }
  }

  @Test func `a person's change in between takes no notification away`() async throws {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(try Self.script(1, lasts: .milliseconds(2500)), of: "nightly")
      daemon.serve(Daemons.file(leavesRecord: false))
      // The schedule is read each second, so that the pause is not known yet at the end.
      daemons.pass(.milliseconds(12_200))
      try await daemons.pause()
      daemons.pass(.milliseconds(500))
      #expect(daemons.state()?.current == nil)
      #expect(try daemons.notices() == [Self.notice(1).id])
    }
  }

  @Test func `who was replaced notifies of nothing that another process did again`() async throws {
    try await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(try Self.script(1, lasts: .seconds(5)), of: "nightly")
      first.serve(Daemons.file(leavesRecord: false))
      daemons.pass(.seconds(12))
      let second = daemons.daemon()
      second.rollouts.set(try Self.script(2, lasts: .seconds(5)), of: "nightly")
      second.serve(Daemons.file(leavesRecord: false))
      first.hang()
      daemons.pass(.seconds(60))
      first.goOn()
      daemons.pass(.seconds(5))
      #expect(first.events.last == .entered(.standingBy))
      #expect(try daemons.notices() == [Self.notice(2).id])
    }
  }

  @Test func `a rollout that turns out to have started after its process was replaced is stopped`()
    async throws
  {
    try await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(try Self.script(1, lasts: .seconds(300)), of: "nightly")
      first.serve(Daemons.file(leavesRecord: false))
      // Its beginning is recorded, and the process does not hear of that before it asks again.
      daemons.pass(.seconds(9))
      daemons.store.fail([
        .unheard(.noSpace(path: "j", reason: "full")), .lost(.noSpace(path: "j", reason: "full")),
        .lost(.noSpace(path: "j", reason: "full")),
      ])
      daemons.pass(.seconds(8))
      _ = daemons.daemon()
      first.hang()
      daemons.pass(.seconds(30))
      daemons.store.fail([])
      first.goOn()
      daemons.pass(.seconds(10))
      #expect(first.events.contains(.entered(.standingBy)))
      #expect(!first.rollouts.isAnyInProgress)
      #expect(!first.reportsStatesOnStandby)
    }
  }
}

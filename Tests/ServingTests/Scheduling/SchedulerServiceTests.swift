import Events
import Journaling
import Operations
import Schedules
import Serving
import Testing

@Suite(.timeLimit(.minutes(5))) struct SchedulerServiceTests {
  typealias Daemons = SimulatedDaemons

  @Test func `a rollout is started when it is due, and its end is accounted for`() async throws {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(lasts: .seconds(3)), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(12))
      let rollout = try #require(try await daemons.state()?.current?.rollout)
      daemons.pass(.seconds(3))
      let tick = Tick(
        due: Daemons.at(10), .ran(rollout), decidedAt: Daemons.at(10))
      #expect(
        daemon.events == [
          .entered(.acting),
          .started(schedule: "nightly", rollout, planned: Daemons.at(10)),
          .decided(schedule: "nightly", [tick]),
          .ended(schedule: "nightly", rollout, .succeeded, TenantCounts()),
        ])
      #expect(try await daemons.state()?.current == nil)
    }
  }

  @Test func `what cannot be started has a verdict, and what it says`() async throws {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      let refusal = StartRefusal("no such playbook", hint: "write one")
      daemon.rollouts.set(.init(refusal: refusal), of: "nightly")
      daemon.serve(Daemons.file { $0.pauseOnFailure = true })
      daemons.pass(.seconds(12))
      let tick = Tick(
        due: Daemons.at(10), .failedToStart(reason: "no such playbook"), decidedAt: Daemons.at(10))
      let pause = SchedulePause(since: Daemons.at(10), cause: .failure(nil))
      #expect(
        daemon.events == [
          .entered(.acting), .refused(schedule: "nightly", refusal),
          .decided(schedule: "nightly", [tick]), .pauseChanged(schedule: "nightly", pause),
        ])
    }
  }

  @Test func `a pause that a person makes during the preparation wins`() async throws {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(preparation: .seconds(5)), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(12))
      try await daemons.pause()
      daemons.pass(.seconds(10))
      #expect(
        daemon.ticks == [
          Tick(due: Daemons.at(10), .paused, decidedAt: Daemons.at(15)),
          Tick(due: Daemons.at(20), .paused, decidedAt: Daemons.at(20)),
        ])
      #expect(daemons.store.commitCount == 4)
    }
  }

  @Test func `a start that was recorded without an answer ends the process`() async throws {
    try await Daemons.run { daemons in
      let (daemon, full) = (daemons.daemon(), JournalError.noSpace(path: "j", reason: "full"))
      daemon.rollouts.set(.init(preparation: .seconds(1)), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(10))
      daemons.store.fail([.unheard(full)])
      daemons.pass(.seconds(10))
      #expect(daemon.end == .failed(.unrecorded(nil, full)))
      let next = daemons.daemon()
      next.serve(Daemons.file())
      daemons.pass(.seconds(2))
      let rollout = try #require(try await daemons.state()?.current?.rollout)
      #expect(next.events.contains(.resumed(schedule: "nightly", rollout)))
    }
  }

  @Test func `a start that was not recorded is decided anew once the journal works`() async throws {
    try await Daemons.run { daemons in
      let (daemon, full) = (daemons.daemon(), JournalError.noSpace(path: "j", reason: "full"))
      daemon.rollouts.set(.init(preparation: .seconds(1)), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(10))
      daemons.store.fail([.lost(full), .lost(full)])
      daemons.pass(.seconds(40))
      #expect(daemon.events.filter { $0 == .journalFailed(full) }.count == 2)
      #expect(daemon.ticks.map(\.due) == [Daemons.at(10), Daemons.at(20), Daemons.at(30), Daemons.at(40), Daemons.at(50)])
    }
  }
}

extension SimulatedDaemons {
  /// Pauses the schedule `nightly`, as a command does.
  func pause() async throws {
    let command = command()
    var state = try #require(try await state())
    state.version += 1
    state.pause = SchedulePause(since: time.now, cause: .person("ada", reason: nil))
    let outcome = await command.commit(JournalCommit(LedgerChange(by: .person, to: state)))
    #expect(outcome == .committed([]))
  }
}

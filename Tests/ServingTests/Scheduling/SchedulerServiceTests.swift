import Events
import Journaling
import Operations
import Schedules
import Serving
import Simulation
import Testing

@Suite(.timeLimit(.minutes(20))) struct SchedulerServiceTests {
  typealias Daemons = SimulatedDaemons
  static let full = JournalError.noSpace(path: "j", reason: "full")

  @Test func `a rollout is started when it is due, and its end is accounted for`() async throws {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(lasts: .seconds(3)), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(12))
      let rollout = try #require(daemons.state()?.current?.rollout)
      daemons.pass(.seconds(3))
      #expect(
        daemon.events == [
          .entered(.acting),
          .started(schedule: "nightly", rollout, planned: Daemons.at(10)),
          .decided(
            schedule: "nightly",
            [Tick(due: Daemons.at(10), .ran(rollout), decidedAt: Daemons.at(10))], overlap: .skip),
          .ended(schedule: "nightly", rollout, .succeeded, TenantCounts()),
        ])
      #expect(daemons.state()?.current == nil)
    }
  }

  @Test func `what cannot be started has a verdict, and pauses where that is asked for`()
    async throws
  {
    await Daemons.run { daemons in
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
          .decided(schedule: "nightly", [tick], overlap: .skip),
          .pauseChanged(schedule: "nightly", pause),
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
      #expect(daemon.ticks.map(\.due) == [Daemons.at(10), Daemons.at(20)])
      #expect(daemon.ticks.map(\.verdict) == [.paused, .paused])
      #expect(daemon.rollouts.prepared.map(\.due) == [Daemons.at(10)])
    }
  }

  @Test func `a rollout without a record is begun once, and its end is accounted for`()
    async throws
  {
    await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(
        .init(lasts: .seconds(3), outcome: .failed, leavesRecord: false), of: "nightly")
      daemon.serve(Daemons.file(leavesRecord: false))
      daemons.pass(.seconds(14))
      #expect(
        daemon.events == [
          .entered(.acting), .started(schedule: "nightly", nil, planned: Daemons.at(10)),
          .decided(
            schedule: "nightly",
            [Tick(due: Daemons.at(10), .ran(nil), decidedAt: Daemons.at(10))], overlap: .skip),
          .ended(schedule: "nightly", nil, .failed, TenantCounts()),
        ])
    }
  }

  @Test func `a rollout that another due instant cancels makes way for it`() async throws {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(lasts: .seconds(100)), of: "nightly")
      daemon.serve(Daemons.file { $0.overlap = .cancel })
      daemons.pass(.seconds(12))
      let first = try #require(daemons.state()?.current?.rollout)
      daemons.pass(.seconds(10))
      let second = try #require(daemons.state()?.current?.rollout)
      #expect(
        daemon.events.contains(
          .ended(schedule: "nightly", first, .cancelled, TenantCounts())))
      #expect(daemon.ticks.map(\.verdict) == [.ran(first), .ran(second)])
    }
  }

  @Test func `a person's trigger starts a rollout within a second`() async throws {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(2))
      try await daemons.command().trigger("nightly", at: Daemons.at(2), by: "ada")
      daemons.pass(.seconds(1))
      let tick = try #require(daemon.ticks.first)
      #expect(tick.due == Daemons.at(2))
      #expect(tick.verdict == .triggered(tick.verdict.rollout, by: "ada"))
    }
  }

  @Test func `a trigger is answered although a pause came before its answer`() async throws {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(preparation: .seconds(5)), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(2))
      try await daemons.command().trigger("nightly", at: Daemons.at(2), by: "ada")
      daemons.pass(.seconds(3))
      try await daemons.pause()
      daemons.pass(.seconds(12))
      #expect(daemon.ticks.compactMap(\.verdict.person) == ["ada"])
      #expect(daemon.rollouts.prepared.count == 2, "the first start was refused")
    }
  }

  @Test func `the schedule of a file that cannot be read is left as it is`() async throws {
    await Daemons.run { daemons in
      let first = daemons.daemon()
      first.serve(Daemons.file(), Daemons.file("hourly"))
      daemons.pass(.seconds(2))
      first.kill()
      let second = daemons.daemon()
      second.serve(unread: ["/rollouts/nightly.yaml"])
      daemons.pass(.seconds(40))
      #expect(daemons.state()?.isActive == true)
      #expect(daemons.state()?.decidedThrough == Daemons.at(0))
      #expect(daemons.state(of: "hourly")?.isActive == false)
      second.serve(Daemons.file())
      daemons.pass(.seconds(1))
      #expect(second.ticks.last?.verdict.name == "caught-up")
    }
  }

  @Test func `notifications of a verdict are recorded with it`() async throws {
    try await Daemons.run { daemons in
      let notice = StoredNotice(
        id: try #require(RunID("3x7v0n5k2p8q")), form: [1], due: Daemons.at(0))
      let daemon = daemons.daemon { $0.ticks.isEmpty ? [] : [notice] }
      daemon.rollouts.set(.init(refusal: StartRefusal("no")), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(5))
      #expect(daemons.notices() == [])
      daemons.pass(.seconds(6))
      #expect(daemons.notices() == [notice.id])
    }
  }
}

extension SimulatedDaemons {
  /// Pauses the schedule `nightly`, as a command does.
  func pause() async throws {
    let command = command()
    var state = try #require(self.state())
    state.version += 1
    state.pause = SchedulePause(since: time.now, cause: .person("ada", reason: nil))
    let outcome = await command.commit(JournalCommit(LedgerChange(by: .person, to: state)))
    #expect(outcome == .committed([]))
  }
}

extension SimulatedDaemons {
  /// The notifications that wait.
  func notices() -> [RunID] { store.notices.map(\.id) }
}

import Events
import Operations
import Schedules
import Serving
import Testing

/// Rollouts whose tenants wait for decisions of people.
@Suite(.timeLimit(.minutes(20))) struct WaitingRolloutTests {
  typealias Daemons = SimulatedDaemons

  private static let counts = {
    var counts = TenantCounts()
    counts[.waiting] = 2
    return counts
  }()

  @Test func `a rollout whose tenants wait is in progress, and goes on once somebody decided`()
    async throws
  {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(waiting: 2), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(45))
      let rollout = try #require(daemons.state()?.current?.rollout)
      #expect(daemon.rollouts.prepared.count == 1)
      #expect(
        daemon.rolloutEvents == [
          .started(schedule: "nightly", rollout, planned: Daemons.at(10)),
          .waiting(schedule: "nightly", rollout, Self.counts),
        ])
      #expect(
        daemon.ticks.map(\.verdict) == [
          .ran(rollout), .skippedOverlap(rollout), .skippedOverlap(rollout),
          .skippedOverlap(rollout),
        ])
      daemon.rollouts.set(.init(isDecided: true), of: "nightly")
      daemons.pass(.seconds(5))
      #expect(
        daemon.rolloutEvents.suffix(2) == [
          .resumed(schedule: "nightly", rollout),
          .ended(schedule: "nightly", rollout, .succeeded, TenantCounts()),
        ])
      #expect(daemons.state()?.current == nil)
    }
  }

  @Test func `a successor waits for the same decisions`() async throws {
    try await Daemons.run { daemons in
      let first = daemons.daemon()
      first.rollouts.set(.init(waiting: 2), of: "nightly")
      first.serve(Daemons.file())
      daemons.pass(.seconds(15))
      let rollout = try #require(daemons.state()?.current?.rollout)
      first.kill()
      let second = daemons.daemon()
      second.rollouts.set(.init(waiting: 2), of: "nightly")
      second.serve(Daemons.file())
      daemons.pass(.seconds(20))
      #expect(second.rolloutEvents == [.waiting(schedule: "nightly", rollout, Self.counts)])
      second.rollouts.set(.init(isDecided: true), of: "nightly")
      daemons.pass(.seconds(5))
      #expect(
        second.rolloutEvents.suffix(2) == [
          .resumed(schedule: "nightly", rollout),
          .ended(schedule: "nightly", rollout, .succeeded, TenantCounts()),
        ])
    }
  }

  @Test func `what was decided without effect is tried ever more rarely`() async throws {
    await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(waiting: 2, isDecided: true), of: "nightly")
      daemon.serve(Daemons.file())
      daemons.pass(.seconds(10) + .seconds(600))
      let resumed = daemon.rolloutEvents.count { if case .resumed = $0 { true } else { false } }
      #expect((4...8).contains(resumed), "\(resumed)")
    }
  }

  @Test func `an instant that cancels ends the wait`() async throws {
    try await Daemons.run { daemons in
      let daemon = daemons.daemon()
      daemon.rollouts.set(.init(waiting: 2), of: "nightly")
      daemon.serve(Daemons.file { $0.overlap = .cancel })
      daemons.pass(.seconds(15))
      let rollout = try #require(daemons.state()?.current?.rollout)
      daemon.rollouts.set(.init(), of: "nightly")
      daemons.pass(.seconds(20))
      #expect(
        daemon.rolloutEvents.contains(.ended(schedule: "nightly", rollout, .inDoubt, Self.counts)))
      #expect(daemon.rollouts.prepared.count > 1)
    }
  }
}

extension SimulatedDaemon {
  /// What it reported of rollouts.
  fileprivate var rolloutEvents: [DaemonEvent] {
    events.filter { event in
      switch event {
      case .started, .resumed, .waiting, .ended: true
      case _: false
      }
    }
  }
}

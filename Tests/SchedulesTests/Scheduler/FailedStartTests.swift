import Events
import Operations
import Schedules
import Testing

/// What is decided when a rollout cannot be started, action after action.
@Suite("Rollouts that cannot be started") struct FailedStartTests {
  private static let failure = SchedulerInput.notStarted(schedule: "s", reason: "no")

  @Test func `an instant has the reason as its verdict`() {
    var script = SchedulerScript(Schedule(every: .seconds(10)))
    _ = script.tick(10)
    #expect(
      script.apply(Self.failure, at: 11) == ["record v2: [10 failed-to-start (no)] through 10"])
    #expect(script.commit(at: 12) == ["decided [10 failed-to-start (no)]"])
    #expect(
      script.tick(20) == ["start 20 v3: [20 ran unrecorded] through 20 current 20 unrecorded"])
  }

  @Test func `so do all instants that the rollout was to catch up, and no others`() {
    var script = SchedulerScript(Schedule(every: .seconds(100), window: .seconds(250)))
    _ = script.tick(399)
    #expect(
      script.apply(Self.failure, at: 400) == [
        "record v2: [100 skipped-window] [200 failed-to-start (no)] [300 failed-to-start (no)]"
          + " through 300"
      ])
  }

  @Test func `what was queued is not queued any more`() {
    var script = SchedulerScript(Schedule(every: .seconds(10), overlap: .queue)) { state in
      state.queued = SchedulerScript.moment(10)
      state.isDecided(through: 20)
      state.isDoing("a", due: 0)
    }
    _ = script.end("a", at: 21)
    _ = script.commit(at: 21)
    #expect(
      script.apply(Self.failure, at: 22) == ["record v3: [10 failed-to-start (no)] through 20"])
  }

  @Test func `the schedule pauses when it pauses on failure`() {
    var script = SchedulerScript(Schedule(every: .seconds(10), pauseOnFailure: true))
    _ = script.tick(10)
    #expect(
      script.apply(Self.failure, at: 11)
        == ["record v2: [10 failed-to-start (no)] through 10 paused 11"])
    #expect(script.pending?.state.pause?.cause == .failure(nil))
    #expect(script.commit(at: 12) == ["decided [10 failed-to-start (no)]", "paused"])
  }

  @Test func `a refused verdict is decided anew`() {
    var script = SchedulerScript(Schedule(every: .seconds(10)))
    _ = script.tick(10)
    _ = script.apply(Self.failure, at: 11)
    #expect(
      script.refuse(at: 12) { _ in }
        == ["start 10 v3: [10 ran unrecorded] through 10 current 10 unrecorded"])
  }

  @Test func `a rollout that cannot be done again has ended`() {
    var script = SchedulerScript(
      Schedule(every: .seconds(10), pauseOnFailure: true), leavesRecord: false
    ) {
      $0.isDoing(nil, due: 0)
    }
    #expect(script.pending?.ticks == [])
    #expect(script.apply(Self.failure, at: 1) == ["record v2: through 0 paused 1"])
  }

  @Test func `what is given up because the process stops is decided by the next one`() {
    var script = SchedulerScript(Schedule(every: .seconds(10)))
    _ = script.tick(10)
    #expect(script.apply(.drain, at: 11) == [])
    #expect(script.apply(Self.failure, at: 11) == [])
    #expect(script.deadline == "none")
  }
}

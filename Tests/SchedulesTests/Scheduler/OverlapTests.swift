import Events
import Operations
import Schedules
import Testing

/// What is decided about due instants while a rollout is in progress, action after action.
@Suite("Overlapping rollouts") struct OverlapTests {
  private static func script(
    _ overlap: Schedule.Overlap, window: Duration? = nil,
    _ edit: (inout ScheduleState) -> Void = { _ in }
  ) -> SchedulerScript {
    SchedulerScript(Schedule(every: .seconds(10), window: window, overlap: overlap)) { state in
      state.isDoing("a", due: 0)
      edit(&state)
    }
  }

  @Test func `an instant is skipped`() {
    var script = Self.script(.skip)
    #expect(script.tick(10) == ["record v2: [10 skipped-overlap a] through 10 current 0 a"])
    #expect(script.commit(at: 10) == ["decided [10 skipped-overlap a]"])
  }

  @Test func `one instant is queued, and others are skipped`() {
    var script = Self.script(.queue)
    #expect(script.tick(10) == ["record v2: through 10 queued 10 current 0 a"])
    #expect(script.commit(at: 10) == [])
    #expect(
      script.tick(20) == ["record v3: [20 skipped-overlap a] through 20 queued 10 current 0 a"])
    _ = script.commit(at: 20)
    #expect(script.end("a", at: 25) == ["record v4: through 20 queued 10"])
    #expect(
      script.commit(at: 26)
        == ["start 10 v5: [10 ran unrecorded] through 20 current 10 unrecorded"])
    #expect(script.commit("b", at: 27) == ["decided [10 ran b]"])
  }

  @Test func `what is queued starts after a restart, too`() {
    var script = Self.script(.queue) { state in
      state.isDecided(through: 20)
      state.queued = SchedulerScript.moment(10)
    }
    #expect(script.end("a", at: 25) == ["record v2: through 20 queued 10"])
    #expect(
      script.commit(at: 29)
        == ["start 10 v3: [10 ran unrecorded] through 20 current 10 unrecorded"])
  }

  @Test func `what is queued is skipped when its window has passed`() {
    var script = Self.script(.queue, window: .seconds(15))
    _ = script.tick(10)
    _ = script.commit(at: 10)
    _ = script.end("a", at: 25.5)
    #expect(
      script.commit(at: 25.5) == [
        "record v4: [10 skipped-window] through 10"
      ])
    #expect(
      script.commit(at: 25.6) == [
        "decided [10 skipped-window]",
        "start 20 v5: [20 ran unrecorded] through 20 current 20 unrecorded",
      ], "20 was noticed when the end of the rollout was recorded")
  }

  @Test func `a rollout is cancelled once, and the instant is queued`() {
    var script = Self.script(.cancel)
    #expect(script.tick(10) == ["record v2: through 10 queued 10 current 0 a"])
    #expect(script.commit(at: 10) == ["cancel a"])
    #expect(
      script.tick(20) == ["record v3: [20 skipped-overlap a] through 20 queued 10 current 0 a"])
    #expect(script.commit(at: 20) == ["decided [20 skipped-overlap a]"])
    #expect(script.end("a", .cancelled, at: 21) == ["record v4: through 20 queued 10"])
    #expect(
      script.commit(at: 21)
        == ["start 10 v5: [10 ran unrecorded] through 20 current 10 unrecorded"])
  }

  @Test func `a process that takes over cancels what its predecessor was to cancel`() {
    var script = SchedulerScript()
    let schedule = Schedule(every: .seconds(10), overlap: .cancel)
    var state = ScheduleState(
      name: "s", definition: schedule.text, file: "/s", firstSeen: SchedulerScript.moment(0))
    state.isDoing("a", due: 0)
    state.queued = SchedulerScript.moment(10)
    state.isDecided(through: 10)
    _ = script.apply(.files([SchedulerScript.file(schedule)]), at: 12)
    #expect(
      script.act([state], at: 12) == ["resume a", "record v2: through 10 queued 10 current 0 a"])
    #expect(script.commit(at: 12) == ["cancel a"])
  }

  @Test func `what waits while the schedule is paused cancels once it goes on`() {
    var script = SchedulerScript()
    let schedule = Schedule(every: .seconds(10), overlap: .cancel)
    var state = ScheduleState(
      name: "s", definition: schedule.text, file: "/s", firstSeen: SchedulerScript.moment(0))
    state.isDoing("a", due: 0)
    state.queued = SchedulerScript.moment(10)
    state.isDecided(through: 10)
    state.isPaused(since: 11)
    _ = script.apply(.files([SchedulerScript.file(schedule)]), at: 12)
    #expect(script.act([state], at: 12) == ["resume a"])
    #expect(
      script.see(at: 13) { $0.pause = nil } == [
        "goes on", "record v3: through 10 queued 10 current 0 a",
      ])
    #expect(script.commit(at: 13) == ["cancel a"])
  }

  @Test func `nothing is cancelled once the schedule is paused, known or not`() {
    var script = Self.script(.cancel)
    _ = script.tick(10)
    #expect(
      script.refuse(at: 10) { $0.isPaused(since: 9) } == [
        "paused", "record v3: [10 paused] through 10 current 0 a paused 9",
      ])
    #expect(script.commit(at: 10) == ["decided [10 paused]"])
  }

  @Test func `a process whose lease is another's cancels nothing`() {
    var script = Self.script(.cancel)
    _ = script.tick(10)
    #expect(script.apply(.standingBy, at: 70) == [])
    #expect(script.apply(.refused(schedule: "s", nil), at: 70) == [])
  }

  @Test func `the rollout that an instant was skipped for may leave no record`() {
    var script = SchedulerScript(Schedule(every: .seconds(10)), leavesRecord: false)
    _ = script.tick(10)
    #expect(script.commit(at: 10) == ["decided [10 ran unrecorded]"])
    #expect(
      script.tick(20)
        == ["record v3: [20 skipped-overlap unrecorded] through 20 current 10 unrecorded"])
    _ = script.commit(at: 20)
    #expect(script.end(nil, at: 21) == ["record v4: through 20"])
  }

  @Test func `what is queued waits again when the clock is set back before it`() {
    var script = Self.script(.queue)
    _ = script.tick(10)
    _ = script.commit(at: 10)
    _ = script.end("a", at: 4)
    #expect(script.commit(at: 4) == [])
    #expect(script.deadline == "10")
    #expect(
      script.tick(10) == ["start 10 v4: [10 ran unrecorded] through 10 current 10 unrecorded"])
  }
}

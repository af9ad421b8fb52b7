import Events
import Operations
import Schedules
import Testing

/// What is decided while a schedule is paused, action after action.
@Suite("Paused schedules") struct PauseTests {
  private static func schedule(
    _ overlap: Schedule.Overlap = .skip, _ catchUp: Schedule.CatchUp = .one,
    window: Duration? = nil
  ) -> Schedule {
    Schedule(every: .seconds(10), window: window, catchUp: catchUp, overlap: overlap)
  }

  @Test func `instants have their verdict, and go on when the pause is over`() {
    var script = SchedulerScript(Self.schedule())
    #expect(script.see(at: 5) { $0.isPaused(since: 5) } == ["paused"])
    #expect(script.tick(10) == ["record v3: [10 paused] through 10 paused 5"])
    #expect(script.commit(at: 10) == ["decided [10 paused]"])
    #expect(script.see(at: 15) { $0.pause = nil } == ["goes on"])
    #expect(
      script.tick(20) == ["start 20 v5: [20 ran unrecorded] through 20 current 20 unrecorded"])
  }

  @Test(arguments: Schedule.CatchUp.allCases)
  func `neither window nor catch-up matters`(_ catchUp: Schedule.CatchUp) {
    var script = SchedulerScript(Self.schedule(.queue, catchUp, window: .seconds(1))) {
      $0.isPaused(since: 5)
    }
    #expect(script.tick(20) == ["record v2: [10 paused] [20 paused] through 20 paused 5"])
  }

  @Test(arguments: [
    (Schedule.CatchUp.one, "[10 paused]"), (.all, "[10 paused]"), (.none, "[10 missed]"),
  ])
  func `what was due before the pause follows the other rules, and does not start`(
    _ catchUp: Schedule.CatchUp, _ word: String
  ) {
    var script = SchedulerScript(Self.schedule(.skip, catchUp)) { $0.isPaused(since: 15) }
    #expect(
      script.tick(45)
        == ["record v2: \(word) [20 paused] [30 paused] [40 paused] through 40 paused 15"])
  }

  @Test(arguments: [
    (Schedule.Overlap.skip, "[10 skipped-overlap a]"), (.queue, "[10 paused]"),
    (.cancel, "[10 paused]"),
  ])
  func `what was due before the pause is not queued, and cancels nothing`(
    _ overlap: Schedule.Overlap, _ word: String
  ) {
    var script = SchedulerScript(Self.schedule(overlap)) { state in
      state.isPaused(since: 15)
      state.isDoing("a", due: 0)
    }
    #expect(
      script.tick(20) == ["record v2: \(word) [20 paused] through 20 current 0 a paused 15"])
    _ = script.commit(at: 20)
    #expect(script.end("a", at: 21) == ["record v3: through 20 paused 15"])
  }

  @Test func `what is queued is paused when its turn comes`() {
    var script = SchedulerScript(Self.schedule(.queue)) { $0.isDoing("a", due: 0) }
    _ = script.tick(10)
    _ = script.commit(at: 10)
    #expect(script.see(at: 12) { $0.isPaused(since: 12) } == ["paused"])
    _ = script.end("a", at: 13)
    #expect(script.commit(at: 13) == ["record v5: [10 paused] through 10 paused 12"])
  }

  @Test func `what is queued starts when the pause is over before its turn comes`() {
    var script = SchedulerScript(Self.schedule(.queue)) { $0.isDoing("a", due: 0) }
    _ = script.tick(10)
    _ = script.commit(at: 10)
    _ = script.see(at: 12) { $0.isPaused(since: 12) }
    _ = script.see(at: 13) { $0.pause = nil }
    _ = script.end("a", at: 14)
    #expect(
      script.commit(at: 14)
        == ["start 10 v6: [10 ran unrecorded] through 10 current 10 unrecorded"])
  }

  @Test func `a pause wins against a start that is being prepared`() {
    var script = SchedulerScript(Self.schedule())
    #expect(script.tick(10).count == 1)
    #expect(
      script.see(at: 11) { $0.isPaused(since: 11) } == [], "it may be the daemon's own change")
    #expect(
      script.refuse(at: 12) { $0.version -= 1 }
        == ["paused", "record v3: [10 paused] through 10 paused 11"])
  }

  @Test func `a pause that a page shows before the answer is noticed after it`() {
    var script = SchedulerScript(Self.schedule())
    _ = script.tick(10)
    let seen = script.see(at: 11) { state in
      // The daemon's own change, and that of the person after it.
      state.version += 1
      state.isDecided(through: 10)
      state.isDoing("a", due: 10)
      state.isPaused(since: 11)
    }
    #expect(seen == [])
    #expect(script.commit("a", at: 12) == ["decided [10 ran a]", "paused"])
  }

  @Test(arguments: [
    (Outcome.failed, true), (.inDoubt, true), (.cancelled, false), (.succeeded, false),
    (.unchanged, false),
  ])
  func `a schedule pauses after a rollout that does not succeed`(
    _ outcome: Outcome, _ pauses: Bool
  ) {
    var script = SchedulerScript(Schedule(every: .seconds(10), pauseOnFailure: true)) {
      $0.isDoing("a", due: 0)
    }
    let record = "record v2: through 0" + (pauses ? " paused 5" : "")
    #expect(script.end("a", outcome, at: 5) == [record])
    #expect(
      script.pending?.state.pause?.cause == (pauses ? .failure(SchedulerScript.run("a")) : nil))
    #expect(script.commit(at: 6) == (pauses ? ["paused"] : []))
  }

  @Test func `a schedule without pause-on-failure goes on`() {
    var script = SchedulerScript(Self.schedule()) { $0.isDoing("a", due: 0) }
    #expect(script.end("a", .failed, at: 5) == ["record v2: through 0"])
  }

  @Test func `the pause of a person stays when a rollout fails`() {
    var script = SchedulerScript(Schedule(every: .seconds(10), pauseOnFailure: true)) { state in
      state.isDoing("a", due: 0)
      state.isPaused(since: 3)
    }
    #expect(script.end("a", .failed, at: 5) == ["record v2: through 0 paused 3"])
  }
}

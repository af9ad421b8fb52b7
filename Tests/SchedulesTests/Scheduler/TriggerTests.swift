import Events
import Operations
import Schedules
import Testing

/// What is done when a person asks for a rollout, action after action.
@Suite("Triggers") struct TriggerTests {
  private static let tenSeconds = Schedule(every: .seconds(10))

  private static func triggers(_ numbers: Int64...) -> SchedulerInput {
    .ledger([], triggers: numbers.map { SchedulerScript.trigger($0, at: 4) })
  }

  private static let start =
    "start 4 v2: [4 triggered unrecorded by anna] through 0 current 4 unrecorded"

  @Test func `a rollout starts at once, and its trigger is answered in the same change`() {
    var script = SchedulerScript(Self.tenSeconds)
    #expect(script.apply(Self.triggers(7), at: 5) == [Self.start + " answers [7]"])
    #expect(script.commit("a", at: 6) == ["decided [4 triggered a by anna]"])
    #expect(script.apply(Self.triggers(7), at: 7) == [], "the page was read before")
    _ = script.end("a", at: 8)
    #expect(script.commit(at: 8) == [])
  }

  @Test func `a trigger comes before an instant that is due at the same moment`() {
    var script = SchedulerScript(Self.tenSeconds)
    #expect(script.apply(Self.triggers(7), at: 10) == [Self.start + " answers [7]"])
    #expect(
      script.commit("a", at: 11) == [
        "decided [4 triggered a by anna]",
        "record v3: [10 skipped-overlap a] through 10 current 4 a",
      ])
  }

  @Test(arguments: Schedule.Overlap.allCases)
  func `a trigger waits for a rollout in progress, and comes before what is queued`(
    _ overlap: Schedule.Overlap
  ) {
    var script = SchedulerScript(Schedule(every: .seconds(10), overlap: overlap)) { state in
      state.isDoing("a", due: 0)
      state.isDecided(through: 10)
      if overlap == .queue { state.queued = SchedulerScript.moment(10) }
    }
    #expect(script.apply(Self.triggers(7), at: 15) == [])
    _ = script.end("a", at: 16)
    let queued = overlap == .queue ? " queued 10" : ""
    #expect(
      script.commit(at: 17) == [
        "start 4 v3: [4 triggered unrecorded by anna] through 10\(queued) current 4 unrecorded"
          + " answers [7]"
      ])
  }

  @Test func `a rollout starts although the schedule is paused`() {
    var script = SchedulerScript(Self.tenSeconds) { $0.isPaused(since: 1) }
    #expect(script.apply(Self.triggers(7), at: 5) == [Self.start + " paused 1 answers [7]"])
  }

  @Test func `two triggers are answered one after another`() {
    var script = SchedulerScript(Self.tenSeconds)
    #expect(script.apply(Self.triggers(8, 7), at: 5) == [Self.start + " answers [7]"])
    _ = script.commit("a", at: 5)
    #expect(script.apply(Self.triggers(8), at: 5) == [])
    _ = script.end("a", at: 6)
    #expect(
      script.commit(at: 6) == [
        "start 4 v4: [4 triggered unrecorded by anna] through 0 current 4 unrecorded answers [8]"
      ])
  }

  @Test func `triggers whose answer is refused wait only if the ledger says so again`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.apply(Self.triggers(7, 8), at: 5)
    #expect(script.refuse(at: 6) { $0.isPaused(since: 6) } == ["paused"])
    #expect(
      script.apply(Self.triggers(8), at: 7) == [
        "start 4 v3: [4 triggered unrecorded by anna] through 0 current 4 unrecorded paused 6"
          + " answers [8]"
      ])
  }

  @Test func `a schedule whose file is gone keeps its triggers`() {
    var script = SchedulerScript(Self.tenSeconds)
    #expect(script.apply(.files([]), at: 5) == ["record v2: through 5 inactive"])
    #expect(script.commit(at: 5) == [])
    #expect(script.apply(Self.triggers(7), at: 6) == [])
    #expect(
      script.apply(.files([SchedulerScript.file(Self.tenSeconds)]), at: 9)
        == ["record v3: through 9"])
    #expect(
      script.commit(at: 9) == [
        "start 4 v4: [4 triggered unrecorded by anna] through 9 current 4 unrecorded answers [7]"
      ])
  }

  @Test func `a trigger waits while the file cannot be read`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.apply(.files([SchedulerScript.file(nil)]), at: 1)
    #expect(script.apply(Self.triggers(7), at: 2) == [])
    #expect(
      script.apply(.files([SchedulerScript.file(Self.tenSeconds)]), at: 3)
        == [Self.start + " answers [7]"])
  }

  @Test func `a rollout that cannot be started answers its trigger, and names the person`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.apply(Self.triggers(7), at: 5)
    #expect(
      script.apply(.notStarted(schedule: "s", reason: "no tenants"), at: 6) == [
        "record v2: [4 failed-to-start (no tenants) by anna] through 0 answers [7]"
      ])
    #expect(script.commit(at: 6) == ["decided [4 failed-to-start (no tenants) by anna]"])
    #expect(script.apply(Self.triggers(7), at: 7) == [])
  }
}

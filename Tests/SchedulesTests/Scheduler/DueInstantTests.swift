import Events
import Operations
import Schedules
import Testing

/// What is decided about due instants that are noticed in time, action after action.
@Suite("Due instants on time") struct DueInstantTests {
  private static let tenSeconds = Schedule(every: .seconds(10))

  @Test func `a schedule is seen for the first time, and nothing before is due`() {
    var script = SchedulerScript()
    #expect(script.act([], at: 12.5) == [])
    #expect(
      script.apply(.files([SchedulerScript.file(Self.tenSeconds)]), at: 12.5)
        == ["record v1: through 12+500ms"])
    #expect(script.commit(at: 12.6) == [])
    #expect(script.deadline == "20")
  }

  @Test func `a rollout starts when it is due, and its end is recorded`() {
    var script = SchedulerScript(Self.tenSeconds)
    #expect(script.deadline == "10")
    #expect(script.tick(9.9) == [])
    #expect(
      script.tick(10) == ["start 10 v2: [10 ran unrecorded] through 10 current 10 unrecorded"])
    #expect(script.commit("a", at: 11) == ["decided [10 ran a]"])
    #expect(script.end("a", at: 12) == ["record v3: through 10"])
    #expect(script.commit(at: 13) == [])
    #expect(script.deadline == "20")
  }

  @Test(arguments: [
    (40.0, "start 10 v2: [10 ran unrecorded] through 10 current 10 unrecorded"),
    (40.001, "start 10 v2: [10 caught-up unrecorded] through 10 current 10 unrecorded"),
  ])
  func `an instant is on time when it is noticed within 30 seconds`(
    _ seconds: Double, _ action: String
  ) {
    var script = SchedulerScript(Schedule(every: .seconds(100), from: Self.instant(10)))
    #expect(script.tick(seconds) == [action])
  }

  static func instant(_ seconds: Double) -> ScheduledInstant {
    let moment = SchedulerScript.moment(seconds)
    return ScheduledInstant(text: moment.text, moment: moment)
  }

  @Test(arguments: [
    (10.0, "start 10 v2: [10 ran unrecorded] through 10 current 10 unrecorded"),
    (10.001, "start 10 v2: [10 caught-up unrecorded] through 10 current 10 unrecorded"),
  ])
  func `an instant is late when no process acted at that time`(_ since: Double, _ action: String) {
    var script = SchedulerScript()
    let state = ScheduleState(
      name: "s", definition: Self.tenSeconds.text, file: "/s",
      firstSeen: SchedulerScript.moment(0))
    _ = script.act([state], at: since)
    #expect(script.apply(.files([SchedulerScript.file(Self.tenSeconds)]), at: since) == [action])
  }

  @Test func `what is noticed while something is recorded is on time, however long that takes`() {
    var script = SchedulerScript(Schedule(every: .seconds(10), overlap: .queue))
    #expect(script.tick(10).count == 1)
    #expect(script.deadline == "20")
    #expect(script.tick(20) == [])
    #expect(script.tick(30) == [])
    #expect(
      script.commit("a", at: 300) == [
        "decided [10 ran a]", "record v3: [30 skipped-overlap a] through 30 queued 20 current 10 a",
      ], "what is due after 30 is late, and waits")
  }

  @Test func `the clock may be set back: what is decided is not due again`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.tick(10)
    _ = script.commit("a", at: 11)
    _ = script.end("a", at: 12)
    _ = script.commit(at: 12)
    #expect(script.tick(3) == [])
    #expect(script.deadline == "20")
    #expect(script.tick(10) == [])
    #expect(
      script.tick(20) == ["start 20 v4: [20 ran unrecorded] through 20 current 20 unrecorded"])
  }

  @Test func `a process that acts since later, by a clock that was ahead, is on time`() {
    var script = SchedulerScript()
    _ = script.act([], at: 5000)
    _ = script.apply(.files([SchedulerScript.file(Self.tenSeconds)]), at: 21)
    _ = script.commit(at: 21)
    #expect(
      script.tick(30) == ["start 30 v2: [30 ran unrecorded] through 30 current 30 unrecorded"])
  }

  @Test func `instants that are not due any more by the clock wait until they are due again`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.tick(10)
    #expect(script.tick(20) == [])
    #expect(script.tick(15) == [], "the rollout of 10 is being started")
    #expect(script.commit("a", at: 15) == ["decided [10 ran a]"], "20 is not due any more")
    #expect(script.tick(20) == ["record v3: [20 skipped-overlap a] through 20 current 10 a"])
  }

  @Test func `an instant at the end of the schedule is the last`() {
    var script = SchedulerScript(Schedule(every: .seconds(10), until: Self.instant(20)))
    _ = script.tick(10)
    _ = script.commit("a", at: 10)
    #expect(script.tick(20) == ["record v3: [20 skipped-overlap a] through 20 current 10 a"])
    #expect(script.deadline == "none")
    _ = script.commit(at: 20)
    #expect(script.tick(30) == [])
  }

  @Test func `single instants and an interval are due together`() {
    let schedule = Schedule(every: .seconds(100), at: [Self.instant(100), Self.instant(130)])
    var script = SchedulerScript(schedule)
    #expect(script.deadline == "100")
    _ = script.tick(100)
    _ = script.commit("a", at: 100)
    #expect(script.deadline == "130")
    #expect(script.tick(130) == ["record v3: [130 skipped-overlap a] through 130 current 100 a"])
  }
}

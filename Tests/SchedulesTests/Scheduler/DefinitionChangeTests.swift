import Events
import Operations
import Schedules
import Testing

/// What is decided when a rollout file changes, is gone, or cannot be read, action after action.
@Suite("Changed rollout files") struct DefinitionChangeTests {
  private static let tens = Schedule(every: .seconds(10))
  private static let hundreds = Schedule(every: .seconds(100))

  private static func files(_ schedule: Schedule?) -> SchedulerInput {
    .files([SchedulerScript.file(schedule)])
  }

  @Test func `the old definition decides up to the change, and the new one from then on`() {
    var script = SchedulerScript(Self.tens)
    #expect(
      script.apply(Self.files(Self.hundreds), at: 5)
        == ["record v2: through 5 as \(Self.hundreds.text)"])
    _ = script.commit(at: 5)
    #expect(script.deadline == "100")
  }

  @Test func `what is due by the old definition is decided first`() {
    var script = SchedulerScript(Self.tens)
    #expect(
      script.apply(Self.files(Self.hundreds), at: 15)
        == ["start 10 v2: [10 ran unrecorded] through 10 current 10 unrecorded"])
    #expect(
      script.commit("a", at: 101) == [
        "decided [10 ran a]",
        "record v3: through 15 current 10 a as \(Self.hundreds.text)",
      ])
    #expect(
      script.commit(at: 101) == [
        "record v4: [100 skipped-overlap a] through 100 current 10 a"
      ], "by the new one, from 15 on")
  }

  @Test
  func `late instants of the old definition wait for their rollout before the new one counts`() {
    var script = SchedulerScript(Self.tens) { $0.isDoing("a", due: 0) }
    #expect(script.tick(41).isEmpty)
    #expect(script.apply(Self.files(Self.hundreds), at: 45) == [])
    #expect(script.tick(50) == [], "not by the old one any more")
    _ = script.end("a", at: 101)
    #expect(
      script.commit(at: 101) == [
        "start 40 v3: [10 caught-up unrecorded] [20 caught-up unrecorded] [30 caught-up unrecorded]"
          + " [40 caught-up unrecorded] through 40 current 40 unrecorded"
      ])
    #expect(
      script.commit("b", at: 102).last
        == "record v4: through 45 current 40 b as \(Self.hundreds.text)")
  }

  @Test func `a file that is gone for a moment, and cannot be read then, ends nothing`() {
    var script = SchedulerScript(Self.tens)
    _ = script.tick(10)
    _ = script.apply(.files([]), at: 11)
    _ = script.apply(Self.files(nil), at: 12)
    _ = script.commit("a", at: 13)
    #expect(script.apply(Self.files(Self.tens), at: 14) == [])
    #expect(script.deadline == "20")
    #expect(
      script.tick(20) == ["record v3: [20 skipped-overlap a] through 20 current 10 a"])
  }

  @Test func `a second change counts from when it is noticed`() {
    var script = SchedulerScript(Self.tens) { $0.isDoing("a", due: 0) }
    _ = script.tick(41)
    _ = script.apply(Self.files(Self.hundreds), at: 45)
    let other = Schedule(every: .seconds(7))
    #expect(script.apply(Self.files(other), at: 55) == [])
    _ = script.end("a", at: 56)
    #expect(
      script.commit(at: 56) == [
        "start 50 v3: [10 caught-up unrecorded] [20 caught-up unrecorded] [30 caught-up unrecorded]"
          + " [40 caught-up unrecorded] [50 caught-up unrecorded] through 50 current 50 unrecorded"
      ])
    #expect(
      script.commit("b", at: 57).last == "record v4: through 55 current 50 b as \(other.text)")
  }

  @Test func `a file that is moved after a change counts from the change`() {
    var script = SchedulerScript(Self.tens) { $0.isDoing("a", due: 0) }
    _ = script.tick(41)
    _ = script.apply(Self.files(Self.hundreds), at: 45)
    let moved = ScheduledFile(name: "s", file: "/t", schedule: Self.hundreds)
    #expect(script.apply(.files([moved]), at: 55) == [])
    _ = script.end("a", at: 56)
    _ = script.commit(at: 56)
    #expect(
      script.commit("b", at: 57).last
        == "record v4: through 45 current 40 b as \(Self.hundreds.text) in /t")
  }

  @Test func `a change that is taken back leaves the old definition`() {
    var script = SchedulerScript(Self.tens) { $0.isDoing("a", due: 0) }
    _ = script.tick(41)
    _ = script.apply(Self.files(Self.hundreds), at: 45)
    #expect(script.deadline == "none")
    #expect(script.apply(Self.files(Self.tens), at: 48) == [])
    #expect(script.deadline == "50")
  }

  @Test func `a change that is taken back while it is recorded is made again`() {
    var script = SchedulerScript(Self.tens)
    _ = script.apply(Self.files(Self.hundreds), at: 5)
    #expect(script.apply(Self.files(Self.tens), at: 6) == [])
    #expect(script.commit(at: 7) == ["record v3: through 7 as \(Self.tens.text)"])
  }

  @Test func `what is queued stays`() {
    var script = SchedulerScript(Schedule(every: .seconds(10), overlap: .queue)) { state in
      state.isDoing("a", due: 0)
      state.isDecided(through: 10)
      state.queued = SchedulerScript.moment(10)
    }
    #expect(
      script.apply(Self.files(Self.hundreds), at: 15)
        == ["record v2: through 15 queued 10 current 0 a as \(Self.hundreds.text)"])
    _ = script.commit(at: 15)
    _ = script.end("a", at: 16)
    #expect(
      script.commit(at: 16)
        == ["start 10 v4: [10 ran unrecorded] through 15 current 10 unrecorded"])
  }

  @Test func `a file that was moved changes nothing else`() {
    var script = SchedulerScript(Self.tens)
    let moved = ScheduledFile(name: "s", file: "/t", schedule: Self.tens)
    #expect(script.apply(.files([moved]), at: 5) == ["record v2: through 0 in /t"])
    _ = script.commit(at: 5)
    #expect(script.deadline == "10")
  }

  @Test func `a definition that cannot be read any more decides nothing`() {
    var script = SchedulerScript()
    let state = ScheduleState(
      name: "s", definition: "gone", file: "/s", firstSeen: SchedulerScript.moment(0))
    _ = script.act([state], at: 50)
    #expect(
      script.apply(Self.files(Self.tens), at: 55)
        == ["unreadable", "record v2: through 55 as \(Self.tens.text)"])
    _ = script.commit(at: 55)
    #expect(script.deadline == "60")
  }

  @Test func `the same definition may mean other instants, by newer rules of its time zone`() {
    func schedule(_ seconds: Double) -> Schedule {
      Schedule(at: [ScheduledInstant(text: "9999-01-01", moment: SchedulerScript.moment(seconds))])
    }
    var script = SchedulerScript(schedule(50))
    #expect(script.deadline == "50")
    #expect(script.apply(Self.files(schedule(60)), at: 5) == [])
    #expect(script.deadline == "60")
  }
}

/// Files that are gone, and files that nobody can read now.
extension DefinitionChangeTests {
  @Test func `a schedule without a file is not active, and nothing is due until it is back`() {
    var script = SchedulerScript(Self.tens)
    #expect(script.apply(.files([]), at: 5) == ["record v2: through 5 inactive"])
    #expect(script.commit(at: 5) == [])
    #expect(script.deadline == "none")
    #expect(script.tick(30) == [])
    #expect(script.apply(Self.files(Self.tens), at: 47) == ["record v3: through 47"])
    _ = script.commit(at: 47)
    #expect(script.deadline == "50")
  }

  @Test func `a file may be back with another definition`() {
    var script = SchedulerScript(Self.tens)
    _ = script.apply(.files([]), at: 5)
    _ = script.commit(at: 5)
    #expect(
      script.apply(Self.files(Self.hundreds), at: 47)
        == ["record v3: through 47 as \(Self.hundreds.text)"])
  }

  @Test(arguments: [
    (Schedule.CatchUp.one, "failed-to-start (the rollout file is no longer served)"),
    (.all, "failed-to-start (the rollout file is no longer served)"), (.none, "missed"),
  ])
  func `what is due when the file is gone is decided at once`(
    _ catchUp: Schedule.CatchUp, _ verdict: String
  ) {
    var script = SchedulerScript(
      Schedule(every: .seconds(100), window: .seconds(150), catchUp: catchUp))
    #expect(
      script.apply(.files([]), at: 251)
        == ["record v2: [100 skipped-window] [200 \(verdict)] through 251 inactive"])
  }

  @Test func `what is queued does not start when the file is gone`() {
    var script = SchedulerScript(Schedule(every: .seconds(10), overlap: .queue)) { state in
      state.isDoing("a", due: 0)
      state.isDecided(through: 10)
      state.queued = SchedulerScript.moment(10)
    }
    #expect(
      script.apply(.files([]), at: 15) == [
        "record v2: [10 failed-to-start (the rollout file is no longer served)] through 15"
          + " current 0 a inactive"
      ])
    _ = script.commit(at: 15)
    #expect(script.end("a", at: 16) == ["record v3: through 15 inactive"])
  }

  @Test func `a schedule that is not known any more is forgotten`() {
    var script = SchedulerScript()
    _ = script.act([], at: 0)
    _ = script.apply(Self.files(Self.tens), at: 0)
    _ = script.apply(.files([]), at: 1)
    #expect(script.apply(.refused(schedule: "s", nil), at: 2) == [])
    #expect(script.deadline == "none")
  }

  @Test func `nothing is decided while a file cannot be read`() {
    var script = SchedulerScript(Self.tens)
    #expect(script.apply(Self.files(nil), at: 5) == [])
    #expect(script.deadline == "none")
    #expect(script.tick(10) == [])
    #expect(
      script.apply(Self.files(Self.tens), at: 45) == [
        "start 40 v2: [10 caught-up unrecorded] [20 caught-up unrecorded] [30 caught-up unrecorded]"
          + " [40 caught-up unrecorded] through 40 current 40 unrecorded"
      ])
  }

  @Test func `the end of a rollout is recorded although the file cannot be read`() {
    var script = SchedulerScript(Schedule(every: .seconds(10), pauseOnFailure: true)) {
      $0.isDoing("a", due: 0)
    }
    _ = script.apply(Self.files(nil), at: 5)
    #expect(script.end("a", .failed, at: 6) == ["record v2: through 0 paused 6"])
  }
}

import Events
import Operations
import Schedules
import Testing

/// What is decided about due instants that are noticed late, action after action.
@Suite("Late due instants") struct CatchUpTests {
  private static func every(
    _ seconds: Int, _ catchUp: Schedule.CatchUp, window: Duration? = nil,
    overlap: Schedule.Overlap = .skip
  ) -> Schedule {
    Schedule(every: .seconds(seconds), window: window, catchUp: catchUp, overlap: overlap)
  }

  @Test(arguments: [
    (
      Schedule.CatchUp.one,
      "start 200 v2: [100 caught-up unrecorded] [200 caught-up unrecorded] through 200"
        + " current 200 unrecorded"
    ),
    (.all, "start 100 v2: [100 caught-up unrecorded] through 100 current 100 unrecorded"),
    (.none, "record v2: [100 missed] [200 missed] through 200"),
  ])
  func `instants at which no process ran are caught up, or missed`(
    _ catchUp: Schedule.CatchUp, _ action: String
  ) {
    var script = SchedulerScript(Self.every(100, catchUp))
    #expect(script.tick(250) == [action])
  }

  @Test func `one rollout catches up all of them`() {
    var script = SchedulerScript(Self.every(100, .one))
    _ = script.tick(250)
    #expect(script.commit("a", at: 251) == ["decided [100 caught-up a], [200 caught-up a]"])
    #expect(script.tick(300) == ["record v3: [300 skipped-overlap a] through 300 current 200 a"])
  }

  @Test func `rollouts catch up one instant after another, and later ones wait behind them`() {
    var script = SchedulerScript(Self.every(100, .all))
    _ = script.tick(250)
    _ = script.commit("a", at: 251)
    #expect(script.tick(300) == [], "it is on time, and 200 comes first")
    #expect(script.end("a", at: 310) == ["record v3: through 100"])
    #expect(
      script.commit(at: 310)
        == ["start 200 v4: [200 caught-up unrecorded] through 200 current 200 unrecorded"])
    _ = script.commit("b", at: 311)
    _ = script.end("b", at: 320)
    #expect(
      script.commit(at: 320)
        == ["start 300 v6: [300 caught-up unrecorded] through 300 current 300 unrecorded"])
    _ = script.commit("c", at: 320)
    #expect(
      script.tick(400) == ["record v7: [400 skipped-overlap c] through 400 current 300 c"],
      "nothing waits any more")
  }

  @Test func `what is on time joins those that are caught up at the same moment`() {
    var script = SchedulerScript(Self.every(10, .one))
    #expect(
      script.tick(55) == [
        "start 50 v2: [10 caught-up unrecorded] [20 caught-up unrecorded] [30 caught-up unrecorded]"
          + " [40 caught-up unrecorded] [50 caught-up unrecorded] through 50 current 50 unrecorded"
      ])
  }

  @Test func `what is on time starts after those that are missed`() {
    var script = SchedulerScript(Self.every(20, .none))
    #expect(
      script.tick(65) == [
        "start 40 v2: [20 missed] [40 ran unrecorded] through 40 current 40 unrecorded"
      ])
    #expect(
      script.commit("a", at: 66) == [
        "decided [20 missed], [40 ran a]",
        "record v3: [60 skipped-overlap a] through 60 current 40 a",
      ])
  }

  @Test(arguments: [
    (
      Schedule.CatchUp.one,
      "[1…500 ×500 caught-up unrecorded] [501 caught-up unrecorded] … [1500 caught-up unrecorded]"
        + " through 1500 current 1500 unrecorded"
    ),
    (
      .all,
      "[1…500 ×500 missed] [501 caught-up unrecorded] through 501 current 501 unrecorded"
    ),
    (.none, "[1…500 ×500 missed] [501 missed] … [1500 missed] through 1500"),
  ])
  func `of very many instants, the latest 1,000 have a row of their own`(
    _ catchUp: Schedule.CatchUp, _ rows: String
  ) {
    var script = SchedulerScript(
      Schedule(every: .seconds(1), catchUp: catchUp, until: DueInstantTests.instant(1500)))
    let action = script.tick(9999).joined()
    let words = action.split(separator: "v2: ").last.map(String.init) ?? ""
    let parts = words.split(separator: "] [")
    let short =
      parts.count > 3
      ? parts[0] + "] [" + parts[1] + "] … [" + parts[parts.count - 1] : Substring(words)
    #expect(short == rows)
  }

  @Test func `more than 1,000 never wait: the earliest are missed`() {
    var script = SchedulerScript(Self.every(1, .all)) { $0.isDoing("a", due: 0) }
    #expect(
      script.tick(1003) == ["record v2: [1…3 ×3 missed] through 3 current 0 a"])
    #expect(script.commit(at: 1003) == ["decided [1…3 ×3 missed]"])
    #expect(script.tick(1004) == ["record v3: [4 missed] through 4 current 0 a"])
  }

  @Test(arguments: [
    (
      Schedule.CatchUp.one,
      "start 300 v2: [100 skipped-window] [200 caught-up unrecorded] [300 caught-up unrecorded]"
        + " through 300 current 300 unrecorded"
    ),
    (
      .all,
      "start 200 v2: [100 skipped-window] [200 caught-up unrecorded] through 200"
        + " current 200 unrecorded"
    ),
    (.none, "record v2: [100 skipped-window] [200 missed] [300 missed] through 300"),
  ])
  func `the window comes before catching up`(_ catchUp: Schedule.CatchUp, _ action: String) {
    var script = SchedulerScript(Self.every(100, catchUp, window: .seconds(150)))
    #expect(script.tick(350) == [action])
  }

  @Test(arguments: [
    (250.0, "start 200 v2: [100 caught-up unrecorded] [200 caught-up unrecorded] through 200"),
    (250.001, "start 200 v2: [100 skipped-window] [200 caught-up unrecorded] through 200"),
  ])
  func `the window ends exactly`(_ seconds: Double, _ action: String) {
    var script = SchedulerScript(Self.every(100, .one, window: .seconds(150)))
    #expect(script.tick(seconds) == [action + " current 200 unrecorded"])
  }

  @Test func `late instants wait for a rollout in progress, and the window may pass meanwhile`() {
    var script = SchedulerScript(Self.every(100, .one, window: .seconds(150), overlap: .skip)) {
      $0.isDoing("a", due: 0)
    }
    #expect(script.tick(240) == [])
    #expect(script.tick(300) == ["record v2: [100 skipped-window] through 100 current 0 a"])
    #expect(script.commit(at: 300) == ["decided [100 skipped-window]"])
    _ = script.end("a", at: 320)
    #expect(
      script.commit(at: 320) == [
        "start 300 v4: [200 caught-up unrecorded] [300 caught-up unrecorded] through 300"
          + " current 300 unrecorded"
      ])
  }

  @Test func `what is on time behind late instants cancels, and they are caught up together`() {
    var script = SchedulerScript(Self.every(100, .one, overlap: .cancel)) {
      $0.isDoing("a", due: 0)
    }
    #expect(script.tick(150) == [], "what is late waits")
    #expect(script.tick(200) == ["record v2: through 0 current 0 a"], "it still has the lease")
    #expect(script.commit(at: 200) == ["cancel a"])
    #expect(script.tick(300) == [], "once")
    _ = script.end("a", .cancelled, at: 301)
    #expect(
      script.commit(at: 301) == [
        "start 300 v4: [100 caught-up unrecorded] [200 caught-up unrecorded]"
          + " [300 caught-up unrecorded] through 300 current 300 unrecorded"
      ])
  }

  @Test func `a pause that the process learns of late prevents that it cancels`() {
    var script = SchedulerScript(Self.every(100, .one, overlap: .cancel)) {
      $0.isDoing("a", due: 0)
    }
    _ = script.tick(150)
    #expect(script.tick(200) == ["record v2: through 0 current 0 a"])
    #expect(
      script.refuse(at: 200) { $0.isPaused(since: 199) } == [
        "paused", "record v3: [100 paused] [200 paused] through 200 current 0 a paused 199",
      ])
    #expect(script.commit(at: 200) == ["decided [100 paused], [200 paused]"])
  }
}

import Events
import Operations
import Schedules
import Testing

/// When rollouts start that start some time after their due instants, action after action.
@Suite("Delayed starts") struct DelayedStartTests {
  /// Of two instants, 10 seconds apart, the first one's rollout would start after the second one's.
  private struct Pair {
    let schedule: Schedule
    let first: Int
    let starts: [Double]

    init(jitter: Duration = .seconds(100), catchUp: Schedule.CatchUp = .one) throws {
      var schedule = Schedule(
        every: .seconds(10), catchUp: catchUp, overlap: .queue, jitter: jitter)
      func start(_ due: Int) -> Double {
        let delay = schedule.delay(of: SchedulerScript.moment(Double(due)), for: "s")
        return Double(due) + Double(delay.wholeNanoseconds) / 1e9
      }
      let first = try #require(
        stride(from: 10, to: 10_000, by: 10).first { start($0) > start($0 + 10) + 40 })
      schedule.from = DueInstantTests.instant(Double(first))
      schedule.until = DueInstantTests.instant(Double(first) + 10)
      self.schedule = schedule
      self.first = first
      starts = [start(first), start(first + 10)]
    }

    func script() -> SchedulerScript {
      SchedulerScript(schedule) { $0.isDecided(through: Double(first) - 5) }
    }
  }

  @Test func `a rollout starts after its delay, and instants are decided in the order of due`()
    throws
  {
    let pair = try Pair()
    let (first, second) = (pair.first, pair.first + 10)
    var script = pair.script()
    #expect(script.scheduler.nextDeadline == SchedulerScript.moment(pair.starts[0]))
    #expect(script.tick(pair.starts[1]) == [], "it waits for the first")
    #expect(
      script.tick(pair.starts[0])
        == [
          "start \(first) v2: [\(first) ran unrecorded] through \(first) current \(first) unrecorded"
        ],
      "it is not late because of its delay")
    #expect(
      script.commit("a", at: pair.starts[0] + 1)[1...]
        == ["record v3: through \(second) queued \(second) current \(first) a"])
  }

  @Test func `the delay of an instant does not make it late, and 30 seconds after it do`() throws {
    let pair = try Pair()
    var script = pair.script()
    let actions = script.tick(pair.starts[0] + 30.001)
    #expect(
      actions == [
        "start \(pair.first + 10) v2: [\(pair.first) caught-up unrecorded]"
          + " [\(pair.first + 10) caught-up unrecorded] through \(pair.first + 10)"
          + " current \(pair.first + 10) unrecorded"
      ])
  }

  @Test func `what waits for its start waits again when the clock is set back`() throws {
    let pair = try Pair()
    var script = pair.script()
    #expect(script.tick(Double(pair.first) + 1) == [])
    #expect(script.tick(Double(pair.first) - 100) == [])
    #expect(script.scheduler.nextDeadline == SchedulerScript.moment(pair.starts[0]))
    #expect(script.tick(pair.starts[0]).count == 1)
  }

  @Test func `a process that begins to act before the start is in time`() throws {
    let pair = try Pair(catchUp: .none)
    var script = SchedulerScript(pair.schedule, since: pair.starts[0] - 1) {
      $0.isDecided(through: Double(pair.first) - 5)
    }
    #expect(
      script.tick(pair.starts[0]) == [
        "start \(pair.first) v2: [\(pair.first) ran unrecorded] through \(pair.first)"
          + " current \(pair.first) unrecorded"
      ])
  }

  @Test func `a pause that begins before the start keeps the rollout from starting`() throws {
    let pair = try Pair()
    var script = pair.script()
    _ = script.see(at: Double(pair.first) + 5) { $0.isPaused(since: Double(pair.first) + 5) }
    #expect(
      script.tick(pair.starts[0]) == [
        "record v3: [\(pair.first) paused] [\(pair.first + 10) paused] through \(pair.first + 10)"
          + " paused \(pair.first + 5)"
      ])
  }

  @Test func `a changed file starts at once what waits for its delay`() throws {
    let pair = try Pair()
    var script = pair.script()
    let changed = Schedule(every: .seconds(7))
    #expect(
      script.apply(.files([SchedulerScript.file(changed)]), at: Double(pair.first) + 1) == [
        "start \(pair.first) v2: [\(pair.first) ran unrecorded] through \(pair.first)"
          + " current \(pair.first) unrecorded"
      ])
  }
}

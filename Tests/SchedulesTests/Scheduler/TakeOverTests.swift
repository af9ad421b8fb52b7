import Events
import Operations
import Schedules
import Testing

/// Which process acts, and what it does with what others left, action after action.
@Suite("Processes that act on schedules") struct TakeOverTests {
  private static let tenSeconds = Schedule(every: .seconds(10))

  private static func state(_ edit: (inout ScheduleState) -> Void = { _ in }) -> ScheduleState {
    var state = ScheduleState(
      name: "s", definition: tenSeconds.text, file: "/s", firstSeen: SchedulerScript.moment(0))
    edit(&state)
    return state
  }

  private static func standby(leavesRecord: Bool = true) -> SchedulerScript {
    var script = SchedulerScript()
    _ = script.apply(
      .files([SchedulerScript.file(tenSeconds, leavesRecord: leavesRecord)]), at: 0)
    return script
  }

  @Test func `a process that stands by decides nothing`() {
    var script = Self.standby()
    #expect(script.tick(10) == [])
    #expect(script.deadline == "none")
    #expect(
      script.apply(.ledger([Self.state()], triggers: [SchedulerScript.trigger(1, at: 5)]), at: 12)
        == [])
    #expect(
      script.act([Self.state()], at: 15)
        == ["start 10 v2: [10 caught-up unrecorded] through 10 current 10 unrecorded"])
  }

  @Test func `nothing is decided before the files are known`() {
    var script = SchedulerScript()
    #expect(script.act([Self.state()], at: 15) == [])
    #expect(script.deadline == "none")
  }

  @Test func `a rollout of the predecessor is resumed, whatever its file says`() {
    var script = SchedulerScript()
    #expect(script.act([Self.state { $0.isDoing("a", due: 10) }], at: 15) == ["resume a"])
    #expect(script.end("a", at: 16) == ["record v2: through 0"])
  }

  @Test func `the end of another rollout does not matter`() {
    var script = Self.standby()
    #expect(
      script.act([Self.state { $0.isDoing("a", due: 0) }], at: 5) == ["resume a"])
    #expect(script.end("b", at: 6) == [])
    #expect(script.end(nil, at: 6) == [])
    #expect(script.end("a", at: 6) == ["record v2: through 0"])
    #expect(script.end("a", at: 6) == [], "it is being recorded")
  }

  @Test func `a rollout without a record is done again, as the same tick`() {
    var script = Self.standby(leavesRecord: false)
    let state = Self.state { state in
      state.isDoing(nil, due: 10)
      state.isDecided(through: 10)
      state.isPaused(since: 11)
    }
    #expect(
      script.act([state], at: 15)
        == ["start 10 v2: through 10 current 10 unrecorded paused 11"])
    #expect(script.end(nil, at: 16) == [], "the predecessor's")
    #expect(script.commit(at: 17) == [])
    #expect(script.end(nil, at: 18) == ["record v3: through 10 paused 11"])
  }

  @Test func `it is not done again where it would leave a record now`() {
    var script = Self.standby()
    #expect(
      script.act([Self.state { $0.isDoing(nil, due: 0) }], at: 5) == ["record v2: through 0"])
  }

  @Test func `it is not done again where its file is gone`() {
    var script = SchedulerScript()
    _ = script.apply(.files([]), at: 0)
    #expect(
      script.act([Self.state { $0.isDoing(nil, due: 0) }], at: 5)
        == ["record v2: through 5 inactive"])
  }

  @Test func `the epoch of the lease is in every change`() {
    var script = Self.standby()
    _ = script.act([Self.state()], epoch: 7, at: 0)
    _ = script.tick(10)
    #expect(script.pending?.author == .daemon(epoch: 7))
  }

  @Test func `what was decided by a process that stands by now is awaited, and does not count`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.tick(10)
    #expect(script.apply(.standingBy, at: 11) == [])
    #expect(
      script.act([Self.state { $0.isDecided(through: 10) }], epoch: 3, at: 12) == [])
    #expect(script.tick(20) == [], "the answer to the first start is awaited")
    #expect(
      script.apply(.committed(schedule: "s", rollout: SchedulerScript.run("a")), at: 21)
        == ["start 20 v2: [20 ran unrecorded] through 20 current 20 unrecorded"])
  }

  @Test(arguments: [
    SchedulerInput.refused(schedule: "s", nil), .notStarted(schedule: "s", reason: "no"),
    .committed(schedule: "s"),
  ])
  func `answers to a process that stands by do not matter`(_ answer: SchedulerInput) {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.tick(10)
    _ = script.apply(.standingBy, at: 11)
    #expect(script.apply(answer, at: 12) == [])
    #expect(script.act([Self.state { $0.isDecided(through: 10) }], at: 13) == [])
    #expect(script.tick(20).count == 1)
  }

  @Test func `a process that is about to stop starts nothing, and still records ends`() {
    var script = SchedulerScript(Self.tenSeconds) { $0.isDoing("a", due: 0) }
    #expect(script.apply(.drain, at: 1) == [])
    #expect(script.tick(10) == [])
    #expect(script.apply(.ledger([], triggers: [SchedulerScript.trigger(1, at: 2)]), at: 11) == [])
    #expect(script.end("a", at: 12) == ["record v2: through 0"])
    #expect(script.commit(at: 12) == [])
    #expect(script.deadline == "none")
    #expect(script.apply(.files([]), at: 13) == [])
  }

  @Test func `a start that is on its way is recorded although the process is about to stop`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.tick(10)
    _ = script.apply(.drain, at: 11)
    #expect(script.commit("a", at: 12) == ["decided [10 ran a]"])
    #expect(script.end("a", at: 13) == ["record v3: through 10"])
  }

  @Test func `a refused change is decided anew by what the ledger holds`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.tick(10)
    #expect(
      script.refuse(at: 11) { $0.isDecided(through: 10) } == [])
    #expect(script.deadline == "20")
  }

  @Test func `a rollout that is found after a refusal is resumed`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.tick(10)
    let actions = script.refuse(at: 11) { state in
      state.isDecided(through: 10)
      state.isDoing("b", due: 10)
    }
    #expect(actions == ["resume b"])
  }

  @Test func `a schedule that the ledger does not know any more is seen for the first time`() {
    var script = SchedulerScript(Self.tenSeconds)
    _ = script.tick(10)
    #expect(
      script.apply(.refused(schedule: "s", nil), at: 11) == ["record v1: through 11"])
  }

  @Test func `another process saw it first`() {
    var script = SchedulerScript()
    _ = script.act([], at: 5)
    #expect(
      script.apply(.files([SchedulerScript.file(Self.tenSeconds)]), at: 5)
        == ["record v1: through 5"])
    #expect(script.apply(.refused(schedule: "s", Self.state()), at: 6) == [])
    #expect(script.deadline == "10")
  }
}

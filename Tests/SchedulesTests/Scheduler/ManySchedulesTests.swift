import Events
import Operations
import Schedules
import Testing

/// Many schedules in one scheduler: each decides for itself, and only what is due is looked at.
@Suite("Many schedules") struct ManySchedulesTests {
  private static func name(_ number: Int) -> String { "s\(number + 1000)" }

  private static func file(_ number: Int) -> ScheduledFile {
    ScheduledFile(
      name: name(number), file: "/\(number)",
      schedule: Schedule(every: .seconds(1000), from: DueInstantTests.instant(Double(number))))
  }

  private static func scheduler(_ count: Int) -> Scheduler {
    var scheduler = Scheduler { _ in nil }
    let states = (0..<count).map { number in
      ScheduleState(
        name: name(number), definition: file(number).schedule?.text ?? "", file: "/\(number)",
        firstSeen: SchedulerScript.moment(0.5))
    }
    _ = scheduler.apply(.acting(epoch: 1, states), at: SchedulerScript.moment(0.5))
    _ = scheduler.apply(.files((0..<count).map(file)), at: SchedulerScript.moment(0.5))
    return scheduler
  }

  private static func started(_ actions: [SchedulerAction]) -> [String] {
    actions.map { action in
      guard case .start(let start) = action else { return "\(action)" }
      return start.schedule
    }
  }

  @Test func `each starts at its own time`() {
    var scheduler = Self.scheduler(1000)
    for second in 1..<1000 {
      let moment = SchedulerScript.moment(Double(second))
      #expect(scheduler.nextDeadline == moment)
      #expect(Self.started(scheduler.apply(.tick, at: moment)) == [Self.name(second)])
    }
  }

  @Test func `those that are due together start together, in the order of their due instants`() {
    var scheduler = Self.scheduler(100)
    #expect(
      Self.started(scheduler.apply(.tick, at: SchedulerScript.moment(30)))
        == (1...30).map(Self.name))
  }

  @Test func `what one waits for does not keep the others back`() {
    var scheduler = Self.scheduler(3)
    #expect(Self.started(scheduler.apply(.tick, at: SchedulerScript.moment(1))) == [Self.name(1)])
    #expect(Self.started(scheduler.apply(.tick, at: SchedulerScript.moment(2))) == [Self.name(2)])
    let refused = SchedulerInput.refused(schedule: Self.name(1), nil)
    #expect(scheduler.apply(refused, at: SchedulerScript.moment(3)).count == 1)
    #expect(scheduler.nextDeadline == SchedulerScript.moment(1000))
  }

  @Test func `of two files with one name, the first counts`() {
    var scheduler = Self.scheduler(2)
    var other = Self.file(1)
    other.file = "/other"
    let actions = scheduler.apply(
      .files([Self.file(0), Self.file(1), other]), at: SchedulerScript.moment(0.6))
    #expect(actions == [])
  }
}

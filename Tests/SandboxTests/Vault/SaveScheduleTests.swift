import Operations
import Sandbox
import Testing

struct SaveScheduleTests {
  private let start = Moment(nanoseconds: 0)

  @Test func `a state that does not change is never saved`() {
    var schedule = SaveSchedule(every: .seconds(5), since: [1, 2])
    schedule.note([1, 2], at: start)
    #expect(schedule.due == nil)
    let isDue = schedule.take(at: start + .seconds(100))
    #expect(!isDue)
  }

  @Test func `a state that changes all the time is saved once in an interval`() {
    var schedule = SaveSchedule(every: .seconds(5), since: [0])
    var saves: [Int] = []
    for second in 1...20 {
      let now = start + .seconds(second)
      schedule.note([second], at: now)
      if schedule.take(at: now) { saves.append(second) }
    }
    #expect(saves == [6, 12, 18])
  }
}

import Operations
import Schedules
import Testing

/// How much later than its due instant a rollout starts.
@Suite struct JitterTests {
  private static let due = Moment(second: 1_800_000_000)

  /// What versions of this program have always drawn; another number would start a rollout at another time
  /// when the program is updated between an instant and its start.
  @Test(arguments: [
    ("nightly", 0, 64_052), ("nightly", 60, 250_124), ("weekly", 0, 269_981),
  ])
  func `the delay of an instant never changes`(
    name: String, later: Int64, milliseconds: Int
  ) {
    let schedule = Schedule(jitter: .seconds(300))
    let due = Moment(second: Self.due.second + later)
    #expect(schedule.delay(of: due, for: name) == .milliseconds(milliseconds))
  }

  @Test func `delays are less than the jitter, and spread over all of it`() {
    let schedule = Schedule(jitter: .seconds(10))
    let delays = (0..<1000).map {
      schedule.delay(of: Moment(second: Self.due.second + $0 * 60), for: "nightly")
    }
    #expect(delays.allSatisfy { $0 >= .zero && $0 < .seconds(10) })
    for second in 0..<10 {
      let count = delays.count { $0 >= .seconds(second) && $0 < .seconds(second + 1) }
      #expect((60...140).contains(count), "\(second)")
    }
  }

  @Test func `rollouts that are due at once start apart`() {
    let schedule = Schedule(jitter: .seconds(3600))
    let delays = Set((0..<100).map { schedule.delay(of: Self.due, for: "rollout \($0)") })
    #expect(delays.count > 95)
  }

  @Test func `without a jitter there is no delay`() {
    #expect(Schedule().delay(of: Self.due, for: "nightly") == .zero)
    #expect(Schedule(jitter: .nanoseconds(10)).delay(of: Self.due, for: "nightly") == .zero)
  }
}

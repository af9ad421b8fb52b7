import Events
import Operations
import Schedules
import Testing

/// What a person's pause and its end do to the ledger.
@Suite struct PersonChangeTests {
  private static func at(_ second: Int) -> Moment { Moment(nanoseconds: 0) + .seconds(second) }

  private static var state: ScheduleState {
    var state = ScheduleState(name: "a", definition: "d", file: "/a.yaml", firstSeen: at(0))
    state.version = 4
    state.decidedThrough = at(600)
    state.queued = at(540)
    return state
  }

  private static func paused(since second: Int) -> ScheduleState {
    var state = state
    state.pause = SchedulePause(since: at(second), cause: .person("anna", reason: "audit"))
    return state
  }

  private static let minutes = Schedule(every: .seconds(60))

  @Test func `a pause changes nothing else, and is made once`() throws {
    let change = LedgerChange.pausing(Self.state, at: Self.at(601), by: "anna", reason: "audit")
    var expected = Self.paused(since: 601)
    expected.version = 5
    #expect(change == LedgerChange(by: .person, to: expected))
    #expect(change?.expected == 4)
    #expect(LedgerChange.pausing(Self.paused(since: 601), at: Self.at(700), by: "bob") == nil)
  }

  /// The end of a pause, with ticks of those seconds and everything decided through `through`.
  private func end(through: Int = 600, ticks: [Int] = []) -> LedgerChange {
    var state = Self.state
    state.version = 5
    state.decidedThrough = Self.at(through)
    return LedgerChange(
      by: .person, to: state,
      ticks: ticks.map { Tick(due: Self.at($0), .paused, decidedAt: Self.at(800)) })
  }

  @Test func `what was due during a pause gets its verdict when the pause ends`() throws {
    func change(since: Int, _ schedule: Schedule?) -> LedgerChange? {
      LedgerChange.resuming(Self.paused(since: since), schedule, at: Self.at(800))
    }
    #expect(change(since: 601, Self.minutes) == end(through: 800, ticks: [660, 720, 780]))
    #expect(change(since: 660, Self.minutes) == end(through: 800, ticks: [660, 720, 780]))
    #expect(change(since: 500, Self.minutes) == end(through: 800, ticks: [660, 720, 780]))
    // 660 is from before the pause, and its verdict comes first.
    #expect(change(since: 661, Self.minutes) == end())
    #expect(change(since: 601, nil) == end())
    #expect(change(since: 601, Schedule(every: .seconds(3600))) == end(through: 800))
    #expect(LedgerChange.resuming(Self.state, Self.minutes, at: Self.at(800)) == nil)
  }

  @Test func `an instant whose start jitter put into the pause was due during it`() throws {
    var jittered = Self.minutes
    jittered.jitter = .seconds(30)
    let start = Self.at(780) + jittered.delay(of: Self.at(780), for: "a")
    let least = Duration.nanoseconds(1)
    func change(at now: Moment) -> LedgerChange? {
      LedgerChange.resuming(Self.paused(since: 601), jittered, at: now)
    }
    #expect(change(at: start)?.state.decidedThrough == start)
    #expect(change(at: start)?.ticks.map(\.due) == [660, 720, 780].map(Self.at))
    let before = change(at: start + (.zero - least))
    #expect(before?.state.decidedThrough == Self.at(780) + (.zero - least))
    #expect(before?.ticks.map(\.due) == [660, 720].map(Self.at))
  }

  @Test func `nothing is decided of a schedule that is not served, or with a clock set back`() {
    var unserved = Self.paused(since: 601)
    unserved.isActive = false
    var expected = end()
    expected.state.isActive = false
    #expect(LedgerChange.resuming(unserved, Self.minutes, at: Self.at(800)) == expected)
    #expect(
      LedgerChange.resuming(Self.paused(since: 601), Self.minutes, at: Self.at(100)) == end())
  }

  @Test func `a long pause has a row for the latest instants, and one for all earlier`() throws {
    let change = try #require(
      LedgerChange.resuming(Self.paused(since: 601), Self.minutes, at: Self.at(600 + 60 * 1500)))
    let ticks = change.ticks
    #expect(ticks.count == DueInstants.mostLatest + 1)
    #expect(ticks.map(\.count).reduce(0, +) == 1500)
    #expect(ticks.first?.count == 500)
    #expect(ticks.first?.due == Self.at(660))
    #expect(ticks.first?.through == Self.at(600 + 60 * 500))
    #expect(ticks.last?.due == Self.at(600 + 60 * 1500))
    #expect(ticks.allSatisfy { $0.verdict == .paused })
  }
}

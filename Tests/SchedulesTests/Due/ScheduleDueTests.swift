import Operations
import Randomness
import Schedules
import Testing
import TimeZones

/// Intervals, instants, bounds, and several kinds together.
@Suite struct ScheduleDueTests {
  private static func instant(_ text: String) throws -> ScheduledInstant {
    ScheduledInstant(text: text, moment: try Sample.moment(text))
  }

  @Test func `an interval is counted from 1970`() throws {
    let schedule = Schedule(every: .seconds(7 * 3600))
    #expect(
      try schedule.words(after: "1969-01-01T00:00", 3)
        == ["1970-01-01T00:00", "1970-01-01T07:00", "1970-01-01T14:00"])
    #expect(
      try schedule.words(after: "2027-01-01T00:00", 2) == ["2027-01-01T04:00", "2027-01-01T11:00"])
  }

  @Test func `an interval is counted from its beginning, through changes of clocks`() throws {
    let schedule = Schedule(
      every: .seconds(12 * 3600), zone: try Sample.zone("Europe/Stockholm"),
      from: try Self.instant("2027-03-27T05:00"), until: try Self.instant("2027-03-28T17:00"))
    #expect(
      try schedule.words(after: "2020-01-01T00:00", 9)
        == ["2027-03-27T05:00", "2027-03-27T17:00", "2027-03-28T05:00", "2027-03-28T17:00"])
    #expect(
      try schedule.words(after: "2027-03-27T05:00", 1) == ["2027-03-27T17:00"])
  }

  @Test func `bounds belong to what they bound`() throws {
    let schedule = Schedule(
      cron: [try Sample.cron("0 * * * *")], from: try Self.instant("2027-01-01T03:00"),
      until: try Self.instant("2027-01-01T05:00"))
    #expect(
      try schedule.words(after: "2020-01-01T00:00", 9)
        == ["2027-01-01T03:00", "2027-01-01T04:00", "2027-01-01T05:00"])
    #expect(try schedule.next(after: Sample.moment("2027-01-01T05:00")) == nil)
  }

  @Test func `several kinds are united, and equal instants are one`() throws {
    let schedule = Schedule(
      cron: [try Sample.cron("0 */6 * * *"), try Sample.cron("0 */4 * * *")],
      every: .seconds(8 * 3600),
      at: [
        try Self.instant("2027-01-01T11:00"), try Self.instant("2027-01-01T08:00"),
        try Self.instant("2027-01-01T11:00"),
      ])
    #expect(
      try schedule.words(after: "2027-01-01T00:00", 7)
        == [4, 6, 8, 11, 12, 16, 18].map { "2027-01-01T\($0 < 10 ? "0" : "")\($0):00" })
  }

  @Test func `what clocks do to one of several equal instants is kept`() throws {
    let schedule = Schedule(
      cron: [try Sample.cron("0 3 * * *"), try Sample.cron("30 2 * * *")],
      zone: try Sample.zone("Europe/Stockholm"))
    #expect(
      try schedule.words(after: "2027-03-28T00:45", 2)
        == ["2027-03-28T01:00 skipped 2027-03-28T02:30", "2027-03-29T00:30"])
  }

  @Test func `nothing is due without a cron expression, an interval or an instant`() throws {
    let schedule = Schedule()
    #expect(schedule.next(after: Moment(nanoseconds: .min)) == nil)
    #expect(
      schedule.instants(after: Moment(nanoseconds: .min), through: Moment(nanoseconds: .max))
        == DueInstants())
  }

  // MARK: Many

  @Test func `old instants of an interval are only counted`() throws {
    let schedule = Schedule(every: .seconds(1))
    let start = try Sample.moment("2000-01-01T00:00")
    let end = try Sample.moment("2100-01-01T00:00")
    let found = schedule.instants(after: start, through: end)
    let latest = (0..<1000).map { Moment(second: end.second - 999 + $0) }
    #expect(
      found
        == DueInstants(
          earlier: DueInstants.Range(
            first: Moment(second: start.second + 1), last: Moment(second: end.second - 1000),
            count: Int(end.second - start.second) - 1000),
          latest: latest))
  }

  @Test func `instants after the end, and before the start, are none`() throws {
    let schedule = Schedule(every: .seconds(1))
    let start = try Sample.moment("2000-01-01T00:00")
    #expect(schedule.instants(after: start, through: start) == DueInstants())
    #expect(
      schedule.instants(after: start, through: Moment(second: start.second - 10)) == DueInstants())
    #expect(
      schedule.instants(after: start, through: Moment(second: start.second + 1))
        == DueInstants(latest: [Moment(second: start.second + 1)]))
  }

  @Test(arguments: 0..<40)
  func `several instants are those that follow each other`(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let schedule = try Self.schedule(&random)
    let start = Moment(second: Int64.random(in: 0...3_000_000_000, using: &random))
    let end = Moment(second: start.second + Int64.random(in: 0...20_000_000, using: &random))
    var expected: [Moment] = []
    var moment = start
    while let due = schedule.next(after: moment), due.at <= end {
      #expect(due.at > moment)
      expected.append(due.at)
      moment = due.at
    }
    let found = schedule.instants(after: start, through: end)
    #expect(found.count == expected.count)
    #expect(found.latest == expected.suffix(DueInstants.mostLatest))
    #expect(found.earlier?.first == (expected.count > 1000 ? expected.first : nil))
    #expect(found.earlier?.last == expected.dropLast(1000).last)
    #expect(found.earlier?.count == (expected.count > 1000 ? expected.count - 1000 : nil))
  }

  /// Some of the kinds, so that there are more and fewer than 1,000 instants in half a year.
  private static func schedule(_ random: inout SplitMix) throws -> Schedule {
    let crons = ["*/20 * * * *", "0 3 * * MON", "30 2 * * *", "0 */6 L * *", "7 7 7 7 *"]
    var schedule = Schedule(zone: try Sample.zone("Europe/Stockholm"))
    if Bool.random(using: &random) {
      schedule.cron = try crons.shuffled(using: &random).prefix(2).map { try Sample.cron($0) }
    }
    if schedule.cron.isEmpty || Bool.random(using: &random) {
      schedule.every = .seconds(Int64.random(in: 1...30, using: &random) * 1800)
    }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let moment = Moment(second: Int64.random(in: 0...3_000_000_000, using: &random))
      schedule.at.append(ScheduledInstant(text: moment.text, moment: moment))
    }
    if Bool.random(using: &random) {
      let moment = Moment(second: Int64.random(in: 0...2_000_000_000, using: &random))
      schedule.from = ScheduledInstant(text: moment.text, moment: moment)
    }
    return schedule
  }
}

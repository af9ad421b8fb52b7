import Expressions
import Operations
import Schedules
import Testing
import TimeZones

/// What happens to cron expressions when clocks are set, by the rule of the documentation.
@Suite struct DaylightSavingTests {
  @Test(arguments: [
    // Stockholm, 2027-03-28: 02:00 to 03:00 is skipped.
    (
      "Europe/Stockholm", "30 2 * * *", "2027-03-27T00:00:00Z",
      [
        "2027-03-27T01:30:00Z", "2027-03-28T01:00:00Z skipped 2027-03-28T02:30",
        "2027-03-29T00:30:00Z",
      ]
    )
  ])
  func `clocks that are set move due instants as documented`(
    zone: String, cron: String, after: String, expected: [String]
  ) throws {
    let rules = try #require(TimeZoneDatabase.system.rules(zone))
    let schedule = Schedule(cron: [try #require(CronExpression(cron))], zone: rules)
    var moment = try Moment(
      nanoseconds: #require(Timestamp(rfc3339: after)).seconds * 1_000_000_000)
    var found: [String] = []
    for _ in expected {
      let due = try #require(schedule.next(after: moment))
      moment = due.at
      var text = due.at.calendarTime.text + "Z"
      switch due.shift {
      case nil: break
      case .skipped(let written): text += " skipped " + written
      case .doubledFirst: text += " first"
      case .doubledSecond: text += " second"
      }
      found.append(text)
    }
    #expect(found == expected)
  }
}

import Schedules
import Testing

/// What happens to cron expressions when clocks are set: a table written from the rule in
/// `docs/schedules.md`, by hand, in UTC.
@Suite struct DaylightSavingTests {
  /// An expression, an instant, and what is due after it.
  struct Row: Sendable, CustomTestStringConvertible {
    var zone: String
    var cron: String
    var after: String
    var due: [String]

    init(_ zone: String, _ cron: String, after: String, _ due: String...) {
      self.zone = zone
      self.cron = cron
      self.after = after
      self.due = due
    }

    var testDescription: String { "\(zone) \(cron) after \(after)" }
  }

  @Test(arguments: skipped + doubled + large)
  func `clocks that are set move due instants as documented`(row: Row) throws {
    let schedule = try Sample.schedule(row.cron, row.zone)
    #expect(try schedule.words(after: row.after, row.due.count) == row.due)
  }

  /// Hours that the clocks skip.
  static let skipped = [
    // 02:00 to 03:00, at 01:00 UTC.
    Row(
      "Europe/Stockholm", "30 2 * * *", after: "2027-03-27T00:00", "2027-03-27T01:30",
      "2027-03-28T01:00 skipped 2027-03-28T02:30", "2027-03-29T00:30"),
    Row(
      "Europe/Stockholm", "*/20 2 * * *", after: "2027-03-27T12:00",
      "2027-03-28T01:00 skipped 2027-03-28T02:00", "2027-03-29T00:00", "2027-03-29T00:20"),
    Row(
      "Europe/Stockholm", "0 2,3 * * *", after: "2027-03-27T12:00",
      "2027-03-28T01:00 skipped 2027-03-28T02:00", "2027-03-29T00:00", "2027-03-29T01:00"),
    Row(
      "Europe/Stockholm", "0 3 * * *", after: "2027-03-27T12:00", "2027-03-28T01:00",
      "2027-03-29T01:00"),
    Row(
      "Europe/Stockholm", "0 1-3 * * *", after: "2027-03-27T12:00", "2027-03-28T00:00",
      "2027-03-28T01:00 skipped 2027-03-28T02:00", "2027-03-28T23:00"),
    Row(
      "Europe/Stockholm", "30 * * * *", after: "2027-03-28T00:00", "2027-03-28T00:30",
      "2027-03-28T01:30", "2027-03-28T02:30"),
    Row(
      "Europe/Stockholm", "30 */2 * * *", after: "2027-03-27T23:00", "2027-03-27T23:30",
      "2027-03-28T02:30", "2027-03-28T04:30"),
    Row(
      "Europe/Stockholm", "0 0-23/3 * * *", after: "2027-03-27T22:30", "2027-03-27T23:00",
      "2027-03-28T01:00", "2027-03-28T04:00"),
    Row(
      "Europe/Stockholm", "30 2/5 * * *", after: "2027-03-27T22:30", "2027-03-28T05:30",
      "2027-03-28T10:30"),
    Row(
      "Europe/Stockholm", "30 1,*/2 * * *", after: "2027-03-27T22:00", "2027-03-27T23:30",
      "2027-03-28T00:30", "2027-03-28T02:30"),
    Row(
      "Europe/Stockholm", "0 2 28 3 *", after: "2027-01-01T00:00",
      "2027-03-28T01:00 skipped 2027-03-28T02:00", "2028-03-28T00:00"),
    Row(
      "Europe/Stockholm", "0 2 * * SUN#4", after: "2027-03-01T00:00",
      "2027-03-28T01:00 skipped 2027-03-28T02:00", "2027-04-25T00:00"),
    Row(
      "America/New_York", "15 2 14 3 *", after: "2027-01-01T00:00",
      "2027-03-14T07:00 skipped 2027-03-14T02:15", "2028-03-14T06:15"),
    // Midnight.
    Row(
      "America/Sao_Paulo", "@daily", after: "2018-11-03T12:00",
      "2018-11-04T03:00 skipped 2018-11-04T00:00", "2018-11-05T02:00"),
    Row(
      "America/Sao_Paulo", "30 0 4 * *", after: "2018-10-04T12:00",
      "2018-11-04T03:00 skipped 2018-11-04T00:30", "2018-12-04T02:30"),
    Row("America/Sao_Paulo", "0 1 4 * *", after: "2018-10-04T12:00", "2018-11-04T03:00"),
    // Half an hour: 02:00 to 02:30, at 15:30 UTC.
    Row(
      "Australia/Lord_Howe", "15 2 * * *", after: "2027-10-02T00:00",
      "2027-10-02T15:30 skipped 2027-10-03T02:15", "2027-10-03T15:15"),
    Row(
      "Australia/Lord_Howe", "15,30 2 * * *", after: "2027-10-02T00:00",
      "2027-10-02T15:30 skipped 2027-10-03T02:15", "2027-10-03T15:15", "2027-10-03T15:30"),
    Row(
      "Australia/Lord_Howe", "0 * * * *", after: "2027-10-02T14:00", "2027-10-02T14:30",
      "2027-10-02T16:00"),
    // Two hours: 01:00 to 03:00.
    Row(
      "Antarctica/Troll", "30 1,2 * * *", after: "2027-03-27T12:00",
      "2027-03-28T01:00 skipped 2027-03-28T01:30", "2027-03-28T23:30", "2027-03-29T00:30"),
    // The hour before midnight, and the day that has it.
    Row(
      "America/Nuuk", "30 23 * * *", after: "2027-03-27T12:00",
      "2027-03-28T01:00 skipped 2027-03-27T23:30", "2027-03-29T00:30"),
    Row(
      "America/Nuuk", "0 23 * * SAT", after: "2027-03-25T12:00",
      "2027-03-28T01:00 skipped 2027-03-27T23:00", "2027-04-04T00:00"),
    Row("America/Nuuk", "0 0 28 3 *", after: "2027-01-01T00:00", "2027-03-28T01:00"),
    Row(
      "Europe/Dublin", "30 1 * * *", after: "2027-03-27T12:00",
      "2027-03-28T01:00 skipped 2027-03-28T01:30", "2027-03-29T00:30"),
    // The end of Ramadan, when the clocks return to standard time.
    Row(
      "Africa/Casablanca", "30 2 * * *", after: "2027-03-13T12:00",
      "2027-03-14T02:00 skipped 2027-03-14T02:30", "2027-03-15T01:30"),
  ]

  /// Hours that the clocks show twice.
  static let doubled = [
    // 02:00 to 03:00, from 00:00 and from 01:00 UTC.
    Row(
      "Europe/Stockholm", "30 2 * * *", after: "2027-10-30T12:00", "2027-10-31T00:30 first",
      "2027-11-01T01:30"),
    Row(
      "Europe/Stockholm", "*/30 2 * * *", after: "2027-10-30T12:00", "2027-10-31T00:00 first",
      "2027-10-31T00:30 first", "2027-11-01T01:00"),
    Row(
      "Europe/Stockholm", "30 * * * *", after: "2027-10-30T23:45", "2027-10-31T00:30 first",
      "2027-10-31T01:30 second", "2027-10-31T02:30"),
    Row(
      "Europe/Stockholm", "0 */2 * * *", after: "2027-10-30T22:30", "2027-10-31T00:00 first",
      "2027-10-31T01:00 second", "2027-10-31T03:00"),
    Row(
      "Europe/Stockholm", "0 3 * * *", after: "2027-10-30T12:00", "2027-10-31T02:00",
      "2027-11-01T02:00"),
    // Between the two: the first is over, and the second does not count.
    Row("Europe/Stockholm", "30 2 * * *", after: "2027-10-31T00:45", "2027-11-01T01:30"),
    Row("Europe/Stockholm", "30 2 * * *", after: "2027-10-31T01:15", "2027-11-01T01:30"),
    Row("Europe/Stockholm", "30 * * * *", after: "2027-10-31T01:15", "2027-10-31T01:30 second"),
    Row(
      "America/New_York", "30 1 * * *", after: "2027-11-06T12:00", "2027-11-07T05:30 first",
      "2027-11-08T06:30"),
    Row("America/New_York", "0 2 * * *", after: "2027-11-06T12:00", "2027-11-07T07:00"),
    // The hour before midnight.
    Row(
      "America/Sao_Paulo", "30 23 * * *", after: "2018-02-17T12:00", "2018-02-18T01:30 first",
      "2018-02-19T02:30"),
    Row("America/Sao_Paulo", "0 0 18 2 *", after: "2018-01-01T00:00", "2018-02-18T03:00"),
    Row(
      "America/Nuuk", "30 23 * * *", after: "2027-10-30T12:00", "2027-10-31T00:30 first",
      "2027-11-01T01:30"),
    Row("America/Nuuk", "0 0 31 10 *", after: "2027-10-01T00:00", "2027-10-31T02:00"),
    // Half an hour: 01:30 to 02:00, from 14:30 and from 15:00 UTC.
    Row(
      "Australia/Lord_Howe", "45 1 * * *", after: "2027-04-03T00:00", "2027-04-03T14:45 first",
      "2027-04-04T15:15"),
    Row(
      "Australia/Lord_Howe", "*/15 1 * * *", after: "2027-04-03T13:50", "2027-04-03T14:00",
      "2027-04-03T14:15", "2027-04-03T14:30 first", "2027-04-03T14:45 first", "2027-04-04T14:30"),
    Row(
      "Australia/Lord_Howe", "*/15 * * * *", after: "2027-04-03T14:20", "2027-04-03T14:30 first",
      "2027-04-03T14:45 first", "2027-04-03T15:00 second", "2027-04-03T15:15 second",
      "2027-04-03T15:30"),
    // Two hours: 01:00 to 03:00.
    Row(
      "Antarctica/Troll", "30 2 * * *", after: "2027-10-30T12:00", "2027-10-31T00:30 first",
      "2027-11-01T02:30"),
    Row(
      "Antarctica/Troll", "0 * * * *", after: "2027-10-30T22:30", "2027-10-30T23:00 first",
      "2027-10-31T00:00 first", "2027-10-31T01:00 second", "2027-10-31T02:00 second",
      "2027-10-31T03:00"),
    Row(
      "Europe/Dublin", "30 1 * * *", after: "2027-10-30T12:00", "2027-10-31T00:30 first",
      "2027-11-01T01:30"),
    // The beginning of Ramadan.
    Row(
      "Africa/Casablanca", "30 2 * * *", after: "2027-02-06T12:00", "2027-02-07T01:30 first",
      "2027-02-08T02:30"),
  ]

  /// Days, quarters of an hour and seconds.
  static let large = [
    // The whole of 2011-12-30.
    Row(
      "Pacific/Apia", "0 12 * * *", after: "2011-12-29T00:00", "2011-12-29T22:00",
      "2011-12-30T10:00 skipped 2011-12-30T12:00", "2011-12-30T22:00"),
    Row(
      "Pacific/Apia", "0 0 * * *", after: "2011-12-29T12:00",
      "2011-12-30T10:00 skipped 2011-12-30T00:00", "2011-12-31T10:00"),
    Row(
      "Pacific/Apia", "0 */6 * * *", after: "2011-12-30T00:00", "2011-12-30T04:00",
      "2011-12-30T10:00", "2011-12-30T16:00"),
    Row(
      "Pacific/Apia", "0 0 30 12 *", after: "2011-01-01T00:00",
      "2011-12-30T10:00 skipped 2011-12-30T00:00", "2012-12-29T10:00"),
    Row(
      "Pacific/Apia", "0 9 * * FRI", after: "2011-12-29T20:00",
      "2011-12-30T10:00 skipped 2011-12-30T09:00", "2012-01-05T19:00"),
    // The whole of 1993-08-21.
    Row(
      "Pacific/Kwajalein", "0 12 21 8 *", after: "1993-01-01T00:00",
      "1993-08-21T12:00 skipped 1993-08-21T12:00", "1994-08-21T00:00"),
    // 23 hours of 1969-09-30 twice.
    Row(
      "Pacific/Kwajalein", "0 12 * * *", after: "1969-09-29T12:00", "1969-09-30T01:00 first",
      "1969-10-02T00:00"),
    // A quarter of an hour, which is no daylight saving.
    Row(
      "Asia/Kathmandu", "@yearly", after: "1985-12-01T00:00",
      "1985-12-31T18:30 skipped 1986-01-01T00:00", "1986-12-31T18:15"),
    Row("Asia/Kathmandu", "0 6 * * *", after: "2027-01-01T00:00", "2027-01-01T00:15"),
    // 44 minutes and 30 seconds; before, local minutes begin half-way through those of UTC.
    Row(
      "Africa/Monrovia", "0 0,12 * * *", after: "1972-01-06T12:00", "1972-01-06T12:44:30",
      "1972-01-07T00:44:30 skipped 1972-01-07T00:00", "1972-01-07T12:00"),
    Row("Africa/Monrovia", "45 0 7 1 *", after: "1972-01-06T12:00", "1972-01-07T00:45"),
    Row(
      "Africa/Monrovia", "*/15 * * * *", after: "1972-01-07T00:15", "1972-01-07T00:29:30",
      "1972-01-07T00:45"),
    // 06:00 to 08:00 are skipped. At 12:30 the clocks go back to 10:30, at 11:15 on to 12:15 and at 13:00
    // back to 11:00; at 19:00 they are on time again.
    Row(
      "Test/Restless", "20,40 7-12 1 3 *", after: "2027-03-01T00:00",
      "2027-03-01T06:00 skipped 2027-03-01T07:20", "2027-03-01T06:20", "2027-03-01T06:40",
      "2027-03-01T07:20", "2027-03-01T07:40", "2027-03-01T08:20", "2027-03-01T08:40 first",
      "2027-03-01T09:20 first", "2027-03-01T09:40 first", "2027-03-01T10:20 first",
      "2027-03-01T11:40 first", "2028-03-01T07:20"),
    Row("Etc/GMT+12", "0 0 1 * *", after: "2027-01-15T00:00", "2027-02-01T12:00"),
  ]
}

import Testing
import TimeZones

/// When clocks show a local time.
@Suite struct LocalTimeFitTests {
  /// Seconds after 1970-01-01T00:00:00 of a date and time; for the years of these tests.
  private static func seconds(_ text: String) -> Int64 {
    let numbers = text.split { !$0.isNumber }.compactMap { Int64($0) }
    let months: [Int64] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
    let year = numbers[0]
    let leaps = (year - 1969) / 4 - (year > 2100 ? 1 : 0)
    let isLeap = year % 4 == 0 && year != 2100
    let days =
      (year - 1970) * 365 + leaps + months[Int(numbers[1]) - 1] + (isLeap && numbers[1] > 2 ? 1 : 0)
      + numbers[2] - 1
    return days * 86_400 + numbers[3] * 3600 + numbers[4] * 60
  }

  @Test(arguments: [
    ("Europe/Stockholm", "2027-03-01T03:00", "2027-03-01T02:00", nil as String?),
    ("Europe/Stockholm", "2027-07-01T03:00", "2027-07-01T01:00", nil),
    ("Europe/Stockholm", "2027-03-28T01:59", "2027-03-28T00:59", nil),
    ("Europe/Stockholm", "2027-03-28T03:00", "2027-03-28T01:00", nil),
    ("Europe/Stockholm", "2027-10-31T02:00", "2027-10-31T00:00", "2027-10-31T01:00"),
    ("Europe/Stockholm", "2027-10-31T02:59", "2027-10-31T00:59", "2027-10-31T01:59"),
    ("Europe/Stockholm", "2027-10-31T01:59", "2027-10-30T23:59", nil),
    ("Europe/Stockholm", "2027-10-31T03:00", "2027-10-31T02:00", nil),
    ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T14:45", "2027-04-03T15:15"),
    ("Asia/Kathmandu", "2027-04-04T01:45", "2027-04-03T20:00", nil),
    ("Etc/GMT+12", "2027-04-04T01:45", "2027-04-04T13:45", nil),
    // A day that was shown twice: the date line was crossed eastward.
    ("Pacific/Apia", "2011-12-29T12:00", "2011-12-29T22:00", nil),
    ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00", nil),
  ])
  func `a local time is shown once or twice`(
    zone: String, local: String, first: String, second: String?
  ) throws {
    let fit = try ZoneFixtures.rules(zone).fit(ofLocal: Self.seconds(local))
    let once = LocalTimeFit.once(Self.seconds(first))
    #expect(
      fit == (second.map { .doubled(first: Self.seconds(first), second: Self.seconds($0)) } ?? once)
    )
  }

  @Test(arguments: [
    ("Europe/Stockholm", "2027-03-28T02:00", "2027-03-28T01:00"),
    ("Europe/Stockholm", "2027-03-28T02:59", "2027-03-28T01:00"),
    ("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00"),
    ("Australia/Lord_Howe", "2027-10-03T02:29", "2027-10-02T15:30"),
    ("Antarctica/Troll", "2027-03-28T02:30", "2027-03-28T01:00"),
    ("Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00"),
    ("Pacific/Apia", "2011-12-30T23:59", "2011-12-30T10:00"),
    ("Asia/Kathmandu", "1986-01-01T00:10", "1985-12-31T18:30"),
  ])
  func `a local time that is skipped has the end of its gap`(
    zone: String, local: String, end: String
  ) throws {
    let fit = try ZoneFixtures.rules(zone).fit(ofLocal: Self.seconds(local))
    #expect(fit == .skipped(gapEnd: Self.seconds(end)))
  }
}

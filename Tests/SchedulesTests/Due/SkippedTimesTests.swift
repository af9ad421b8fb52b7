import Operations
import Schedules
import Testing

/// Which local times are due together at the end of a gap.
@Suite struct SkippedTimesTests {
  @Test(arguments: [
    (["30 2 * * *"], [], ["02:30"], false),
    (["0,30 2 * * *"], [], ["02:00", "02:30"], false),
    (["0 2,3 * * *"], [], ["02:00"], true),
    (["30 2 * * *", "0 2 * * *", "0,30 2 28 * *"], [], ["02:00", "02:30"], false),
    (["30 2 * * *", "0 * * * *"], [], ["02:30"], true),
    // Elapsed time skips nothing.
    (["30 2 * * *", "15 * * * *"], [], ["02:30"], false),
    (["30 2 * * *"], ["02:30", "02:45:15"], ["02:30", "02:45:15"], false),
    (["30 2 * * *"], ["03:00", "03:30"], ["02:30"], true),
    ([], ["02:59:59"], ["02:59:59"], false),
  ])
  func `times in a gap are listed in order and once, beside what is due at its end anyway`(
    cron: [String], at: [String], written: [String], joinsAnother: Bool
  ) throws {
    let lists = (
      cron.map { "\"\($0)\"" }.joined(separator: ","),
      at.map { "\"2027-03-28T\($0)\"" }.joined(separator: ",")
    )
    let keys = [
      cron.isEmpty ? nil : "cron: [\(lists.0)]", at.isEmpty ? nil : "at: [\(lists.1)]",
      "timezone: Europe/Stockholm",
    ]
    let text = "{ \(keys.compactMap(\.self).joined(separator: ", ")) }"
    let schedule = try #require(Schedule(text: text, zones: Sample.zones))
    let gapEnd = try Sample.moment("2027-03-28T01:00")
    #expect(
      schedule.skippedTimes(dueAt: gapEnd)
        == SkippedTimes(written.map { "2027-03-28T\($0)" }, joinsAnother: joinsAnother))
  }

  @Test func `an interval is due at the end of a gap anyway`() throws {
    var schedule = try Sample.schedule("30 2 * * *", "Europe/Stockholm")
    schedule.every = .seconds(3600)
    let gapEnd = try Sample.moment("2027-03-28T01:00")
    #expect(schedule.skippedTimes(dueAt: gapEnd).joinsAnother)
  }

  @Test func `a day that the clocks skip is listed whole`() throws {
    let schedule = try Sample.schedule("30 0-23 * * *", "Pacific/Apia")
    let times = schedule.skippedTimes(dueAt: try Sample.moment("2011-12-30T10:00"))
    #expect(times.written.count == 24)
    #expect(times.written.first == "2011-12-30T00:30" && times.written.last == "2011-12-30T23:30")
    #expect(!times.joinsAnother)
  }
}

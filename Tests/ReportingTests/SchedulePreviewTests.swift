import EventSamples
import Operations
import Schedules
import Testing
import TimeZones

@testable import Reporting

/// Coming due instants, and what is said of them where clocks are set.
@Suite struct SchedulePreviewTests {
  /// Each with a local time that the clocks skip and one that they show twice.
  private static let transitions: [(zone: String, cron: String, from: String)] = [
    ("Europe/Stockholm", "30 2 * * *", "2027-03-26T23:00:00Z"),
    ("Europe/Stockholm", "30 2 * * *", "2027-10-29T22:00:00Z"),
    ("Europe/Stockholm", "0,30 2 * * *", "2027-03-27T12:00:00Z"),
    ("Europe/Stockholm", "0-20/5 2,3 * * *", "2027-03-27T12:00:00Z"),
    ("Europe/Stockholm", "30 * * * *", "2027-03-27T23:30:00Z"),
    ("Europe/Stockholm", "30 * * * *", "2027-10-30T22:30:00Z"),
    ("America/New_York", "0 2,3 * * *", "2027-03-14T05:00:00Z"),
    ("America/New_York", "15 1 * * *", "2027-11-06T04:00:00Z"),
    ("Australia/Lord_Howe", "15 2 * * *", "2027-10-01T14:00:00Z"),
    ("Australia/Lord_Howe", "45 1 * * *", "2027-04-02T13:00:00Z"),
    ("Australia/Lord_Howe", "*/15 * * * *", "2027-04-03T14:30:00Z"),
    ("Pacific/Apia", "0 12 * * *", "2011-12-29T10:00:00Z"),
    ("Pacific/Apia", "0 6,18 * * *", "2011-12-30T04:30:00Z"),
  ]

  @Test func `clocks that are set are said in words`() throws {
    let texts = try Self.transitions.map { zone, cron, from in
      SchedulePreview(
        try SampleSchedules.cron(cron, in: zone), name: "x", file: "x.yaml",
        from: try SampleSchedules.at(from), count: 5
      ).text(TerminalStyle())
    }
    let text = texts.joined(separator: "\n")
    #expect(!text.contains(" \n"))
    #expect(try text == Snapshot.kept("preview-clocks.txt", insteadOf: text))
  }

  private static var full: Schedule {
    get throws {
      var schedule = try SampleSchedules.cron("30 2 * * *", "@monthly", in: "Europe/Stockholm")
      schedule.every = .seconds(86_400 * 2)
      schedule.at = [
        try SampleSchedules.instant("2027-03-27T12:00:00+01:00"),
        try SampleSchedules.instant("2027-03-28T12:00:00Z"),
        try SampleSchedules.instant("2027-03-29T12:00:00Z"),
        try SampleSchedules.instant("2027-03-30T12:00:00Z"),
      ]
      schedule.window = .seconds(7200)
      schedule.jitter = .seconds(90)
      schedule.pauseOnFailure = true
      schedule.overlap = .queue
      schedule.catchUp = .all
      schedule.from = try SampleSchedules.instant("2027-03-27T00:00:00Z")
      schedule.until = try SampleSchedules.instant("2027-03-29T00:00:00Z")
      return schedule
    }
  }

  @Test func `a schedule with every setting is shown whole`() throws {
    let preview = SchedulePreview(
      try Self.full, name: "full\u{7}", file: "a b/full.yaml",
      from: try SampleSchedules.at("2027-01-01T00:00:00Z"), count: 100)
    let text = preview.text(TerminalStyle(color: .ansi, symbols: .ascii))
    #expect(try text == Snapshot.kept("preview-full-ascii-color.txt", insteadOf: text))
    #expect(try preview.json == Snapshot.kept("preview.json", insteadOf: preview.json))
    let schema = try SchemaCheck(named: "preview.schema.json")
    #expect(try schema.complaints(aboutDocument: preview.json) == [])
  }

  @Test func `every preview fits its schema`() throws {
    let schema = try SchemaCheck(named: "preview.schema.json")
    for (zone, cron, from) in Self.transitions {
      for count in [1, 5] {
        let preview = SchedulePreview(
          try SampleSchedules.cron(cron, in: zone), name: "x", file: "x.yaml",
          from: try SampleSchedules.at(from), count: count)
        #expect(try schema.complaints(aboutDocument: preview.json) == [])
      }
    }
    #expect(try schema.complaints(aboutDocument: #"{"version":1}"#) != [])
  }

  /// The last line of a preview of `schedule` from 2027 on.
  private func lastLine(_ schedule: Schedule, count: Int = 3) throws -> String {
    let preview = SchedulePreview(
      schedule, name: "x", file: "x.yaml", from: try SampleSchedules.at("2027-01-01T00:00:00Z"),
      count: count)
    return String(preview.text(TerminalStyle()).split(separator: "\n").last ?? "")
  }

  @Test func `fewer instants than were asked for have a reason`() throws {
    let past = try SampleSchedules.instant("2026-12-31T00:00:00Z")
    let future = try SampleSchedules.instant("2027-01-02T00:00:00Z")
    #expect(
      try lastLine(Schedule(at: [past]))
        == "nothing is due at 2027-01-01 00:00:00Z or later: `at` has no later instant")
    #expect(
      try lastLine(Schedule(at: [past, future])) == "only 1 of 3: `at` has no later instant")
    #expect(
      try lastLine(Schedule(every: .seconds(86_400), until: future))
        == "only 2 of 3: no rollout is due after `until`, 2027-01-02T00:00:00Z")
    #expect(
      try lastLine(Schedule(every: .seconds(86_400), until: past))
        == "nothing is due at 2027-01-01 00:00:00Z or later: no rollout is due after `until`, "
        + "2026-12-31T00:00:00Z")
    // `until` has no part in it.
    #expect(
      try lastLine(Schedule(at: [past], until: future))
        == "nothing is due at 2027-01-01 00:00:00Z or later: `at` has no later instant")
    #expect(
      try lastLine(try SampleSchedules.cron("0 0 1 1 *", in: "UTC"), count: 300)
        == "only 236 of 300: instants after 2262-04-11 are not supported")
  }

  @Test(arguments: [
    ("2027-03-28T00:59:59Z", "2027-03-28 01:59:59 +01:00 CET", "Sunday", "01:59:59"),
    ("2027-03-28T01:00:00Z", "2027-03-28 03:00:00 +02:00 CEST", "Sunday", "03:00"),
    ("1969-12-31T22:30:00.999Z", "1969-12-31 23:30:00 +01:00 CET", "Wednesday", "23:30"),
  ])
  func `an instant is shown as the clocks have it`(
    at: String, text: String, weekday: String, clock: String
  ) throws {
    let zoned = ZonedTime(
      try SampleSchedules.at(at), in: try SampleSchedules.zone("Europe/Stockholm"))
    #expect(zoned.text == text)
    #expect(zoned.weekday == weekday)
    #expect(zoned.clock == clock)
  }

  @Test(arguments: [
    ("America/Sao_Paulo", "2027-01-01T00:00:00Z", "2026-12-31 21:00:00 -03:00"),
    ("Asia/Kathmandu", "2027-01-01T00:00:00Z", "2027-01-01 05:45:00 +05:45"),
    ("UTC", "2027-01-01T00:00:00Z", "2027-01-01 00:00:00 +00:00 UTC"),
    ("Asia/Tokyo", "1880-01-01T00:00:00Z", "1880-01-01 09:18:59 +09:18:59 LMT"),
  ])
  func `a zone without letters has an offset only`(zone: String, at: String, text: String) throws {
    let zoned = ZonedTime(try SampleSchedules.at(at), in: try SampleSchedules.zone(zone))
    #expect(zoned.text == text)
  }
}

import Diagnostics
import Operations
import Playbooks
import Randomness
import Schedules
import Testing
import TimeZones

/// Schedules as text, and read again.
@Suite struct ScheduleTextTests {
  private static func schedule(_ yaml: String) throws -> Schedule {
    var nodes = PlaybookReader(file: "s.yaml")
    let node = try YAMLNode(parsing: Array(yaml.utf8), file: "s.yaml")
    let schedule = ScheduleReader.read(node, with: &nodes, zones: Sample.zones)
    #expect(nodes.diagnostics.elements == [])
    return try #require(schedule)
  }

  @Test(arguments: [
    ("0 3 * * MON", #"{"cron":"0 3 * * MON"}"#),
    ("\"@weekly\"", #"{"cron":"@weekly"}"#),
    ("{ cron: ['0 3 * * MON'], timezone: UTC }", #"{"cron":"0 3 * * MON"}"#),
    ("every: 90m", #"{"every":"1h30m"}"#),
    (
      "{ at: 2027-03-28T02:30, timezone: Europe/Stockholm }",
      #"{"at":["2027-03-28T02:30"],"timezone":"Europe/Stockholm"}"#
    ),
    (
      "{ until: 2027-12-31, pause-on-failure: true, from: 2027-01-01, jitter: 1500ms, overlap: cancel, "
        + "catch-up: none, window: 8784h, cron: [0 3 * * *, 0 4 * * *], every: 1s, notify: [] }",
      #"{"cron":["0 3 * * *","0 4 * * *"],"every":"1s","window":"8784h","catch-up":"none","#
        + #""overlap":"cancel","jitter":"1s500ms","pause-on-failure":true,"from":"2027-01-01","#
        + #""until":"2027-12-31"}"#
    ),
    (
      "{ every: 1s, catch-up: one, overlap: skip, jitter: 0s, pause-on-failure: false }",
      #"{"every":"1s"}"#
    ),
  ])
  func `the text has what is not as by default, in the order of the reference`(
    yaml: String, text: String
  ) throws {
    let schedule = try Self.schedule(yaml)
    #expect(schedule.text == text)
    #expect(Schedule(text: text, zones: Sample.zones) == schedule)
  }

  @Test(arguments: [
    ("2027-03-28T02:30", "2027-03-28T01:00 skipped 2027-03-28T02:30"),
    ("2027-10-31T02:30", "2027-10-31T00:30 first"), ("2027-10-31T02:30+01:00", "2027-10-31T01:30"),
    ("2027-10-31T02:30:15Z", "2027-10-31T02:30:15"), ("2027-10-31T02:30-23:59", "2027-11-01T02:29"),
    ("1678-01-01T00:00Z", "1678-01-01T00:00"), ("2261-12-31T23:59Z", "2261-12-31T23:59"),
  ])
  func `a local instant is settled by the clocks of the zone`(at: String, due: String) throws {
    let schedule = try Self.schedule("{ at: [\"\(at)\"], timezone: Europe/Stockholm }")
    #expect(try schedule.words(after: "1677-12-01T00:00", 2) == [due])
  }

  @Test(arguments: [
    ("Europe/Stockholm", "2027-03-28", "2027-03-27T23:00", "2027-03-28T21:59:59"),
    // Midnight is skipped, and shown twice.
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", "2018-11-05T01:59:59"),
    ("America/Sao_Paulo", "2018-11-03", "2018-11-03T03:00", "2018-11-04T02:59:59"),
    ("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00", "2018-02-18T02:59:59"),
    // A day that does not exist.
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", "2011-12-30T09:59:59"),
  ])
  func `a date is its local day`(
    zone: String, date: String, first: String, last: String
  ) throws {
    let schedule = Schedule(
      text: #"{"every":"1s","timezone":"\#(zone)","from":"\#(date)"}"#, zones: Sample.zones)
    #expect(schedule?.from?.moment.short == first)
    let until = Schedule(
      text: #"{"every":"1s","timezone":"\#(zone)","until":"\#(date)"}"#, zones: Sample.zones)
    #expect(until?.until?.moment.short == last)
  }

  @Test(arguments: [
    "", "[]", "{}", "{", #"{"cron":"x"}"#, #"{"every":"1s","timezone":"Europe/Atlantis"}"#,
    #"{"every":"1s","color":"red"}"#, "0 3 * * MON\n---\n0 4 * * MON",
  ])
  func `any other text is no schedule`(text: String) {
    #expect(Schedule(text: text, zones: Sample.zones) == nil)
  }

  @Test func `a schedule with a zone that is not known here is none`() throws {
    let text = try Self.schedule("{ cron: '@daily', timezone: Asia/Tehran }").text
    let nowhere = TimeZoneDatabase(rules: { _ in nil }, names: { [] })
    #expect(Schedule(text: text, zones: nowhere) == nil)
  }

  // MARK: Any schedule

  private static func any<Element>(_ elements: [Element], _ random: inout SplitMix) -> Element? {
    elements.randomElement(using: &random)
  }

  private static func yaml(_ random: inout SplitMix) -> String {
    var lines: [String] = []
    let add = { (line: String, random: inout SplitMix) in
      if Bool.random(using: &random) { lines.append(line) }
    }
    let zone = any(["UTC", "Europe/Stockholm", "Australia/Lord_Howe", "Africa/Monrovia"], &random)
    lines.append("timezone: \(zone ?? "UTC")")
    lines.append("cron: ['\(Int.random(in: 0...59, using: &random)) 2 * * *', '@weekly']")
    add("every: \(Int.random(in: 1...99, using: &random))m30s", &random)
    let day = Int.random(in: 10...31, using: &random)
    add("at: ['2027-10-\(day)T02:30', '2027-10-\(day)T02:30:30+02:00']", &random)
    add("window: \(Int.random(in: 3601...9999, using: &random))s", &random)
    add("catch-up: \(any(["one", "all", "none"], &random) ?? "one")", &random)
    add("overlap: \(any(["skip", "queue", "cancel"], &random) ?? "skip")", &random)
    add("jitter: \(Int.random(in: 0...3600, using: &random))s", &random)
    add("pause-on-failure: \(Bool.random(using: &random))", &random)
    add("from: 2026-10-\(day)", &random)
    add("until: 2028-10-\(day)T01:01", &random)
    return lines.joined(separator: "\n")
  }

  @Test(arguments: 0..<100)
  func `a schedule that is written is read as the same`(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let yaml = Self.yaml(&random)
    var nodes = PlaybookReader(file: "s.yaml")
    let node = try YAMLNode(parsing: Array(yaml.utf8), file: "s.yaml")
    let schedule = try #require(
      ScheduleReader.read(node, with: &nodes, zones: Sample.zones), "\(yaml)")
    try #require(!nodes.diagnostics.hasErrors, "\(yaml)")
    let again = Schedule(text: schedule.text, zones: Sample.zones)
    #expect(again == schedule, "\(yaml)")
    #expect(again?.text == schedule.text)
  }
}

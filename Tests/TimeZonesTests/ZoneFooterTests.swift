import Testing
import TimeZones

/// The rule at the end of a file (POSIX.1-2024, 8.3, `TZ`; RFC 9636 §3.3.1).
@Suite struct ZoneFooterTests {
  private static let day: Int64 = 86_400
  /// 2027-01-01T00:00:00Z, 2028-01-01T00:00:00Z and 2029-01-01T00:00:00Z; 2028 is a leap year.
  private static let starts: [Int] = [1_798_761_600, 1_830_297_600, 1_861_920_000]

  /// The changes from 2027 to 2028, as `second of the year offset abbreviation`.
  private static func changes(of footer: String) -> [String]? {
    guard let rules = TimeZoneRules(name: "x", file: ZoneFileSample.footer(footer)) else {
      return nil
    }
    var found: [String] = []
    var second = Int64(starts[0])
    while let next = rules.segment(at: second).end, next < Int64(starts[2]) {
      let segment = rules.segment(at: next)
      let year = next < Int64(starts[1]) ? 0 : 1
      let inYear = next - Int64(starts[year])
      found.append(
        "\(2027 + year) \(inYear / day)d\(inYear % day)s \(segment.offset) "
          + segment.abbreviation)
      second = next
    }
    return found
  }

  @Test(arguments: [
    // Last Sundays of March and October, 01:00 UTC: 28 March 2027, 26 March 2028.
    (
      "CET-1CEST,M3.5.0,M10.5.0/3",
      [
        "2027 86d3600s 7200 CEST", "2027 303d3600s 3600 CET", "2028 85d3600s 7200 CEST",
        "2028 302d3600s 3600 CET",
      ]
    ),
    // Standard time is summer time in Ireland.
    (
      "IST-1GMT0,M10.5.0,M3.5.0/1",
      [
        "2027 86d3600s 3600 IST", "2027 303d3600s 0 GMT", "2028 85d3600s 3600 IST",
        "2028 302d3600s 0 GMT",
      ]
    ),
    // The Saturday before the last Sunday, 22:00 local; second Sunday of March, first of November.
    (
      "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
      [
        "2027 86d3600s -3600 -01", "2027 303d3600s -7200 -02", "2028 85d3600s -3600 -01",
        "2028 302d3600s -7200 -02",
      ]
    ),
    (
      "EST5EDT,M3.2.0,M11.1.0",
      [
        "2027 72d25200s -14400 EDT", "2027 310d21600s -18000 EST", "2028 71d25200s -14400 EDT",
        "2028 309d21600s -18000 EST",
      ]
    ),
    // Half an hour, southern summer: first Sundays of October and April.
    (
      "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
      [
        "2027 92d54000s 37800 +1030", "2027 274d55800s 39600 +11", "2028 91d54000s 37800 +1030",
        "2028 273d55800s 39600 +11",
      ]
    ),
    // 50 hours after the midnight of the fourth Thursday.
    (
      "EET-2EEST,M3.4.4/50,M10.4.4/50",
      [
        "2027 85d0s 10800 EEST", "2027 301d82800s 7200 EET", "2028 84d0s 10800 EEST",
        "2028 300d82800s 7200 EET",
      ]
    ),
    // Day 60 is 1 March in every year; day 59 from 0 is 1 March or 29 February.
    (
      "AAA0BBB,J60/0,59/12:30:15",
      [
        "2027 59d0s 3600 BBB", "2027 59d41415s 0 AAA", "2028 59d41415s 0 AAA",
        "2028 60d0s 3600 BBB",
      ]
    ),
    ("AAA-0:30", []), ("AAA+12:59:59", []),
    // Daylight saving time all year (RFC 9636 §3.3.1).
    ("EST5EDT,0/0,J365/25", []), ("XXX3EDT4,0/0,J365/23", []),
    // No difference is no change.
    ("AAA-1BBB-1,M3.5.0,M10.5.0", []),
  ])
  func `the clocks change each year as the rule says`(footer: String, expected: [String]) {
    #expect(Self.changes(of: footer) == expected)
  }

  @Test(arguments: [
    ("EST5EDT,0/0,J365/25", -14_400, "EDT"), ("XXX3EDT4,0/0,J365/23", -14_400, "EDT"),
    ("AAA-1BBB-1,M3.5.0,M10.5.0", 3600, "AAA"), ("AAA-0:30", 1800, "AAA"),
    ("AAA+12:59:59", -46_799, "AAA"), ("<+05>-5", 18_000, "+05"), ("<-00>0", 0, "-00"),
  ])
  func `a zone whose clocks do not change has one segment`(
    footer: String, offset: Int, abbreviation: String
  ) throws {
    let rules = try #require(TimeZoneRules(name: "x", file: ZoneFileSample.footer(footer)))
    let whole = TimeZoneRules.Segment(
      start: nil, end: nil, offset: offset, abbreviation: abbreviation)
    #expect(rules.segment(at: 0) == whole)
    #expect(rules.segment(at: 1_800_000_000) == whole)
  }

  @Test(arguments: [
    "A", "AB0", "UTC", "UTC+", "UTC25", "UTC1:60", "UTC1:00:60", "UTC0x", "<UTC0", "<>0",
    "UTC0ABC", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1CEST,M13.5.0,M10.5.0",
    "CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0",
    "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5,M10.5.0", "CET-1CEST,J0,J5", "CET-1CEST,J366,J5",
    "CET-1CEST,366,5", "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0/,M10.5.0",
    "CET-1CEST,M3.5.0,M10.5.0x", "CET-1CEST,M3.5.0,M10.5.0 ", ":Europe/Stockholm",
    "CET-1CEST,M3.5.0,M0010.5.0", "CET--1", "ÅÄÖ-1",
  ])
  func `a rule of another form is no zone`(footer: String) {
    #expect(Self.changes(of: footer) == nil)
  }

  @Test func `the rule holds from the last change that is listed`() throws {
    // Listed until 1 June 2027; the rule would have begun summer time in March.
    let june: Int64 = 1_811_808_000
    var sample = ZoneFileSample(footer: "CET-1CEST,M3.5.0,M10.5.0/3")
    sample.types = [(0, 0), (7200, 4)]
    sample.names = "UTC\u{0}CEST\u{0}"
    sample.times = [(june, 1)]
    let rules = try #require(TimeZoneRules(name: "x", file: sample.bytes))
    #expect(
      rules.segment(at: june - 1)
        == TimeZoneRules.Segment(start: nil, end: june, offset: 0, abbreviation: "UTC"))
    let october = Int64(Self.starts[0]) + 303 * Self.day + 3600
    #expect(
      rules.segment(at: june)
        == TimeZoneRules.Segment(
          start: june, end: october, offset: 7200, abbreviation: "CEST"))
    #expect(rules.segment(at: october).start == october)
  }

  @Test func `a change of the abbreviation alone is no jump`() throws {
    var sample = ZoneFileSample(footer: "CET-1CEST,M3.5.0,M10.5.0/3")
    sample.types = [(0, 0), (3600, 4), (3600, 8)]
    sample.names = "UTC\u{0}AAA\u{0}CET\u{0}"
    sample.times = [(1000, 1), (2000, 2)]
    let rules = try #require(TimeZoneRules(name: "x", file: sample.bytes))
    let first = rules.segment(at: 1500)
    let second = rules.segment(at: 2500)
    #expect((first.start, first.offset, first.abbreviation) == (1000, 3600, "AAA"))
    #expect((second.start, second.offset, second.abbreviation) == (1000, 3600, "CET"))
    // Until the last Sunday of March 1970, the 29th.
    #expect(first.end == second.end)
    #expect(second.end == 87 * Self.day + 3600)
  }
}

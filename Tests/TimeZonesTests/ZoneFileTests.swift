import Testing
import TimeZones

/// What the clocks of real zones show, against Python's reading of the same files.
@Suite struct ZoneFileTests {
  @Test(arguments: ZoneFixtures.changes.keys.sorted())
  func `clocks change when and as another implementation says`(name: String) throws {
    let rules = try ZoneFixtures.rules(name)
    let changes = try #require(ZoneFixtures.changes[name])
    var shown = changes[0]
    for change in changes.dropFirst() {
      let second = try #require(change.second)
      let segment = rules.segment(at: second)
      #expect(segment.offset == change.offset, "\(second)")
      #expect(segment.abbreviation == change.abbreviation, "\(second)")
      guard change.isChange else { continue }
      let before = rules.segment(at: second - 1)
      #expect(before.offset == shown.offset, "\(second)")
      #expect(before.abbreviation == shown.abbreviation, "\(second)")
      let isJump = before.offset != segment.offset
      #expect((before.end == second) == isJump, "\(second)")
      #expect((segment.start == second) == isJump, "\(second)")
      shown = change
    }
  }

  @Test func `there are fixtures`() {
    #expect(ZoneFixtures.changes.count == 16)
  }

  @Test(arguments: ["Europe/Dublin", "Europe/Stockholm"])
  func `a file that lists more changes says the same`(name: String) throws {
    let slim = try ZoneFixtures.rules(name)
    let fat = try #require(
      TimeZoneRules(name: name, file: try ZoneFixtures.bytes("fat/\(name)")))
    for second in stride(from: -4_000_000_000 as Int64, to: 9_000_000_000, by: 1_234_567) {
      #expect(fat.segment(at: second) == slim.segment(at: second))
    }
  }

  @Test(arguments: ["Europe/Dublin", "Europe/Stockholm"])
  func `a file of version 1 is its 32-bit block, without a rule for later`(name: String) throws {
    var bytes = try ZoneFixtures.bytes("fat/\(name)")
    bytes[4] = 0
    let first = try #require(TimeZoneRules(name: name, file: bytes))
    let whole = try ZoneFixtures.rules(name)
    for second in stride(from: -1_500_000_000 as Int64, to: 2_100_000_000, by: 1_234_567) {
      #expect(first.segment(at: second) == whole.segment(at: second))
    }
    #expect(first.segment(at: 4_000_000_000).end == nil)
  }

  /// Each segment ends where the next one begins, with another offset.
  private static func walk(_ rules: TimeZoneRules, from start: Int64, to end: Int64) -> Int {
    var count = 0
    var segment = rules.segment(at: start)
    while let next = segment.end, next < end {
      let before = rules.segment(at: next - 1)
      #expect(before.start == segment.start && before.end == next, "\(rules.name) \(next)")
      let following = rules.segment(at: next)
      #expect(following.start == next, "\(rules.name) \(next)")
      #expect(following.offset != segment.offset, "\(rules.name) \(next)")
      segment = following
      count += 1
    }
    return count
  }

  @Test func `segments follow each other without gaps and with a jump between them`() {
    let counts = ZoneFixtures.changes.keys.compactMap { ZoneFixtures.database.rules($0) }
      .map { Self.walk($0, from: -5_000_000_000, to: 9_300_000_000) }
    #expect(counts.count == 16)
    #expect(counts.max() ?? 0 > 400)
  }

  @Test(arguments: [Int64.min, -1 << 56, 1 << 56, .max])
  func `seconds at any distance have a clock`(second: Int64) throws {
    for name in ZoneFixtures.changes.keys {
      let segment = try ZoneFixtures.rules(name).segment(at: second)
      #expect((-89_999...93_599).contains(segment.offset), "\(name)")
    }
  }

  @Test func `equal files are equal zones`() throws {
    let bytes = try ZoneFixtures.bytes("slim/Europe/Stockholm")
    let one = TimeZoneRules(name: "a", file: bytes)
    #expect(one == TimeZoneRules(name: "a", file: bytes))
    #expect(one?.hashValue == TimeZoneRules(name: "a", file: bytes)?.hashValue)
    #expect(one != TimeZoneRules(name: "b", file: bytes))
    let other = try ZoneFixtures.bytes("slim/Europe/Dublin")
    #expect(one != TimeZoneRules(name: "a", file: other))
    #expect(
      TimeZoneRules.utc.segment(at: 0)
        == TimeZoneRules.Segment(start: nil, end: nil, offset: 0, abbreviation: "UTC"))
  }
}

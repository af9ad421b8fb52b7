import Testing
import TimeZones

/// Files that do not follow the format are no zones, whatever is wrong with them.
@Suite struct MalformedZoneTests {
  private static func rules(_ bytes: [UInt8]) -> TimeZoneRules? {
    TimeZoneRules(name: "x", file: bytes)
  }

  private static func accepts(_ change: (inout ZoneFileSample) -> Void) -> Bool {
    var sample = ZoneFileSample(times: [(-100, 0), (100, 0)])
    change(&sample)
    return rules(sample.bytes) != nil
  }

  @Test func `a file that follows the format is a zone`() {
    #expect(Self.accepts { _ in })
    #expect(Self.accepts { $0.version = 0 })
    #expect(Self.accepts { $0.version = UInt8(ascii: "4") })
    #expect(Self.accepts { $0.indicators = 1 })
    #expect(Self.accepts { $0.types = [(-89_999, 0)] })
    #expect(Self.accepts { $0.types = [(93_599, 3)] })
    #expect(Self.accepts { $0.footer = "UTC0" })
  }

  @Test func `a file that does not is none`() {
    #expect(!Self.accepts { $0.magic = "TZiF" })
    #expect(!Self.accepts { $0.version = UInt8(ascii: "1") })
    #expect(!Self.accepts { $0.types = [] })
    #expect(!Self.accepts { $0.names = "" })
    #expect(!Self.accepts { $0.names = "UTC" })
    #expect(!Self.accepts { $0.names = "U C\u{0}" })
    #expect(!Self.accepts { $0.types = [(0, 4)] })
    #expect(!Self.accepts { $0.types = [(-90_000, 0)] })
    #expect(!Self.accepts { $0.types = [(93_600, 0)] })
    #expect(!Self.accepts { $0.times = [(0, 1)] })
    #expect(!Self.accepts { $0.times = [(5, 0), (5, 0)] })
    #expect(!Self.accepts { $0.times = [(5, 0), (4, 0)] })
    #expect(!Self.accepts { $0.times = [(.min, 0)] })
    #expect(!Self.accepts { $0.indicators = 2 })
    #expect(!Self.accepts { $0.footer = nil })
    #expect(!Self.accepts { $0.footer = "UTC" })
    #expect(!Self.accepts { $0.leapSeconds = 1 })
    // What the file lists and what its rule says must agree on the last change.
    #expect(!Self.accepts { $0.footer = "CET-1" })
  }

  @Test func `a count beyond the end of the file is no zone`() {
    for position in 20..<44 {
      for start in [0, 44] {
        var bytes = ZoneFileSample(times: [(-100, 0)]).bytes
        bytes[start + position] = 0xFF
        #expect(Self.rules(bytes) == nil, "\(start + position)")
      }
    }
  }

  /// Looks at a zone as its users do.
  private static func probe(_ rules: TimeZoneRules) {
    for second: Int64 in [.min, -10_000_000_000, -1, 0, 1_700_000_000, 9_000_000_000, .max] {
      let segment = rules.segment(at: second)
      guard (-10_000_000_000...9_000_000_000).contains(second) else { continue }
      #expect(segment.start ?? .min <= second && second < segment.end ?? .max)
      _ = rules.fit(ofLocal: second)
    }
  }

  @Test(arguments: ["Europe/Stockholm", "Africa/Monrovia", "Antarctica/Troll"])
  func `a file that is cut off is no zone`(name: String) throws {
    let bytes = try ZoneFixtures.bytes("slim/\(name)")
    for count in bytes.indices {
      #expect(Self.rules(Array(bytes.prefix(count))) == nil, "\(count)")
    }
    #expect(Self.rules(bytes) != nil)
  }

  @Test(arguments: ["Europe/Stockholm", "Africa/Monrovia", "Antarctica/Troll"])
  func `a file with a byte changed is a zone or none`(name: String) throws {
    let bytes = try ZoneFixtures.bytes("slim/\(name)")
    for position in bytes.indices {
      let byte = bytes[position]
      for other in [0, 0xFF, byte ^ 0x80, byte &+ 1, byte &- 1, 0x2D, 0x39] where other != byte {
        var changed = bytes
        changed[position] = other
        if let rules = Self.rules(changed) { Self.probe(rules) }
      }
    }
  }

  @Test(arguments: ["Europe/Stockholm", "Africa/Monrovia", "Antarctica/Troll"])
  func `a file with a byte more or less is a zone or none`(name: String) throws {
    let bytes = try ZoneFixtures.bytes("slim/\(name)")
    for position in bytes.indices {
      var shorter = bytes
      shorter.remove(at: position)
      if let rules = Self.rules(shorter) { Self.probe(rules) }
      var longer = bytes
      longer.insert(bytes[position], at: position)
      if let rules = Self.rules(longer) { Self.probe(rules) }
    }
  }
}

import Diagnostics
import Expressions
import FoundationEssentials
import Synchronization
import Testing
import TimeZones

/// Time zones by name, with the rules of the fixtures of `TimeZonesTests`, which no update changes.
@Suite struct NamedZoneTests {
  private static let database = TimeZoneDatabase.folder(
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
      + "/TimeZonesTests/Fixtures/slim")

  private static let zones = NamedZones(
    rules: { name in
      guard let rules = database.rules(name) else { return nil }
      return { second in rules.segment(at: second).offset }
    }, names: database.names)

  private static let usage =
    "use a name such as `Europe/Stockholm`, `UTC` or an offset like `+02:00`"

  private static let bindings = Bindings(
    ["zone": "Europe/Stockholm", "hidden": .secret(text: "Europe/Stokholm")], zones: zones)

  @Test(
    arguments: [
      // Clocks go from 02:00 to 03:00, and from 03:00 to 02:00.
      ("timestamp('2027-03-28T00:59:59Z').getHours('Europe/Stockholm')", 1),
      ("timestamp('2027-03-28T01:00:00Z').getHours('Europe/Stockholm')", 3),
      ("timestamp('2027-10-31T00:59:59Z').getHours('Europe/Stockholm')", 2),
      ("timestamp('2027-10-31T01:00:00Z').getHours('Europe/Stockholm')", 2),
      ("timestamp('2027-10-31T02:00:00Z').getHours('Europe/Stockholm')", 3),
      ("timestamp('2027-07-01T22:30:00Z').getDate(zone)", 2),
      ("timestamp('2027-01-01T22:30:00Z').getDate(zone)", 1),
      ("timestamp('2027-01-01T04:59:59Z').getFullYear('America/New_York')", 2026),
      ("timestamp('2027-01-01T04:59:59Z').getMonth('America/New_York')", 11),
      ("timestamp('2027-01-01T04:59:59Z').getDate('America/New_York')", 31),
      ("timestamp('2027-01-01T04:59:59Z').getDayOfMonth('America/New_York')", 30),
      ("timestamp('2027-01-01T04:59:59Z').getDayOfWeek('America/New_York')", 4),
      ("timestamp('2027-01-01T04:59:59Z').getDayOfYear('America/New_York')", 364),
      ("timestamp('2027-01-01T00:20:00Z').getMinutes('Asia/Kathmandu')", 5),
      // Half an hour of daylight saving time.
      ("timestamp('2027-01-01T00:00:00Z').getMinutes('Australia/Lord_Howe')", 0),
      ("timestamp('2027-07-01T00:00:00Z').getMinutes('Australia/Lord_Howe')", 30),
      // Local mean time, 1:12:12 ahead.
      ("timestamp('1800-01-01T00:00:00Z').getSeconds('Europe/Stockholm')", 12),
      ("timestamp('2027-01-01T00:00:00.123Z').getMilliseconds('Europe/Stockholm')", 123),
      ("timestamp('9999-12-31T23:59:59Z').getFullYear('Asia/Kathmandu')", 10_000),
      ("timestamp('2027-01-01T00:00:00Z').getHours('+05:30')", 5),
      ("timestamp('2027-01-01T00:00:00Z').getHours('UTC')", 0),
      ("[1].map(i, timestamp('2027-07-01T12:00:00Z').getHours(zone))[0]", 14),
    ] as [(String, Value)])
  func `a zone's name stands for its offset at that instant`(
    _ source: String, _ expected: Value
  ) throws {
    #expect(try evaluate(source, Self.bindings) == expected)
  }

  @Test func `rules are asked for once, so that a value stays while the database changes`() throws {
    let updates = Mutex(0)
    let zones = NamedZones(
      rules: { _ in
        let hours = updates.withLock { count in
          count += 1
          return count
        }
        return { _ in hours * 3600 }
      }, names: { [] })
    for _ in 0..<2 {
      #expect(try evaluate("timestamp(0).getHours('A/B')", Bindings(zones: zones)) == 1)
    }
  }

  @Test func `a name that no zone has is looked for once, and all names are listed once`() throws {
    let asked = Mutex((rules: 0, names: 0))
    let zones = NamedZones(
      rules: { _ in
        asked.withLock { $0.rules += 1 }
        return nil
      },
      names: {
        asked.withLock { $0.names += 1 }
        return ["Europe/Stockholm"]
      })
    for _ in 0..<3 {
      _ = try evaluationError("timestamp(0).getHours('Europe/Stokholm')", Bindings(zones: zones))
    }
    #expect(asked.withLock { $0 } == (1, 1))
  }

  @Test(arguments: [
    (zones as NamedZones?, usage),
    (
      NamedZones(rules: { _ in nil }, names: { [] }),
      "this machine has no time zone database: install the package `tzdata`"
    ), (nil, "use `UTC` or an offset like `+02:00`"),
  ])
  func `a zone of which there is none is an error that says what to do`(
    _ zones: NamedZones?, _ hint: String
  ) throws {
    for name in ["Europe/Stokholm", "../Europe/Stockholm", "+2:00", "utc"] {
      let error = try evaluationError("timestamp(0).getHours('\(name)')", Bindings(zones: zones))
      #expect(error.message == "unknown time zone: \"\(name)\"")
      #expect(error.hint == hint)
    }
  }

  @Test func `a secret zone is not shown, nor what is like it`() throws {
    let error = try evaluationError("timestamp(0).getHours(hidden)", Self.bindings)
    #expect(error.message == "unknown time zone")
    #expect(error.hint == Self.usage)
    let value = try evaluate("timestamp(0).getHours(hidden + '')", ["hidden": .secret(text: "UTC")])
    #expect(value == .secret(Secret(0)))
  }

  @Test func `a name that is written out is looked up by the checker`() throws {
    var environment: TypeEnvironment = ["zone": .string]
    environment.zones = Self.zones
    let source = "timestamp(0).getHours('Europe/Stokholm')"
    #expect(
      try Expression(source).check(in: environment).diagnostics == [
        Diagnostic(
          .unknownTimezone, "there is no time zone `Europe/Stokholm`",
          at: SourceLocation(file: "a.yaml", line: 1, column: 23, length: 17),
          hint: "did you mean `Europe/Stockholm`?")
      ])
    for right in ["'Europe/Stockholm'", "'+05:30'", "'UTC'", "zone", "zone + 'x'", ""] {
      #expect(
        try Expression("timestamp(0).getHours(\(right))").check(in: environment).diagnostics == [])
    }
  }

  @Test func `where no zone has a name, the checker refuses one`() throws {
    let found = try Expression("timestamp(0).getHours('Europe/Stockholm')").check(in: [:])
    #expect(found.diagnostics.map(\.code) == [.unknownTimezone])
    #expect(found.diagnostics.map(\.hint) == ["use `UTC` or an offset like `+02:00`"])
  }
}

import FoundationEssentials
import Testing
import TimeZones

/// Zones by their names.
@Suite struct TimeZoneDatabaseTests {
  @Test(arguments: ["Europe/Stockholm", "Etc/GMT+12", "America/New_York"])
  func `a name in the folder is a zone`(name: String) {
    #expect(ZoneFixtures.database.rules(name)?.name == name)
  }

  @Test(arguments: [
    "", "Europe", "Europe/", "/Europe/Stockholm", "Europe//Stockholm", "europe/stockholm",
    "Europe/../Europe/Stockholm", "../slim/Europe/Stockholm", "./Europe/Stockholm",
    "Europe/Stockholm\u{0}", "Europe/Stockholm ", "Europe/Atlantis", "Etc/GMT+12/x",
    "A/B/C/D/E", String(repeating: "A", count: 101), "Ø/B",
  ])
  func `any other name is none`(name: String) {
    #expect(ZoneFixtures.database.rules(name) == nil)
  }

  @Test func `copies of the zones under other names are left out`() throws {
    let place = try TemporaryFolder()
    for name in ["posix/Europe", "right/Europe", "Europe"] {
      try place.write(ZoneFixtures.bytes("slim/Europe/Stockholm"), to: "\(name)/Stockholm")
    }
    try place.write(Array("no zone".utf8), to: "zone.tab")
    let database = TimeZoneDatabase.folder(place.path)
    #expect(database.names() == ["Europe/Stockholm"])
    #expect(database.rules("posix/Europe/Stockholm") == nil)
    #expect(database.rules("right/Europe/Stockholm") == nil)
    #expect(database.rules("Europe/Stockholm") != nil)
  }

  @Test func `names come from the source of the database where it is there`() throws {
    let place = try TemporaryFolder()
    let lines = [
      "# version 2025b", "R A 1916 o - Jun 14 23s 1 S", "Z Europe/Stockholm 1:12:12 - LMT 1879",
      "1 E CE%sT", "L Europe/Stockholm Sweden/Stockholm", "Z Africa/Abidjan -0:16:8 - LMT 1912",
      "Z", "L a", "Z bad/../name 0 - X",
    ]
    try place.write(Array(lines.joined(separator: "\n").utf8), to: "tzdata.zi")
    #expect(
      TimeZoneDatabase.folder(place.path).names()
        == ["Africa/Abidjan", "Europe/Stockholm", "Sweden/Stockholm"])
  }

  @Test func `a file that has changed is read again`() throws {
    let place = try TemporaryFolder()
    let database = TimeZoneDatabase.folder(place.path)
    #expect(database.rules("Here") == nil)
    try place.write(ZoneFixtures.bytes("slim/Europe/Stockholm"), to: "Here")
    let first = try #require(database.rules("Here"))
    #expect(first.segment(at: 0).abbreviation == "CET")
    try place.write(ZoneFixtures.bytes("slim/Asia/Tehran"), to: "Here")
    let second = try #require(database.rules("Here"))
    #expect(second.segment(at: 0).offset == 12_600)
    try place.write([1, 2, 3], to: "Here")
    #expect(database.rules("Here") == nil)
  }

  @Test func `UTC needs no file`() throws {
    let place = try TemporaryFolder()
    let database = TimeZoneDatabase.folder("\(place.path)/missing")
    #expect(database.rules("UTC") == .utc)
    #expect(database.names() == [])
  }
}

/// A folder that is gone after the test.
private final class TemporaryFolder {
  let path: String

  init() throws {
    path = URL.temporaryDirectory.path + "/privirun-zones-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], to name: String) throws {
    let file = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      atPath: file.deletingLastPathComponent().path, withIntermediateDirectories: true)
    try Data(bytes).write(to: file, options: .atomic)
  }
}

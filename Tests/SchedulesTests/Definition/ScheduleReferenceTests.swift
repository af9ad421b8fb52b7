import Diagnostics
import FoundationEssentials
import Playbooks
import Schedules
import Testing
import TimeZones

/// `docs/schedules.md` says what schedules do.
@Suite struct ScheduleReferenceTests {
  private static func reference() throws -> String {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let url = URL(filePath: "/\(root)/docs/schedules.md")
    return String(decoding: try Data(contentsOf: url), as: UTF8.self)
  }

  /// The cells of each row of tables.
  private static func rows() throws -> [[String]] {
    try reference().split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
      line.split(separator: "|").map { $0.trimmed }
    }
  }

  @Test func `the reference lists the keys in order`() throws {
    let keys = ScheduleReader.knownKeys
    let listed = try Self.rows().map { String($0[0].dropFirst().prefix { $0 != "`" }) }
    #expect(listed.filter { keys.contains($0) && $0 != "notify" } == keys.filter { $0 != "notify" })
  }

  private static func changes() throws -> [[String]] {
    try rows().filter { $0.count == 3 && $0[1].hasSuffix("Z") }
  }

  @Test(arguments: try Self.changes())
  func `clocks that are set move due instants as the reference says`(row: [String]) throws {
    let schedule = try Sample.schedule(
      String(row[0].dropFirst().dropLast()), "Europe/Stockholm")
    let expected = row[2].split(separator: ",").map { $0.trimmed }
    let found = try schedule.words(after: String(row[1].dropLast()), expected.count)
    #expect(found.map { String($0.prefix { $0 != " " }) } == expected)
  }

  private static func examples() throws -> [String] {
    try reference().split(separator: "```yaml\n").dropFirst().compactMap {
      $0.split(separator: "```").first.map(String.init)
    }
  }

  @Test(arguments: try Self.examples())
  func `an example of the reference is a schedule without warnings`(example: String) throws {
    let node = try YAMLNode(parsing: Array(example.utf8), file: "schedules.md")
    var nodes = PlaybookReader(file: "schedules.md")
    let schedule = try #require(node["schedule"])
    #expect(ScheduleReader.read(schedule, with: &nodes, zones: Sample.zones) != nil)
    #expect(nodes.diagnostics.elements == [])
  }

  @Test func `the reference has rows and examples`() throws {
    #expect(try Self.changes().count == 8)
    #expect(try Self.examples().count == 3)
  }
}

extension Substring {
  /// Without the blanks around it.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

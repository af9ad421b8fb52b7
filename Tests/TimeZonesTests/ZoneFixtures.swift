import FoundationEssentials
import Testing
import TimeZones

/// The zones beside these tests, whose rules no update of the machine changes.
enum ZoneFixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures"
  static let database = TimeZoneDatabase.folder("\(folder)/slim")

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
  }

  static func rules(_ name: String) throws -> TimeZoneRules {
    try #require(database.rules(name), "\(name)")
  }

  /// A line of `changes.tsv`.
  struct Change {
    var second: Int64?
    /// Whether it begins there, or is only shown then.
    var isChange: Bool
    var offset: Int
    var abbreviation: String
  }

  /// The changes of each zone, in order.
  static let changes: [String: [Change]] = {
    let text = (try? bytes("changes.tsv")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").reduce(into: [:]) { changes, line in
      let cells = line.split(separator: "\t")
      let mark = cells[1].hasPrefix("at ") ? cells[1].dropFirst(3) : cells[1]
      changes[String(cells[0]), default: []].append(
        Change(
          second: Int64(mark), isChange: Int64(cells[1]) != nil, offset: Int(cells[2]) ?? 0,
          abbreviation: String(cells[3])))
    }
  }()
}

import Files
import Synchronization

extension TimeZoneDatabase {
  /// The database of this machine, `/usr/share/zoneinfo`.
  package static let system = TimeZoneDatabase.folder("/usr/share/zoneinfo")

  /// The database in `folder`, which has a TZif file for each zone.
  ///
  /// A file is read when its zone is first asked for, and again when it has changed since. `UTC` needs
  /// no file.
  package static func folder(_ folder: String) -> TimeZoneDatabase {
    let zones = ZoneFolder(folder)
    return TimeZoneDatabase(rules: { zones.rules(of: $0) }, names: { zones.names })
  }
}

/// A folder of TZif files, with the zones that were read.
private final class ZoneFolder: Sendable {
  /// The largest file that is read; those of the tz database have a few kilobytes.
  private static let longestFile = 1 << 20
  /// The most parts of a name, as in `America/Argentina/Ushuaia`.
  private static let mostParts = 4
  private static let longestName = 100

  private struct Known {
    var rules: TimeZoneRules
    var size: Int
    var modified: Duration
    var identity: FileIdentity

    func isOf(_ status: FileStatus) -> Bool {
      size == status.size && modified == status.modified && identity == status.identity
    }
  }

  private let folder: String
  private let known = Mutex<[String: Known]>([:])

  init(_ folder: String) {
    self.folder = folder
  }

  func rules(of name: String) -> TimeZoneRules? {
    if name == TimeZoneRules.utc.name { return .utc }
    let path = "\(folder)/\(name)"
    guard Self.isName(name), let status = try? FileStatus(of: path) else { return nil }
    if let found = known.withLock({ $0[name] }), found.isOf(status) { return found.rules }
    guard let bytes = try? OpenFile.reading(path).rest(atMost: Self.longestFile),
      let rules = TimeZoneRules(name: name, file: bytes)
    else { return nil }
    let found = Known(
      rules: rules, size: status.size, modified: status.modified, identity: status.identity)
    known.withLock { $0[name] = found }
    return rules
  }

  // MARK: Names

  /// Whether `name` can be that of a zone; `posix/` and `right/` hold copies of the others.
  private static func isName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return name.utf8.count <= longestName && parts.count <= mostParts
      && parts.allSatisfy { isPart($0.utf8) }
      && name.utf8.first.map { (0x41...0x5A).contains($0) } ?? false
  }

  private static func isPart(_ part: Substring.UTF8View) -> Bool {
    !part.isEmpty
      && part.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "+"):
          true
        default: false
        }
      }
  }

  /// The names of all zones, in order.
  var names: [String] {
    let listed = listedNames
    return listed.isEmpty ? names(in: "", depth: 1).sorted() : listed
  }

  /// Those that the source of the database lists, `tzdata.zi`, which many systems keep beside its files.
  private var listedNames: [String] {
    guard let bytes = try? OpenFile.reading("\(folder)/tzdata.zi").rest(atMost: Self.longestFile)
    else { return [] }
    let names = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      switch words.first {
      case "Z" where words.count > 1: return String(words[1])
      case "L" where words.count > 2: return String(words[2])
      case _: return nil
      }
    }
    return Set(names).filter { Self.isName($0) }.sorted()
  }

  private func names(in subfolder: String, depth: Int) -> [String] {
    let names = (try? Folder.names(in: UserPath.join(folder, subfolder))) ?? []
    return names.map { UserPath.join(subfolder, $0) }.filter { Self.isName($0) }.flatMap { name in
      guard FileStatus.problem(of: "\(folder)/\(name)") != nil else { return [name] }
      return depth < Self.mostParts ? self.names(in: name, depth: depth + 1) : []
    }
  }
}

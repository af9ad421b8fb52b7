import Foundation
import Testing

/// A folder of its own for one test, gone when the test is over.
final class TemporaryFolder: Sendable {
  let path: String

  /// Where folders are in memory, if there is such a place.
  static let memory = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"

  init(in parent: String = "/tmp") throws {
    var template = Array("\(parent)/journal-test-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of the journal that a test works with.
  var journal: String { path + "/inner/journal.sqlite" }

  func mode(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  /// How long a file of the journal is, by what follows its name.
  func size(_ suffix: String) throws -> Int {
    try #require(
      try FileManager.default.attributesOfItem(atPath: journal + suffix)[.size] as? Int)
  }

  /// The bytes of all files of the journal, by what follows its name.
  func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for suffix in ["", "-wal", "-shm"] {
      files[suffix] = FileManager.default.contents(atPath: journal + suffix)
    }
    return files
  }

  /// Puts files down where the journal is expected, with its key.
  func place(_ files: [String: Data], keyFrom other: TemporaryFolder) throws {
    try FileManager.default.createDirectory(
      atPath: path + "/inner", withIntermediateDirectories: true)
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: journal + suffix)
    }
    for (suffix, data) in files { try data.write(to: URL(filePath: journal + suffix)) }
    if !FileManager.default.fileExists(atPath: journal + ".key") {
      try FileManager.default.copyItem(atPath: other.journal + ".key", toPath: journal + ".key")
    }
  }
}

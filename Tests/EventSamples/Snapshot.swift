import Foundation

/// Texts kept beside the tests, to compare whole outputs with.
package enum Snapshot {
  /// What `Fixtures/name` beside the calling test file holds.
  package static func kept(_ name: String, file: String = #filePath) throws -> String {
    let url = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    return try String(contentsOf: url, encoding: .utf8)
  }

  /// What `Fixtures/name` beside the calling test file holds, to be compared with `text`.
  ///
  /// With `RECORD_SNAPSHOTS=1` in the environment, `text` is written there first, and the answer is
  /// empty, so that a recording test fails.
  package static func kept(
    _ name: String, insteadOf text: String, file: String = #filePath
  ) throws -> String {
    let url = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try text.write(to: url, atomically: true, encoding: .utf8)
      return ""
    }
    return try String(contentsOf: url, encoding: .utf8)
  }
}

import Foundation
import Testing

/// What `--output json` prints.
enum JSONLines {
  /// The object on each line; fails the test when a line holds anything else.
  static func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }
}

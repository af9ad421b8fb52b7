import Foundation
import Testing

/// The files beside these tests.
enum Fixtures {
  /// The names of the bad files, without `.yaml`.
  static let bad: [String] = names(in: "bad", ending: ".yaml")

  static func bytes(_ path: String) throws -> [UInt8] {
    let file = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/\(path)")
    return Array(try Data(contentsOf: file))
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  /// Where `path` stands in the repository, for writing what a test has found.
  static func source(_ path: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(path)")
  }

  private static func names(in folder: String, ending suffix: String) -> [String] {
    let path = Bundle.module.resourceURL?.appending(path: "Fixtures/\(folder)").path() ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
  }
}

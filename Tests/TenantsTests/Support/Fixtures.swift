import FoundationEssentials

/// The fixtures of these tests, found from where this file was compiled.
enum Fixtures {
  static let folder: String = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/") + "/Fixtures"
  }()

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
  }

  /// The names of the files of `folder` with this ending, without it, sorted.
  static func names(in folder: String, endingIn ending: String) -> [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: "\(Self.folder)/\(folder)")
    return (files ?? []).filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
      .sorted()
  }
}

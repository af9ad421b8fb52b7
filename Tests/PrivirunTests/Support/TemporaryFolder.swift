import Foundation

/// A folder of its own for one test, gone afterwards.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(
        component: "privirun-tests-\(UUID().uuidString)"
      ).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file in it, with the folders on the way.
  func write(_ text: String, to name: String) throws {
    let file = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Every file in a folder of it, by name.
  func bytes(below name: String) throws -> [String: Data] {
    let folder = URL(filePath: path).appending(path: name)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try names.reduce(into: [:]) { files, name in
      let file = folder.appending(component: name)
      if !file.hasDirectoryPath { files[name] = try Data(contentsOf: file) }
    }
  }
}

/// Where this package's own files are.
enum PackageFiles {
  static let root = "/" + "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")

  static var workflows: String { "\(root)/workflows" }

  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
  }
}

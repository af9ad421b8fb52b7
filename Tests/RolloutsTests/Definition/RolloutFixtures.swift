import Diagnostics
import FoundationEssentials
import Rollouts
import Testing

/// The rollout files beside these tests.
enum RolloutFixtures {
  /// The names of the files in `folder`, without `.yaml`.
  static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path(name))))
  }

  static func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  static func rollout(_ name: String) throws -> RolloutDefinition {
    try RolloutFile.read(bytes(name), file: name)
  }

  /// Compares `rendered` with the file at `path`; with `PRIVIRUN_UPDATE_EXPECTED=1` writes it instead.
  static func expect(
    _ rendered: String, at path: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    if ProcessInfo.processInfo.environment["PRIVIRUN_UPDATE_EXPECTED"] != nil {
      try Data(rendered.utf8).write(to: URL(filePath: self.path(path)))
      Issue.record("wrote \(path)", sourceLocation: sourceLocation)
      return
    }
    #expect(try rendered == text(path), sourceLocation: sourceLocation)
  }

  /// The diagnostics as people see them, each line of `file` quoted.
  static func render(_ diagnostics: [Diagnostic], _ bytes: [UInt8], file: String) -> String {
    DiagnosticRenderer(texts: RolloutFile.texts(of: bytes, file: file)).render(diagnostics) + "\n"
  }

  private static func path(_ name: String) -> String {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return "/\(folder)/Fixtures/\(name)"
  }
}

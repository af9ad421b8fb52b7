import Diagnostics
import Diagrams
import Foundation
import Operations
import Planning
import Playbooks

/// The playbooks beside these tests and in the repository, and how their drawings are expected to be.
enum DiagramFixtures {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let api = Result { () throws(InvalidInput) in try APIDescription.embedded() }

  /// The paths of the shipped workflows.
  static let shipped: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: repository.appending(path: "workflows").path())
    return (names ?? []).filter { $0.hasSuffix(".yaml") }.sorted().map { "workflows/\($0)" }
  }()

  static func checked(_ path: String) throws -> CheckedPlaybook {
    let isShipped = path.hasPrefix("workflows/")
    let file = (isShipped ? repository : folder).appending(path: path).path()
    var texts = SourceTexts()
    let loaded = try PlaybookLoader(files: .disk).load(file, texts: &texts)
    return try Planner(api: try api.get()).check(loaded)
  }

  /// A playbook of these steps alone.
  static func checked(steps: String) throws -> CheckedPlaybook {
    let bytes = Array("playbook: 1\nname: made\nsteps:\n\(steps)".utf8)
    let files = PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in path },
      read: { _, _ throws(PlaybookFiles.Problem) in bytes }, names: { _ in nil })
    var texts = SourceTexts()
    let loaded = try PlaybookLoader(files: files).load("/made.yaml", texts: &texts)
    return try Planner(api: try api.get()).check(loaded)
  }

  static func write(_ text: String, to name: String) {
    try? text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
  }

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }
}

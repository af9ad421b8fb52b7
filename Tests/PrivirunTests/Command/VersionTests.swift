import Foundation
import Testing

@testable import privirun

@Suite("The version", .timeLimit(.minutes(20)))
struct VersionTests {
  /// What `version --output json` prints.
  private struct Report: Decodable {
    struct Library: Decodable {
      var name: String
      var version: String
    }

    var version: Int
    var program: String
    var commit: String?
    var modified: Bool?
    var swift: String?
    var target: String?
    var libraries: [Library]
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `the text shows what the JSON shows`() async throws {
    let json = try await Program.run("version", "--output", "json", in: folder.path)
    let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
    #expect(report.version == 1)
    #expect((report.commit == nil) == (report.modified == nil))
    let modified = report.modified == true ? ", modified" : ""
    let width = report.libraries.map(\.name.count).max() ?? 0
    let libraries = report.libraries.map { library in
      "  \(library.name.padding(toLength: width, withPad: " ", startingAt: 0))  \(library.version)\n"
    }
    let text = """
      privirun \(report.program)
      commit  \(report.commit ?? "unknown")\(modified)
      swift   \(report.swift ?? "unknown")
      target  \(report.target ?? "unknown")

      """
    #expect(
      try await Program.run("version", in: folder.path)
        == Ended(status: 0, output: text + libraries.joined()))
    #expect(json.errors.isEmpty && json.status == 0 && json.output.hasSuffix("\n"))
  }

  @Test func `--version prints the version of the program alone`() async throws {
    #expect(
      try await Program.run("--version", in: folder.path)
        == Ended(status: 0, output: "\(Version.text)\n"))
  }
}

import Diagnostics
import OrderedCollections
import Planning
import Playbooks
import Testing

/// The playbooks that ship with the program.
@Suite struct ShippedWorkflowTests {
  static let paths = files.filter { !isRollout($0) && !$0.contains("/inputs/") }

  /// Whether a path, or a row of the index that links to it, is of a rollout.
  private static func isRollout(_ path: String) -> Bool { path.contains("rollouts/") }

  /// The rows of the index.
  private static func rows() throws -> [String] {
    try PackageFiles.text("workflows/README.md").split(separator: "\n")
      .filter { $0.hasPrefix("| [") }.map(String.init)
  }

  private static let files =
    (try? PackageFiles.paths(under: "workflows", endingIn: ".yaml")) ?? []

  @Test func `the onboarding playbook ships`() {
    #expect(Self.paths.contains("workflows/onboard-tenant.yaml"))
  }

  @Test(arguments: paths)
  func `a shipped workflow has no diagnostics`(_ path: String) throws {
    var texts = SourceTexts()
    do {
      let loaded = try PlaybookLoader().load("\(PackageFiles.root)/\(path)", texts: &texts)
      let checked = try Planner(api: try EmbeddedAPI.description()).check(loaded)
      #expect(checked.warnings.isEmpty)
    } catch let error as InvalidInput {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
    }
  }

  @Test func `the index names every shipped workflow, with its summary`() throws {
    let rows = try Self.rows().filter { !Self.isRollout($0) }
    let expected = try Self.paths.map { path in
      var texts = SourceTexts()
      let loaded = try PlaybookLoader().load("\(PackageFiles.root)/\(path)", texts: &texts)
      let name = path.dropFirst("workflows/".count)
      let summary = try #require(loaded.first?.summary, "\(path)")
      return "| [\(name)](\(name)) | \(summary) |"
    }
    #expect(rows.sorted() == expected.sorted())
  }

  @Test func `the index names every shipped rollout, with its summary`() throws {
    let rows = try Self.rows().filter(Self.isRollout)
    let expected = try Self.files.filter(Self.isRollout).map { path in
      let lines = try PackageFiles.text(path).split(separator: "\n")
      let summary = try #require(lines.first { $0.hasPrefix("summary: ") }, "\(path)")
      let name = path.dropFirst("workflows/".count)
      return "| [\(name)](\(name)) | \(summary.dropFirst("summary: ".count)) |"
    }
    #expect(!expected.isEmpty)
    #expect(rows.sorted() == expected.sorted())
  }

  @Test func `every shipped workflow has a summary and describes its inputs`() throws {
    for path in Self.paths {
      #expect(try PackageFiles.text(path).hasPrefix("# "), "\(path)")
      var texts = SourceTexts()
      let loaded = try PlaybookLoader().load("\(PackageFiles.root)/\(path)", texts: &texts)
      let inputs = loaded.first?.inputs.filter { $0.value.summary == nil } ?? [:]
      #expect(inputs.isEmpty, "\(path)")
    }
  }
}

import Diagnostics
import Planning
import Playbooks
import Testing

/// The playbooks that ship with the program.
@Suite struct ShippedWorkflowTests {
  static let paths = (try? PackageFiles.paths(under: "workflows", endingIn: ".yaml")) ?? []

  @Test func `the onboarding playbook ships`() {
    #expect(Self.paths.contains("workflows/onboard-tenant.yaml"))
  }

  @Test(arguments: paths)
  func `a shipped workflow has no findings`(_ path: String) throws {
    var texts = SourceTexts()
    do {
      let loaded = try PlaybookLoader().load("\(PackageFiles.root)/\(path)", texts: &texts)
      let checked = try Planner(api: try EmbeddedAPI.description()).check(loaded)
      #expect(checked.warnings.isEmpty)
    } catch let error as InvalidInput {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
    }
  }
}

import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks
import Reporting
import Testing

@Suite("The manual")
struct ManualTests {
  @Test func `the example on each page is accepted by check`() throws {
    let api = try APIDescription.embedded()
    let manual = OperationManual(api: api)
    #expect(manual.ids.count == api.operations.count + LocalAction.allCases.count)
    for id in manual.ids {
      let page = try #require(manual.page(of: id))
      let example = page.split(separator: "\n").drop { $0 != "Example" }.dropFirst()
        .prefix { $0.hasPrefix("  ") }
      let text = """
        playbook: 1
        name: example
        session: {username: u, password: "${{ inputs.p }}"}
        inputs: {p: {type: secret}}
        steps:
        \(example.joined(separator: "\n"))

        """
      #expect(findings(in: text, api) == [], "\(id)")
    }
  }

  private func findings(in text: String, _ api: APIDescription) -> [String] {
    do {
      var texts = SourceTexts()
      let files = PlaybookFiles.containing(text)
      _ = try Planner(api: api).check(
        try PlaybookLoader(files: files).load("example.yaml", texts: &texts))
      return []
    } catch {
      return error.diagnostics.map(\.message)
    }
  }
}

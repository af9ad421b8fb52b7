import Diagnostics
import Operations
import Planning
import Playbooks
import Testing

@testable import Reporting

/// What the manual of an operation shows can be copied into a playbook.
struct ManualExampleTests {
  private static let api = Result { () throws(InvalidInput) in try APIDescription.embedded() }

  /// The ids of everything that has a page.
  private static let callables: [String] =
    (try? api.get()).map { OperationManual(api: $0).ids } ?? []

  @Test func `there are examples`() { #expect(Self.callables.count > 50) }

  @Test(arguments: callables)
  func `the example of an operation passes the check`(id: String) throws {
    let page = try #require(OperationManual(api: try Self.api.get()).text(of: id))
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "Example"))
    let example = lines[(start + 1)...].prefix { !$0.isEmpty }
    let text = """
      playbook: 1
      steps:
      \(example.joined(separator: "\n"))

      """
    let files = PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in "/\(path)" },
      read: { _, _ throws(PlaybookFiles.Problem) in Array(text.utf8) }, names: { _ in nil })
    var texts = SourceTexts()
    do throws(InvalidInput) {
      _ = try Planner(api: try Self.api.get())
        .check(try PlaybookLoader(files: files).load("a.yaml", texts: &texts))
    } catch {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
    }
  }
}

import Diagnostics
import Foundation
import Playbooks
import Testing

/// The examples of the language reference are read as they stand.
struct DocumentedExampleTests {
  @Test(arguments: try Self.examples())
  func `an example of the reference can be read`(example: String) throws {
    do {
      _ = try Playbook(parsing: Array(example.utf8), file: "language.md")
    } catch {
      var texts = SourceTexts()
      texts["language.md"] = example
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
    }
  }

  @Test func `the reference has examples`() throws {
    #expect(try Self.examples().count == 19)
  }

  /// Each block as a whole playbook: steps and inputs alone get what is missing.
  private static func examples() throws -> [String] {
    let file = URL(filePath: #filePath).appending(path: "../../../../docs/language.md").standardized
    let text = try String(contentsOf: file, encoding: .utf8)
    let blocks = text.components(separatedBy: "```yaml\n").dropFirst().map { block in
      String(block.components(separatedBy: "```")[0])
    }
    return blocks.map { block in
      if block.hasPrefix("playbook:") { return block }
      if block.hasPrefix("- ") { return "playbook: 1\nsteps:\n\(block)" }
      return "playbook: 1\nsteps: [ { wait: 1s } ]\n\(block)"
    }
  }
}

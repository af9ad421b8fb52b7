import Diagnostics
import Operations
import Planning
import Playbooks

/// Reads and checks one playbook with everything it plays.
struct PlaybookChecking {
  let api: APIDescription

  /// The checked playbook and its texts; throws with all findings on standard error.
  func load(_ path: String, reporting output: OutputOptions) throws -> (
    CheckedPlaybook, SourceTexts
  ) {
    let path = try CommandPath.expand(path)
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader().load(path, texts: &texts)
      let checked = try Planner(api: api).check(loaded)
      output.report(checked.warnings, quoting: texts)
      return (checked, texts)
    } catch {
      output.report(error.diagnostics, quoting: texts)
      throw CommandEnding(status: .invalid)
    }
  }
}

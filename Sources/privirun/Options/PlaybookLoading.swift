import Diagnostics
import Operations
import Planning
import Playbooks

/// Reads and checks one playbook with everything it plays.
struct PlaybookLoading {
  let api: APIDescription

  /// The checked playbook and its texts; throws with all findings on standard error.
  func load(_ path: String, reporting output: OutputOptions) throws -> (
    CheckedPlaybook, SourceTexts
  ) {
    let loaded = try read(path, reporting: output)
    do throws(InvalidInput) {
      let checked = try Planner(api: api).check(loaded)
      output.report(checked.warnings, quoting: loaded.texts)
      return (checked, loaded.texts)
    } catch {
      output.report(error.diagnostics, quoting: loaded.texts)
      throw CommandEnding(status: .invalid)
    }
  }
}

import Diagnostics
import Operations
import Planning
import Playbooks

/// Reads and checks one playbook with everything it plays.
struct PlaybookChecking {
  let api: APIDescription
  /// Prints the diagnostics of a file, which quote the texts.
  let report: ([Diagnostic], SourceTexts) -> Void

  /// The checked playbook and its texts; throws when there is an error, after all are reported.
  func load(_ path: String) throws -> (CheckedPlaybook, SourceTexts) {
    let (checked, texts, _) = try loadRecorded(path)
    return (checked, texts)
  }

  /// The same, with everything that was read.
  func loadRecorded(
    _ path: String
  ) throws -> (CheckedPlaybook, SourceTexts, RecordedFiles) {
    let given = try CommandPath.expand(path)
    let isStream = PlaybookFiles.isStream(given)
    let recording = FileRecording(of: isStream ? .disk.reading(streamAt: given) : .disk)
    return try load(isStream ? PlaybookFiles.streamName : given, recording)
  }

  /// The same of a playbook with this text, which the program made for a single call.
  func loadRecorded(
    call text: String
  ) throws -> (CheckedPlaybook, SourceTexts, RecordedFiles) {
    let checking = PlaybookChecking(api: api) { report($0.map(\.ofCall), $1) }
    return try checking.load(
      PlaybookFiles.callName, FileRecording(of: .disk.holding(call: text)))
  }

  private func load(
    _ path: String, _ recording: FileRecording
  ) throws -> (CheckedPlaybook, SourceTexts, RecordedFiles) {
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader(files: recording.files).load(path, texts: &texts)
      let checked = try Planner(api: api, zones: .system()).check(loaded)
      report(checked.warnings, texts)
      return (checked, texts, recording.recorded)
    } catch {
      report(error.diagnostics, texts)
      throw CommandEnding(status: .invalid)
    }
  }
}

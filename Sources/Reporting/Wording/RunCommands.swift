package import Events
import Playbooks

/// The commands that are suggested for a run, written as a shell reads them.
package struct RunCommands: Sendable, Hashable {
  private let run: RunID
  /// The journal as the commands name it; nil when they find it without.
  package let journal: JournalReference?

  /// The commands for `run`, with `journal` where they would not find it otherwise.
  package init(of run: RunID, journal: JournalReference? = nil) {
    self.run = run
    self.journal = journal
  }

  /// Such as `privirun resume 7k2m9q0d4x1z --journal runs.sqlite`.
  package var resume: String { command("resume") }

  /// Such as `privirun resolve 7k2m9q0d4x1z`.
  package var resolve: String { command("resolve") }

  /// Such as `privirun resume 7k2m9q0d4x1z --assume enrol/register=done`; with `--result JSON`, to be
  /// filled in, where no read shows what the step gave.
  package func assume(_ step: StepPath, isReadable: Bool) -> String {
    command(
      "resume", ["--assume", "\(step)=done"] + (isReadable ? [] : ["--result", "JSON"]))
  }

  /// Such as `privirun cancel 7k2m9q0d4x1z`.
  package var cancel: String { command("cancel") }

  /// Such as `privirun show 7k2m9q0d4x1z`.
  package var show: String { command("show") }

  /// Such as `privirun show 7k2m9q0d4x1z --paths`.
  package var paths: String { command("show", ["--paths"]) }

  /// Such as `privirun show 7k2m9q0d4x1z --verify`.
  package var verify: String { command("show", ["--verify"]) }

  /// Such as `privirun approve 7k2m9q0d4x1z release --field reason=TEXT`, to be filled in.
  package func approve(_ step: StepPath, _ fields: [ApprovalField]) -> String {
    command(
      "approve", ["\(step)"] + fields.flatMap { ["--field", "\($0.name)=\($0.placeholder)"] })
  }

  private func command(_ name: String, _ arguments: [String] = []) -> String {
    ShellWords.line(["privirun", name, run.text] + arguments + (journal?.arguments ?? []))
  }
}

extension ApprovalField {
  /// What stands for the value until a person fills it in.
  fileprivate var placeholder: String {
    switch type {
    case .secret: "env:VARIABLE"
    case .string: "TEXT"
    case .integer, .number, .boolean, .bytes, .file, .any, .list, .map, .record:
      type.word.uppercased()
    }
  }
}

import Events
import Playbooks

/// The exit codes of the program (design §7).
enum ExitStatus: Int32, Sendable {
  case succeeded = 0
  /// The run failed.
  case failed = 1
  /// The file, the inputs or the usage are wrong; nothing was sent.
  case invalid = 2
  /// In doubt, or waiting for a decision.
  case inDoubt = 3
  case cancelled = 4
  /// The service could not be reached.
  case unreachable = 5
  /// What was compared differs, and the exit code was to say so.
  case different = 6
  /// Internal error.
  case fault = 70
  /// All went well, but standard output could not be written.
  case unwritten = 74
  /// Another process drives the run.
  case owned = 75

  /// The status of a run that ended like this.
  init(_ result: RunResult) {
    switch result.outcome {
    case .succeeded, .unchanged, .skipped, .tolerated: self = .succeeded
    case .inDoubt: self = .inDoubt
    case .cancelled: self = .cancelled
    case .failed: self = result.failure?.isUnreachable == true ? .unreachable : .failed
    }
  }
}

/// Ends the command with a status and a message for standard error.
struct CommandFailure: Error {
  let status: ExitStatus
  /// What is wrong, without a full stop.
  let reason: String
  /// What to do about it; nil where nothing can be said.
  let hint: String?
  /// Whether the same fails again as long as the journal is what it is, whatever else is mended.
  var isLasting = false

  /// Ends with a newline.
  var message: String {
    "privirun: \(reason)\(hint.map { "\n  hint: \($0)" } ?? "")\n"
  }

  init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
    self.status = status
    self.hint = hint
    reason = message
  }

  /// The same failure, of which is known that it lasts.
  var lasting: CommandFailure {
    var failure = self
    failure.isLasting = true
    return failure
  }
}

/// Ends the command with a status; everything has been said.
struct CommandEnding: Error {
  let status: ExitStatus
}

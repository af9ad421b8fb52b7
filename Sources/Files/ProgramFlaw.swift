/// Why a program that was run did not do what it was run for.
package enum ProgramFlaw: Error, Sendable, Hashable {
  /// The system's reason.
  case notStarted(String)
  case failed(status: Int32)
  case ended(signal: Int32)
  case tooSlow(seconds: Int)
  case tooLarge(limit: Int)
  /// Whoever ran it did not want to wait any longer.
  case stopped
}

extension ProgramFlaw {
  /// What follows the name of the program in a message.
  package var phrase: String {
    switch self {
    case .notStarted(let reason): "cannot be started: \(reason)"
    case .failed(let status): "failed with exit status \(status)"
    case .ended(let signal): "was ended by signal \(signal)"
    case .tooSlow(let seconds): "did not end within \(seconds) seconds"
    case .tooLarge(let limit): "wrote more than \(limit) bytes"
    case .stopped: "was stopped"
    }
  }
}

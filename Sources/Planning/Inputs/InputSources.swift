import Diagnostics
package import Files

/// Where input values may come from besides the command line, as closures.
package struct InputSources: Sendable {
  /// The value of an environment variable.
  package var environment: @Sendable (_ name: String) -> String?
  /// The size in bytes of a file; throws when it is none that can be read.
  package var size: @Sendable (_ path: String) throws(FileFlaw) -> Int
  /// The whole of a file, pipe or device of at most `limit` bytes.
  package var read: @Sendable (_ path: String, _ limit: Int) throws(FileFlaw) -> [UInt8]
  /// Asks a person for an input; nil when nobody can be asked, and it answers nil when nobody answers.
  package var ask: (@Sendable (_ question: InputQuestion) -> String?)?
  /// What a program writes to standard output, run with these words without a shell; nil where no
  /// program may be run.
  package var command: (@Sendable (_ words: [String]) throws(CommandFlaw) -> [UInt8])?

  /// Sources reached by these functions; without `ask` a missing input is an error.
  package init(
    environment: @escaping @Sendable (String) -> String?,
    size: @escaping @Sendable (String) throws(FileFlaw) -> Int,
    read: @escaping @Sendable (String, Int) throws(FileFlaw) -> [UInt8],
    ask: (@Sendable (InputQuestion) -> String?)? = nil,
    command: (@Sendable ([String]) throws(CommandFlaw) -> [UInt8])? = nil
  ) {
    self.environment = environment
    self.size = size
    self.read = read
    self.ask = ask
    self.command = command
  }

  /// Why a command gives no secret.
  package typealias CommandFlaw = ProgramFlaw

  /// Why a file cannot be used.
  package enum FileFlaw: Error, Sendable, Hashable {
    case missing
    case directory
    /// No permission, or no regular file; the text says which.
    case unreadable(String)
    case tooLarge(limit: Int)
  }
}

extension InputSources.FileFlaw {
  /// What follows the file's name in a message.
  package var phrase: String {
    switch self {
    case .missing: "does not exist"
    case .directory: "is a directory"
    case .unreadable(let reason): "cannot be read: \(reason)"
    case .tooLarge(let limit): "is larger than \(limit) bytes"
    }
  }

  /// The name of the rule it breaks.
  var code: DiagnosticCode {
    switch self {
    case .missing: .missingFile
    case .directory: .notAFile
    case .unreadable: .unreadableFile
    case .tooLarge: .fileTooLarge
    }
  }
}

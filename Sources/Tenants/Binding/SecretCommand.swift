import Files
package import Planning

/// Runs a program whose standard output is a secret.
///
/// It runs without a shell in the current folder, with this process's environment, no input, and its
/// standard error thrown away, since that may have parts of the secret.
package struct SecretCommand: Sendable {
  /// How long it may run, in seconds.
  let seconds: Int
  /// The most bytes that it may write.
  let limit: Int

  /// Commands that end within `seconds` and write at most `limit` bytes.
  package init(seconds: Int = 30, limit: Int = InputBinder.secretLimit) {
    self.seconds = seconds
    self.limit = limit
  }

  /// What the program `words[0]` writes with the other words as arguments; blocks until it ends.
  package func run(_ words: [String]) throws(InputSources.CommandFlaw) -> [UInt8] {
    try ProgramCall(words, output: .kept(limit: limit), seconds: seconds).run()
  }
}

extension InputSources {
  /// The same sources, with the programs of this machine.
  package func runningCommands(_ command: SecretCommand = SecretCommand()) -> InputSources {
    var sources = self
    sources.command = { words throws(InputSources.CommandFlaw) in try command.run(words) }
    return sources
  }
}

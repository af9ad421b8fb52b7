/// What of a file could not be read, so that nothing is concluded from its absence.
package struct UnreadParts: Sendable, Hashable {
  /// The words in them: inputs, steps and outputs may be declared or used there.
  package var words: Set<String> = []
  /// Whether some session could not be read, so that it is not known who needs one.
  package var hidesSession = false
  /// Whether there may be more outputs than those that were read.
  package var hidesOutputs = false

  /// Nothing: the whole file was read.
  package init() {}
}

extension UnreadParts {
  /// Adds every name in `text`.
  mutating func add(_ text: String) {
    for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }) {
      words.insert(String(word))
    }
  }
}

import Expressions

/// Where a command stands, as a message on the socket reports it (protocol.md §2).
package enum CommandState: Sendable, Hashable {
  case pending
  case succeeded
  case failed
  /// A state that the contract has no word for, verbatim.
  case unknown(String)

  /// Reads a number or word of any sighting; nil for what is neither.
  init?(_ value: Value?, hiding scrubber: SecretScrubber) {
    guard let text = value?.plainText else { return nil }
    switch CommandWord(word: text, note: .null) {
    case .pending: self = .pending
    case .succeeded: self = .succeeded
    case .failed: self = .failed
    case .other(let word): self = .unknown(scrubber.line(word, limit: 100))
    }
  }
}

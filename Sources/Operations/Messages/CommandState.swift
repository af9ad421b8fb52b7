package import Expressions

/// Where a command stands, as a message on the socket reports it (protocol.md §2).
package enum CommandState: Sendable, Hashable {
  case pending
  case succeeded
  /// Refused, with the reason where the message gives one as a text; nothing of it is masked.
  case failed(reason: Secret?)
  /// A state that the contract has no word for, verbatim.
  case unknown(String)

  /// Reads a number or word of any sighting; nil for what is neither.
  ///
  /// `body` came with it.
  init?(_ value: Value?, _ body: Value, hiding scrubber: SecretScrubber) {
    guard let text = value?.plainText else { return nil }
    switch CommandWord(word: text, note: .null) {
    case .pending: self = .pending
    case .succeeded: self = .succeeded
    case .failed: self = .failed(reason: RefusalReason.read(body))
    case .other(let word): self = .unknown(scrubber.line(word, limit: 100))
    }
  }
}

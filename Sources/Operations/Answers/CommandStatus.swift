package import Expressions
import Playbooks

/// What a poll of a command's status returned (protocol.md §2, "Polling").
package enum CommandStatus: Sendable, Hashable {
  case inFlight
  /// Done, with the note that came along or null.
  case succeeded(Value)
  /// Refused for good, with what came along or null, and the reason where that is a text, not masked.
  case rejected(Value, reason: Secret?)
  /// An end that the contract has no word for, verbatim.
  case unknown(word: String)
  /// HTTP 404: no such command, or not known yet (protocol.md §15).
  case notKnown
  case problem(AnswerProblem)
}

extension CommandStatus {
  /// What one answer to a poll means, without the secrets that `scrubber` knows.
  package static func read(
    _ response: APIResponse, hiding scrubber: SecretScrubber = SecretScrubber()
  ) -> CommandStatus {
    let body = AnswerBody(response)
    guard response.isSuccess else {
      guard response.status != 404 else { return .notKnown }
      let reason = ErrorReason(sensitiveNames: SensitiveNames([]), scrubber: scrubber).read(body)
      return .problem(AnswerProblem(refusing: response, reason: reason, hiding: scrubber))
    }
    switch CommandWord(body) {
    case .pending: return .inFlight
    case .succeeded(let note): return .succeeded(scrubber.recordable(note))
    case .failed(let reason):
      return .rejected(scrubber.recordable(reason), reason: RefusalReason.read(reason))
    case .other(let word):
      return response.status == 202 ? .inFlight : .unknown(word: scrubber.line(word, limit: 100))
    case nil:
      if response.status == 202 { return .inFlight }
      // The older engine reported the status by HTTP alone: 200 is done.
      guard body != .empty else { return .succeeded(.null) }
      return .problem(AnswerProblem(.malformed, "HTTP \(response.status) without a command status"))
    }
  }
}

/// One of the words or numbers that stand for a command's state, on the socket and when polled.
enum CommandWord: Sendable, Hashable {
  case pending
  case succeeded(Value)
  case failed(Value)
  case other(String)

  /// Names under which an object holds the state.
  private static let names = [
    "command_status", "commandStatus", "command-status", "status", "state",
  ]

  /// The state in an answer of any shape, or nil when there is none.
  init?(_ body: AnswerBody) {
    if let object = body.object {
      guard let word = Self.names.lazy.compactMap({ object[$0]?.plainText }).first else {
        return nil
      }
      self.init(word: word, note: object["body"] ?? object["reason"] ?? object["message"] ?? .null)
    } else if case .json(.list(let pair), _) = body, pair.count == 2, let word = pair[0].text {
      self.init(word: word, note: pair[1])
    } else if let word = body.bareWords {
      self.init(word: word, note: .null)
    } else {
      return nil
    }
  }

  /// The state that `word` stands for; the words are those of protocol.md §2 and §15.
  init(word: String, note: Value) {
    switch word.trimmed.lowercased() {
    case "1", "started", "submitted", "pending", "processing": self = .pending
    case "2", "succeeded", "success", "finished", "completed": self = .succeeded(note)
    case "3", "rejected", "failed", "error": self = .failed(note)
    default: self = .other(word)
    }
  }
}

extension AnswerBody {
  /// A bare text that may have several words.
  fileprivate var bareWords: String? {
    if case .text(let text) = self { text } else { bareText }
  }
}

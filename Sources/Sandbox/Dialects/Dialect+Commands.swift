/// How commands are accepted, polled and acknowledged.
extension Dialect {
  /// How a command id is written as a body; the header carries it always.
  package enum CommandIDForm: String, DialectChoice {
    /// `["id"]`.
    case array
    /// `"id"`.
    case string
    /// `{"commandId": "id"}`.
    case object
    /// No body.
    case header
  }

  /// The status of an accepted command.
  package enum Acceptance: String, DialectChoice {
    case accepted = "202"
    /// On the operations where it was seen.
    case ok = "200"
  }

  /// How a polled status is written.
  package enum StatusForm: String, DialectChoice {
    /// `["word"]`.
    case array
    /// `"word"`.
    case string
    /// `{"commandId", "command_status", "body"}`.
    case object
    /// 1, 2 or 3.
    case number
    /// The HTTP status alone: 202, 200 or, when it was refused, 404.
    case http
  }

  /// The HTTP status of a poll while the command is in flight.
  package enum PendingStatus: String, DialectChoice {
    case accepted = "202"
    case ok = "200"
  }

  /// What a poll of a refused command returns, where an object does not include it anyway.
  package enum RefusalForm: String, DialectChoice {
    case word
    /// In an array a second text: the reason's key.
    case reason
  }

  /// What eager polls of one command meet.
  package enum PollRate: String, DialectChoice {
    case free
    /// 429 with `Retry-After` within half a second of the one before.
    case limited
  }

  /// The word with which a poll reports a command in flight.
  package enum PendingWord: String, DialectChoice {
    case started
    case submitted
    case pending
    case processing
  }

  /// The word with which a poll reports a command that is done.
  package enum SuccessWord: String, DialectChoice {
    case succeeded
    case success
    case finished
    case completed
  }

  /// The word with which a poll reports a command that was refused.
  package enum FailureWord: String, DialectChoice {
    case rejected
    case failed
    case error
  }

  /// How often something is announced that could be announced more than once.
  package enum Occurrence: String, DialectChoice {
    case never
    case once
    case twice

    var count: Int {
      switch self {
      case .never: 0
      case .once: 1
      case .twice: 2
      }
    }
  }

  /// When a command settles.
  package enum AcknowledgementTime: String, DialectChoice {
    /// After the vault's delay.
    case settled
    /// At once: its message may overtake the HTTP answer.
    case early
  }

  /// What a message on a settled command says.
  package enum AcknowledgementBody: String, DialectChoice {
    case sentence
    /// A reason's key, or null on success.
    case key
  }

  /// The response to a request that breaks a business rule that could be seen at once.
  package enum Refused: String, DialectChoice {
    /// The command is accepted and refused when it settles.
    case later
    /// HTTP 422 at once.
    case invalid
  }
}

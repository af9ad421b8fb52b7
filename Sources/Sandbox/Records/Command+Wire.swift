import Expressions
import Operations

extension Command.State {
  /// What the WebSocket calls it: 1 pending, 2 success, 3 failed (protocol.md §2).
  var number: Int64 {
    switch self {
    case .submitted, .held, .parked: 1
    case .succeeded: 2
    case .rejected: 3
    }
  }

  /// What polling calls it.
  func word(_ dialect: Dialect) -> String {
    switch self {
    case .submitted, .held, .parked: dialect.pendingWord.rawValue
    case .succeeded: dialect.successWord.rawValue
    case .rejected: dialect.failureWord.rawValue
    }
  }

  /// What polling answers: the word, and why it was refused where the dialect includes that.
  func words(_ dialect: Dialect) -> [Value] {
    let word = Value.string(word(dialect))
    guard case .rejected(let reason) = self, dialect.refusal == .reason else { return [word] }
    return [word, .string(reason)]
  }

  /// The HTTP status of a poll; the older engine sent nothing but this status (protocol.md §2).
  func httpStatus(_ dialect: Dialect) -> Int {
    switch self {
    case .submitted, .held, .parked:
      dialect.pendingStatus == .accepted || dialect.status == .http ? 202 : 200
    case .succeeded: 200
    case .rejected: dialect.status == .http ? 404 : 200
    }
  }

  /// What a message on the WebSocket says of it.
  func note(_ dialect: Dialect) -> Value {
    switch (dialect.acknowledgementBody, self) {
    case (.key, .submitted), (.key, .held), (.key, .parked), (.key, .succeeded): .null
    case (.key, .rejected), (.sentence, _): .string(sentence)
    }
  }

  var sentence: String {
    switch self {
    case .submitted, .parked: "Pending"
    case .held: "Waiting for a vote"
    case .succeeded(let sentence): sentence
    case .rejected(let reason): reason
    }
  }
}

extension Dialect.Acceptance {
  /// The operations on which 200 with a command id was seen (protocol.md §2).
  private static let okOperations: Set<String> = [
    "public-key.register-public-key",
    "verified-authenticator.register-voting-configuration", "policy.register-policy",
    "policy.activate-policy", "policy.deactivate-policy",
    "oauth-application.request-oauth-app-authorization-code", "voting.create-voting",
  ]

  func status(of operation: String) -> Int {
    switch self {
    case .accepted: 202
    case .ok: Self.okOperations.contains(operation) ? 200 : 202
    }
  }
}

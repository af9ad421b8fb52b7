/// A fault that a sandbox can inject; the raw value is its name in a `FaultSpec`.
package enum FaultKind: String, Sendable, Hashable, CaseIterable {
  /// The connection is reset before the request is processed.
  case resetBefore = "reset-before"
  /// The connection is reset after the request was processed: the answer is lost.
  case resetAfter = "reset-after"
  /// Half of the answer, then the end of the connection.
  case half
  /// 429 with `Retry-After`, in seconds or as a date; the request is not processed.
  case tooMany = "too-many"
  /// 503 with or without `Retry-After`; the request is not processed.
  case unavailable
  /// The answer comes so much later.
  case slow
  /// A socket breaks at a message, before or after it is delivered.
  case drop
  /// A published message never arrives.
  case lose
  /// A published message arrives twice.
  case double
  /// A published message arrives after the next one of its socket.
  case reorder
  /// A published message arrives so much later; others overtake it.
  case late
  /// A command is announced as pending many times before its end.
  case pending
  /// The token of a request or a join has expired.
  case expire
  /// A read shows what was there so much earlier.
  case lag
  /// The whole server restarts with its state kept, at a request or a message.
  case restart
}

extension FaultKind {
  /// The faults of which at most one befalls a request.
  static let ofRequests: [FaultKind] = [
    .resetBefore, .resetAfter, .half, .tooMany, .unavailable, .slow, .restart,
  ]
  /// The faults of which at most one befalls the opening of a socket.
  static let ofOpenings: [FaultKind] = [.resetBefore, .resetAfter, .tooMany, .unavailable, .slow]
  /// The faults of which at most one befalls a published message.
  static let ofMessages: [FaultKind] = [.drop, .lose, .double, .reorder, .late, .restart]
  /// The faults of which at most one befalls what a client sends on a socket, and the answer to it:
  /// it is never lost, but the socket may break (protocol.md §3).
  static let ofSocketAnswers: [FaultKind] = [.drop, .restart]

  /// How long the fault lasts unless its entry says otherwise; nil when it has no duration.
  package var usualDuration: Duration? {
    switch self {
    case .slow, .late, .tooMany, .unavailable: .seconds(1)
    case .lag, .restart: .milliseconds(500)
    case .reorder: .milliseconds(100)
    case .resetBefore, .resetAfter, .half, .drop, .lose, .double, .pending, .expire: nil
    }
  }
}

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
  var word: String {
    switch self {
    case .submitted, .held, .parked: "started"
    case .succeeded: "succeeded"
    case .rejected: "rejected"
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

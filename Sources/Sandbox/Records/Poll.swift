import Expressions
import Operations

/// A vote of a profile's authenticators.
struct Poll: Sendable {
  enum State: String, Sendable {
    /// Exits: all others.
    case pending
    case resolved
    case rejected
    case expired
  }

  let id: PollID
  let owner: ProfileID
  let rules: VotingRules
  /// Who is asked, in the order of their registration.
  let voters: [DeviceID]
  /// The command that waits for it; nil for a poll that was asked for by itself.
  let command: CommandID?
  let title: String
  let question: String
  let nonce: String?
  let createdAt: Moment
  /// Counts from 1.
  var attempt = 0
  var expiresAt: Moment
  /// The answers of this attempt.
  var ballots: [DeviceID: Bool] = [:]
  var state = State.pending
}

extension Poll {
  var tally: Tally {
    let yes = ballots.values.count { $0 }
    return Tally(sent: voters.count, yes: yes, no: ballots.count - yes)
  }

  var record: Value {
    let tally = tally
    return [
      "poolId": .string(id.text), "status": .string(state.rawValue),
      "title": .string(title), "question": .string(question),
      "nonce": nonce.map { .string($0) } ?? .null,
      "ballots": [
        "sent": .int(Int64(tally.sent)), "yes": .int(Int64(tally.yes)),
        "no": .int(Int64(tally.no)), "pending": .int(Int64(tally.pending)),
      ],
      "quorumSize": .int(Int64(rules.quorumSize)), "strategy": .string(rules.strategy.rawValue),
      "createdAt": .string(createdAt.wireText), "expiresAt": .string(expiresAt.wireText),
      "attempt": .int(Int64(attempt)), "maximumAttempts": .int(Int64(rules.attempts)),
    ]
  }
}

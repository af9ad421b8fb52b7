import Expressions
import Operations

/// A vote of a profile's authenticators.
struct Poll: Sendable, Codable {
  enum State: String, Sendable, Codable {
    /// Exits: all others.
    case pending
    case resolved
    case rejected
    case expired
  }

  /// Why it is held.
  enum Cause: Sendable, Hashable, Codable {
    /// A command waits for it.
    case gate(CommandID)
    /// It was requested on its own.
    case request(CommandID)

    var command: CommandID {
      switch self {
      case .gate(let id), .request(let id): id
      }
    }
  }

  let id: PollID
  let owner: ProfileID
  let rules: VotingRules
  /// Who is asked, in the order of their registration.
  let voters: [DeviceID]
  let cause: Cause
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

  func record(_ dialect: Dialect) -> Value {
    let tally = tally
    var record: ValueMap = ["poolId": .string(id.text)]
    record[dialect.pollState.rawValue] = .string(state.rawValue)
    let rest: ValueMap = [
      "title": .string(title), "question": .string(question),
      "nonce": nonce.map { .string($0) } ?? .null,
      "ballots": [
        "sent": .int(Int64(tally.sent)), "yes": .int(Int64(tally.yes)),
        "no": .int(Int64(tally.no)), "pending": .int(Int64(tally.pending)),
      ],
      "quorumSize": .int(Int64(rules.quorumSize)), "strategy": .string(rules.strategy.rawValue),
      "createdAt": .string(createdAt.text(dialect)), "expiresAt": .string(expiresAt.text(dialect)),
      "attempt": .int(Int64(attempt)), "maximumAttempts": .int(Int64(rules.attempts)),
    ]
    for name in rest.names { record[name] = rest[name] }
    return .map(record)
  }
}

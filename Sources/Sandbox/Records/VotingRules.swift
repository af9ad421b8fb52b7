import Operations

/// How a poll is decided (protocol.md §9).
struct VotingRules: Sendable, Hashable, Codable {
  enum Strategy: String, Sendable, CaseIterable, Codable {
    /// All who answer say yes.
    case unanimous
    /// More than half of those who answer say yes.
    case consensus
    /// One says yes.
    case affirmative
    /// A given share of those who answer says yes.
    case minimumPercentage = "minimum_percentage"
  }

  var strategy = Strategy.consensus
  /// The share that `minimumPercentage` asks for, 0 to 100.
  var percentage = 51
  /// How many must answer.
  var quorumSize = 1
  /// How long one attempt stays open.
  var timeLimit = Duration.seconds(60)
  /// How often the poll is held before it has failed for good; 1 means no repetition.
  var attempts = 1
}

/// The ballots of one attempt, counted.
struct Tally: Sendable, Hashable {
  var sent: Int
  var yes: Int
  var no: Int

  var pending: Int { sent - yes - no }
}

/// What a poll has come to.
enum Decision: Sendable, Hashable {
  case accepted
  /// Enough answered, and the strategy says no.
  case refused
  /// Too few answered.
  case expired
}

extension VotingRules {
  /// What the votes say if no more come.
  ///
  /// A percentage is of those who answered, or of all who were asked (protocol.md §15).
  func decision(at tally: Tally, of base: Dialect.PercentageBase) -> Decision {
    let answered = tally.yes + tally.no
    guard answered >= max(quorumSize, 1) else { return .expired }
    let passes =
      switch strategy {
      case .unanimous: tally.no == 0
      case .consensus: 2 * tally.yes > answered
      case .affirmative: tally.yes > 0
      case .minimumPercentage:
        100 * tally.yes >= percentage * (base == .asked ? tally.sent : answered)
      }
    return passes ? .accepted : .refused
  }

  /// What the votes say whatever comes, or nil while that is open (protocol.md §15).
  ///
  /// A quorum that cannot be met is no early end: such a poll runs to its time limit (§14).
  func certainDecision(at tally: Tally, of base: Dialect.PercentageBase) -> Decision? {
    guard quorumSize <= tally.sent else { return nil }
    var isOpenToAcceptance = false
    var isOpenToFailure = false
    for yes in 0...tally.pending {
      for no in 0...(tally.pending - yes) {
        let end = Tally(sent: tally.sent, yes: tally.yes + yes, no: tally.no + no)
        if decision(at: end, of: base) == .accepted {
          isOpenToAcceptance = true
        } else {
          isOpenToFailure = true
        }
        if isOpenToAcceptance, isOpenToFailure { return nil }
      }
    }
    return isOpenToAcceptance ? .accepted : .refused
  }
}

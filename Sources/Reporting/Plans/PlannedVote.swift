package import Events
import Operations

/// A vote that a run which follows a plan would wait for, or may have to.
package struct PlannedVote: Sendable, Hashable {
  /// Whether there will be a vote.
  package enum Certainty: Sendable, Hashable {
    case certain
    /// What decides it cannot be read, or is not known before.
    case possible
  }

  /// The event that the policy is about, such as `data_token.data_exchanged`; or the operation that asks
  /// by itself, whatever policies there are.
  package var event: String
  /// The name of the policy; nil where it is not known.
  package var policy: String?
  /// Whether there will be a vote.
  package var certainty: Certainty
  /// How many people are asked; nil where it is not known.
  package var voterCount: Int?
  /// Who they are, as far as it is known: the names of their authenticators.
  package var voters: [String]
  /// The longest time that one vote may take, all its attempts together; nil where it is not known.
  package var worstWait: Duration?
  /// What a person should know of it, such as that it cannot succeed; without a full stop.
  package var remark: String?
  /// The steps that wait for it, one vote each.
  package var steps: [StepPath]

  /// A vote for each of `steps`; what is left out is not known.
  package init(
    event: String, policy: String? = nil, certainty: Certainty = .certain, voterCount: Int? = nil,
    voters: [String] = [], worstWait: Duration? = nil, remark: String? = nil,
    steps: [StepPath] = []
  ) {
    self.event = event
    self.policy = policy
    self.certainty = certainty
    self.voterCount = voterCount
    self.voters = voters
    self.worstWait = worstWait
    self.remark = remark
    self.steps = steps
  }
}

extension PlannedVote {
  /// So many people are named.
  private static let mostNames = 5

  /// Such as `asks 1 authenticator (phone), waits at most 60 s`.
  var text: String {
    "\(certainty == .certain ? "asks" : "may ask") \(voterText)\(waitText)"
      + (remark.map { ": \($0)" } ?? "")
  }

  private var voterText: String {
    let count =
      switch voterCount {
      case 1?: "1 authenticator"
      case let count?: "\(count) authenticators"
      case nil: "the authenticators"
      }
    guard !voters.isEmpty else { return count }
    let rest = voters.count - Self.mostNames
    let names = voters.prefix(Self.mostNames).joined(separator: ", ")
    return "\(count) (\(names)\(rest > 0 ? " and \(rest) more" : ""))"
  }

  private var waitText: String {
    guard let worstWait else { return ", waits for a time that is not known" }
    return ", waits at most \(ElapsedText.limit(worstWait))" + (steps.count > 1 ? " each time" : "")
  }
}

extension [PlannedVote] {
  /// Such as `3 votes, at most 180 s in all`, as if one came after another.
  var summary: String {
    let count = reduce(0) { $0 + $1.count }
    let waits = map { vote in vote.worstWait.map { $0 * vote.count } }
    let votes = count == 1 ? "1 vote" : "\(count) votes"
    guard !waits.contains(nil) else { return votes }
    return
      "\(votes), at most \(ElapsedText.limit(waits.reduce(.zero) { $0 + ($1 ?? .zero) })) in all"
  }
}

extension PlannedVote {
  /// How many votes it is.
  var count: Int { Swift.max(1, steps.count) }
}

/// Something that a planned run is given and that may have run out before it is used.
package struct LifetimeWarning: Sendable, Hashable {
  /// The step that gets it.
  package var step: StepPath
  /// What may run out, when, and because of what; one phrase without a full stop.
  package var text: String

  /// A warning about what `step` gets; `text` must hold no secret.
  package init(step: StepPath, text: String) {
    self.step = step
    self.text = text
  }
}

/// The votes of all tenants of a rollout, those that are alike together.
struct RolloutVotes: Sendable, Hashable {
  /// What votes have in common, apart from who votes and the policy.
  struct Kind: Sendable, Hashable {
    var event: String
    var certainty: PlannedVote.Certainty
    var voterCount: Int?
    var worstWait: Duration?
    var remark: String?
  }

  private(set) var tally = TenantTally<Kind>()
  /// The policies of the votes; nil where they differ, or are not known.
  private var policies: [Kind: String?] = [:]
  /// How many votes there are, the possible ones included.
  private(set) var count = 0
  /// How many of them there may be, but need not.
  private(set) var possibleCount = 0
  /// How many tenants have votes.
  private(set) var tenants = 0

  /// Adds the votes of one tenant.
  mutating func add(_ votes: [PlannedVote], of tenant: String) {
    if !votes.isEmpty { tenants += 1 }
    for vote in votes {
      let kind = Kind(
        event: vote.event, certainty: vote.certainty, voterCount: vote.voterCount,
        worstWait: vote.worstWait, remark: vote.remark)
      tally.add(kind, count: vote.count, of: tenant)
      count += vote.count
      if vote.certainty == .possible { possibleCount += vote.count }
      guard tally.contains(kind) else { continue }
      if let policy = policies[kind], policy != vote.policy {
        policies[kind] = .some(nil)
      } else {
        policies[kind] = .some(vote.policy)
      }
    }
  }

  /// The kinds in their order, each as one vote, with how often it occurs.
  var kinds: [(vote: PlannedVote, entry: TenantTally<Kind>.Entry)] {
    tally.all.map { kind, entry in
      let vote = PlannedVote(
        event: kind.event, policy: policies[kind] ?? nil, certainty: kind.certainty,
        voterCount: kind.voterCount, worstWait: kind.worstWait, remark: kind.remark)
      return (vote, entry)
    }
  }

  /// Such as `600 votes of 200 tenants (20 votes are not certain), at most 5 at once`.
  func summary(atOnce limit: Int?) -> String {
    let uncertain =
      switch possibleCount {
      case 0: ""
      case count: " (not certain)"
      case 1: " (1 vote is not certain)"
      default: " (\(possibleCount) votes are not certain)"
      }
    return
      "\(count == 1 ? "1 vote" : "\(count) votes") of \(TenantNames.count(tenants))\(uncertain)"
      + (limit.map { ", at most \($0) at once" } ?? "")
  }
}

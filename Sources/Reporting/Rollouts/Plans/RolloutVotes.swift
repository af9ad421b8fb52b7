import OrderedCollections

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

  /// The votes of a tenant, those that are alike together.
  struct Share: Sendable, Hashable {
    fileprivate struct Votes: Sendable, Hashable {
      var count = 0
      var policies: [String?] = []
    }

    fileprivate private(set) var kinds: OrderedDictionary<Kind, Votes> = [:]

    init(_ votes: [PlannedVote]) {
      for vote in votes {
        let kind = Kind(
          event: vote.event, certainty: vote.certainty, voterCount: vote.voterCount,
          worstWait: vote.worstWait, remark: vote.remark)
        kinds[kind, default: Votes()].count += vote.count
        kinds[kind, default: Votes()].policies.append(vote.policy)
      }
    }
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
    add(Share(votes), of: [tenant])
  }

  /// Adds the votes of `tenants`, each of which has the same.
  mutating func add(_ share: Share, of tenants: [String]) {
    if !share.kinds.isEmpty { self.tenants += tenants.count }
    for (kind, votes) in share.kinds {
      tally.add(kind, count: votes.count, ofEach: tenants)
      count += votes.count * tenants.count
      if kind.certainty == .possible { possibleCount += votes.count * tenants.count }
      guard tally.contains(kind) else { continue }
      for policy in votes.policies { note(policy, of: kind) }
    }
  }

  private mutating func note(_ policy: String?, of kind: Kind) {
    if let known = policies[kind], known != policy {
      policies[kind] = .some(nil)
    } else {
      policies[kind] = .some(policy)
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

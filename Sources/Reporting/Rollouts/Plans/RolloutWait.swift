/// The longest time that a rollout may wait for votes and between its stages.
///
/// What calls take is not in it. One stage follows the other; in a stage, a tenant starts the moment that
/// another one ends.
struct RolloutWait: Sendable, Hashable {
  /// Of the votes; nil where it is not known.
  var votes: Duration?
  /// Between the stages.
  var bake: Duration
  /// How often a person must approve, for which there is no limit.
  var approvals: Int

  /// All but the approvals together; nil where it is not known.
  var total: Duration? { votes.map { $0 + bake } }
}

/// The longest wait of the tenants of one stage, each of which waits for its own votes one after another.
struct StageWait: Sendable, Hashable {
  /// The sum of the waits of all tenants; nil where that of one is not known.
  private var sum: Duration? = .zero
  private var longest: Duration = .zero
  /// How many tenants wait at all.
  private var tenants = 0
  private var mostVotes = 0

  mutating func add(_ outline: TenantOutline) {
    guard outline.votes > 0 else { return }
    tenants += 1
    mostVotes = max(mostVotes, outline.votes)
    guard let known = sum, let wait = outline.wait else {
      sum = nil
      return
    }
    sum = known + wait
    longest = max(longest, wait)
  }

  /// The longest time with so many tenants, and so many votes, at once.
  ///
  /// A slot is idle only while every remaining tenant has one (Graham, 1966): there is no worse than the
  /// longest tenant beginning when all others are done. Where a vote never waits for a slot, it is also no
  /// worse than rounds of tenants that take as long as the longest.
  func longest(concurrency: Int, votesAtOnce: Int?) -> Duration? {
    guard let sum else { return nil }
    let slots = max(1, min(concurrency, votesAtOnce ?? concurrency))
    let bound = (sum + longest * (slots - 1)) / slots
    if mostVotes > 1, let votesAtOnce, votesAtOnce < concurrency * mostVotes { return bound }
    return min(bound, longest * ((tenants + slots - 1) / slots))
  }
}

extension RolloutWait {
  /// The wait of `tenants`, in the order of the rollout.
  init(_ tenants: some Sequence<TenantOutline>, _ heading: RolloutPlanReport.Heading) {
    var stages = heading.stages[...]
    var stage = StageWait()
    var votes: Duration? = .zero
    func end(_ stage: StageWait) {
      let wait = stage.longest(
        concurrency: heading.concurrency, votesAtOnce: heading.votesAtOnce)
      votes = votes.flatMap { known in wait.map { known + $0 } }
    }
    for (index, outline) in tenants.enumerated() {
      while let first = stages.first, first <= index {
        end(stage)
        stage = StageWait()
        stages.removeFirst()
      }
      stage.add(outline)
    }
    end(stage)
    let pauses = max(0, heading.stages.count - 1)
    self.init(
      votes: votes, bake: (heading.bake ?? .zero) * pauses,
      approvals: heading.gate == "approval" ? pauses : 0)
  }

  /// Such as `2 h 10 min: 2 h for votes, 10 min between stages`; nil where nothing is waited for.
  var text: String? {
    var parts: [String] = []
    switch votes {
    case .zero?: break
    case let votes?: parts.append("\(ElapsedText.limit(votes)) for votes")
    case nil: parts.append("votes for a time that is not known")
    }
    if bake > .zero { parts.append("\(ElapsedText.limit(bake)) between stages") }
    if approvals > 0 {
      parts.append(
        "\(approvals == 1 ? "1 approval" : "\(approvals) approvals") for a time without a limit")
    }
    guard !parts.isEmpty else { return nil }
    let text = parts.joined(separator: ", ")
    guard let total, total > .zero, parts.count > 1 else { return text }
    return "\(ElapsedText.limit(total)): \(text)"
  }
}

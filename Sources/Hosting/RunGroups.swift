import DequeModule
package import Events
import Machine

/// Names the runs of one rollout in a host, which share limits.
package struct RunGroupID: Sendable, Hashable {
  /// The record of the rollout.
  package let rollout: RunID

  /// The runs of `rollout`.
  package init(_ rollout: RunID) {
    self.rollout = rollout
  }
}

/// What the runs of a group share.
package struct RunGroupLimits: Sendable, Hashable {
  /// The number of failed runs at which no further one starts; nil for no limit.
  package var maxFailures: Int?
  /// How many votes may be open at once because of its runs; nil for no limit.
  package var votesAtOnce: Int?

  /// No limit, unless given.
  package init(maxFailures: Int? = nil, votesAtOnce: Int? = nil) {
    self.maxFailures = maxFailures
    self.votesAtOnce = votesAtOnce
  }
}

/// The groups of a host: how many of their runs failed, and who has which place among the open votes.
struct RunGroups: Sendable {
  private var groups: [RunGroupID: RunGroup] = [:]
  /// What runs that asked for places are answered next.
  private var answers = Deque<(run: RunID, input: RunInput)>()

  /// A group that is open already keeps its places among the votes.
  mutating func open(_ id: RunGroupID, _ limits: RunGroupLimits, failures: Int) {
    groups[id] = RunGroup(
      limits: limits, failures: failures, votes: groups[id]?.votes ?? OpenVotes())
  }

  mutating func close(_ id: RunGroupID) { groups[id] = nil }

  /// Whether so many runs failed that no further one starts.
  func isFull(_ id: RunGroupID?) -> Bool {
    guard let group = id.flatMap({ groups[$0] }), let limit = group.limits.maxFailures else {
      return false
    }
    return group.failures >= limit
  }

  /// Adds to the failures of the group; `count` is negative for one that will not be recorded.
  mutating func addFailures(_ count: Int, to id: RunGroupID) { groups[id]?.failures += count }
}

/// Votes.
extension RunGroups {
  /// The steps of a run that a vote may be open about have their places, whatever the limit.
  mutating func hold(_ paths: [StepPath], of run: RunID, in id: RunGroupID?) {
    guard let id else { return }
    groups[id]?.votes.forget(run)
    for path in paths { groups[id]?.votes.hold(VotePlace(run: run, path: path)) }
  }

  /// The step asks for a place: it has one now, or waits for one.
  ///
  /// Without a group there is no limit.
  mutating func request(_ path: StepPath, of run: RunID, in id: RunGroupID?) {
    let vote = VotePlace(run: run, path: path)
    var isGranted = true
    if let id, let limit = groups[id]?.limits.votesAtOnce {
      isGranted = groups[id]?.votes.request(vote, within: limit) ?? true
    }
    answers.append((run, isGranted ? .voteSlotGranted(path) : .voteSlotAwaited(path)))
  }

  /// The step needs no place any more.
  mutating func release(_ path: StepPath, of run: RunID, in id: RunGroupID?) {
    guard let id else { return }
    groups[id]?.votes.release(VotePlace(run: run, path: path))
    grant(in: id)
  }

  /// The run is driven no more: it waits for no place, and gives back those it has unless its votes may
  /// be open.
  mutating func end(_ run: RunID, in id: RunGroupID?, keepingVotes keeps: Bool) {
    guard let id else { return }
    groups[id]?.votes.end(run, keepingVotes: keeps)
    grant(in: id)
  }

  private mutating func grant(in id: RunGroupID) {
    guard let limit = groups[id]?.limits.votesAtOnce else { return }
    for vote in groups[id]?.votes.grant(within: limit) ?? [] {
      answers.append((vote.run, .voteSlotGranted(vote.path)))
    }
  }

  /// Whether a run is still to be answered.
  var hasAnswers: Bool { !answers.isEmpty }

  /// The next answer to a run that asked for a place.
  mutating func nextAnswer() -> (run: RunID, input: RunInput)? { answers.popFirst() }

  /// The runs that wait for a place although none gets free: all are taken by votes of runs that are
  /// driven no more.
  var stuckRuns: [RunID] {
    let stuck = groups.values.flatMap { group -> [RunID] in
      guard let limit = group.limits.votesAtOnce, group.votes.isStuck(within: limit) else {
        return []
      }
      return group.votes.waiting.map(\.run)
    }
    return Set(stuck).sorted()
  }
}

private struct RunGroup: Sendable {
  let limits: RunGroupLimits
  var failures: Int
  var votes: OpenVotes
}

/// A place among the open votes.
struct VotePlace: Sendable, Hashable {
  let run: RunID
  let path: StepPath
}

/// The places of a group.
private struct OpenVotes: Sendable {
  private var held: Set<VotePlace> = []
  /// Votes of runs that are driven no more.
  private var abandoned: Set<VotePlace> = []
  /// In the order they came.
  private(set) var waiting: [VotePlace] = []

  private var count: Int { held.count + abandoned.count }

  func isStuck(within limit: Int) -> Bool { held.isEmpty && abandoned.count >= limit }

  mutating func hold(_ vote: VotePlace) { held.insert(vote) }

  mutating func request(_ vote: VotePlace, within limit: Int) -> Bool {
    guard !held.contains(vote) else { return true }
    guard count < limit, waiting.isEmpty else {
      waiting.append(vote)
      return false
    }
    held.insert(vote)
    return true
  }

  mutating func release(_ vote: VotePlace) {
    held.remove(vote)
    waiting.removeAll { $0 == vote }
  }

  mutating func end(_ run: RunID, keepingVotes keeps: Bool) {
    waiting.removeAll { $0.run == run }
    let left = held.filter { $0.run == run }
    held.subtract(left)
    if keeps { abandoned.formUnion(left) }
  }

  /// The run is driven again: what it says of its votes counts.
  mutating func forget(_ run: RunID) {
    abandoned = abandoned.filter { $0.run != run }
  }

  /// Gives free places to those that wait, and returns them.
  mutating func grant(within limit: Int) -> [VotePlace] {
    let granted = waiting.prefix(max(0, limit - count))
    waiting.removeFirst(granted.count)
    held.formUnion(granted)
    return Array(granted)
  }
}

import Events
import Expressions
import Operations
import Planning
import Playbooks

/// The children of a `play`, block, `parallel` or `for-each`.
struct GroupState: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case block
    case parallel(branches: [String])
    case play(PlannedPlaybook, scope: ScopeID)
    case forEach(PlannedLoop, items: [Value])
  }

  let kind: Kind
  /// The children in progress, each with its number in the group.
  var running: [NodeID: Int] = [:]
  /// The child that decides how the group ends: the first that did not end well, unless a later
  /// one is in doubt, or was cancelled where failures stop nothing.
  var broken: Ending?
  /// The children that failed, in the order they did.
  var failed: [FailedMember] = []
  /// The numbers of the children that did not end well.
  var unfinished: Set<Int> = []
  /// The numbers of the rounds that this attempt of a `for-each` is to go through.
  let rounds: [Int]
  /// How many of them have begun.
  var begun = 0
  /// What the rounds of a `for-each` gave, by number.
  var results: [Value] = []

  /// A child that failed.
  struct FailedMember: Sendable, Hashable {
    /// Its number in the group.
    let member: Int
    let ending: Ending
  }

  /// `finished` are the results of rounds that ended well in an earlier attempt.
  init(_ kind: Kind, keeping finished: [Int: Value] = [:]) {
    self.kind = kind
    switch kind {
    case .forEach(_, let items):
      results = items.indices.map { finished[$0] ?? [:] }
      rounds = items.indices.filter { finished[$0] == nil }
    case .block, .parallel, .play: rounds = []
    }
  }

  /// The rounds of a `for-each` that have not begun.
  var waiting: ArraySlice<Int> { rounds[begun...] }

  /// What the rounds gave that ended well, by number.
  var finishedRounds: [Int: Value] {
    let missing = unfinished.union(waiting)
    return Dictionary(
      uniqueKeysWithValues: results.enumerated().lazy.filter { !missing.contains($0.offset) }
        .map { ($0.offset, $0.element) })
  }

  /// Whether a failed child stops the others.
  var stopsAtFailure: Bool {
    guard case .forEach(let loop, _) = kind else { return true }
    return loop.onFailure == .stop
  }

  /// Whether a child that did not end well stops the others.
  var isStoppedByFailure: Bool { broken != nil && stopsAtFailure }

  /// How many children it has altogether, where people count them.
  var memberCount: Int {
    switch kind {
    case .block, .play: 1
    case .parallel(let branches): branches.count
    case .forEach(_, let items): items.count
    }
  }

  /// Records the end of a child.
  mutating func note(_ ending: Ending, of member: Int) {
    let outcome = ending.result.outcome
    guard !outcome.allowsContinuation else { return }
    unfinished.insert(member)
    if outcome == .failed { failed.append(FailedMember(member: member, ending: ending)) }
    let weighsMore =
      switch (outcome, broken?.result.outcome) {
      case (_, nil), (.inDoubt, _): true
      case (.cancelled, .failed): !stopsAtFailure
      case _: false
      }
    if weighsMore { broken = ending }
  }
}

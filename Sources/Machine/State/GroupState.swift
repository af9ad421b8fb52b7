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
    case forEach(PlannedLoop, LoopElements)
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
  /// The rounds that began in earlier attempts.
  private let begunBefore: Set<Int>
  /// What `until` said at the ends of rounds.
  var until: Until

  /// Whether a loop is to end early.
  struct Until: Sendable, Hashable {
    /// Whether it was true at the end of a round: no round begins for the first time after that.
    var isSatisfied = false
    /// Why it could not be evaluated at the end of a round.
    @Apart var failure: Failure? = nil
  }

  /// A child that failed.
  struct FailedMember: Sendable, Hashable {
    /// Its number in the group.
    let member: Int
    let ending: Ending
  }

  /// `progress` is that of earlier attempts.
  init(_ kind: Kind, keeping progress: RoundProgress = RoundProgress()) {
    self.kind = kind
    begunBefore = progress.begun
    until = Until(isSatisfied: progress.isSatisfied)
    switch kind {
    case .forEach(_, let elements):
      let (all, finished) = (0..<elements.count, progress.finished)
      results = all.map { finished[$0] ?? [:] }
      rounds = all.filter { number in
        finished[number] == nil && (!progress.isSatisfied || progress.begun.contains(number))
      }
    case .block, .parallel, .play: rounds = []
    }
  }

  /// The rounds of a `for-each` that have not begun and will, unless it is stopped.
  var waiting: [Int] {
    let rest = rounds[begun...]
    return until.isSatisfied ? rest.filter(begunBefore.contains) : Array(rest)
  }

  /// How far the rounds came.
  var progress: RoundProgress {
    let all = begunBefore.union(rounds[..<begun])
    var progress = RoundProgress(begun: all, isSatisfied: until.isSatisfied)
    for number in all where !unfinished.contains(number) && !isInProgress(number) {
      progress.finished[number] = results[number]
    }
    return progress
  }

  private func isInProgress(_ number: Int) -> Bool { running.values.contains(number) }

  /// What the rounds gave, in their order: those that never begin because `until` was true are left out.
  var givenResults: [Value] {
    guard until.isSatisfied else { return results }
    let given = begunBefore.union(rounds[..<begun])
    return results.indices.filter(given.contains).map { results[$0] }
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
    case .forEach(_, let elements): elements.count
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

/// How far the rounds of a loop came, in all its attempts.
struct RoundProgress: Sendable, Hashable {
  /// What the rounds gave that ended well, by number.
  var finished: [Int: Value] = [:]
  /// The rounds that began.
  var begun: Set<Int> = []
  /// Whether `until` was true at the end of a round: none begins for the first time after that.
  var isSatisfied = false
}

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
    /// A `for-each` whose pages are read; its rounds follow.
    case pages(PageReading)
  }

  let kind: Kind
  /// The children in progress, each with its number in the group.
  var running: [NodeID: Int] = [:]
  var standing = Standing.whole
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
  /// How many rounds began in earlier attempts: always the first ones.
  private let begunBefore: Int
  /// What `until` said at the ends of rounds.
  var until: Until

  /// How the children that do not end well affect the group.
  enum Standing: Sendable, Hashable {
    /// None is known to end so.
    case whole
    /// The others are stopped for one that failed and is still being undone.
    case breaking
    /// The end of the child that decides how the group ends: the first that did not end well, unless a later
    /// one is in doubt, or was cancelled where failures stop nothing.
    case broken(Ending)
  }

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
        finished[number] == nil && (!progress.isSatisfied || number < progress.begun)
      }
    case .block, .parallel, .play, .pages: rounds = []
    }
  }

  /// The rounds of a `for-each` that have not begun and will, unless it is stopped.
  var waiting: ArraySlice<Int> {
    let rest = rounds[begun...]
    return until.isSatisfied ? rest.prefix { $0 < begunBefore } : rest
  }

  /// How many rounds began in all attempts; they begin in their order.
  private var begunAltogether: Int {
    max(begunBefore, rounds[..<begun].last.map { $0 + 1 } ?? 0)
  }

  /// How far the rounds came.
  var progress: RoundProgress {
    let missing = unfinished.union(waiting).union(running.values)
    var progress = RoundProgress(begun: begunAltogether, isSatisfied: until.isSatisfied)
    for number in 0..<begunAltogether where !missing.contains(number) {
      progress.finished[number] = results[number]
    }
    return progress
  }

  /// What the rounds gave, in their order: those that never begin because `until` was true are left out.
  var givenResults: [Value] {
    until.isSatisfied ? Array(results[..<begunAltogether]) : results
  }

  /// Whether a failed child stops the others.
  var stopsAtFailure: Bool {
    guard case .forEach(let loop, _) = kind else { return true }
    return loop.onFailure == .stop
  }

  /// The end that decides how the group ends; nil while all that are over ended well.
  var broken: Ending? { if case .broken(let ending) = standing { ending } else { nil } }

  /// Whether a child that did not end well stops the others.
  var isStoppedByFailure: Bool { standing != .whole && stopsAtFailure }

  /// How many children it has altogether, where people count them.
  var memberCount: Int {
    switch kind {
    case .block, .play, .pages: 1
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
    // It was stopped for one that is not over yet.
    if outcome == .cancelled, standing == .breaking { return }
    let weighsMore =
      switch (outcome, broken?.result.outcome) {
      case (_, nil), (.inDoubt, _): true
      case (.cancelled, .failed): !stopsAtFailure
      case _: false
      }
    if weighsMore { standing = .broken(ending) }
  }
}

/// How far the rounds of a loop came, in all its attempts.
struct RoundProgress: Sendable, Hashable {
  /// What the rounds gave that ended well, by number.
  var finished: [Int: Value] = [:]
  /// How many of them began: the first ones.
  var begun = 0
  /// Whether `until` was true at the end of a round: none begins for the first time after that.
  var isSatisfied = false
}

package import Events
package import Operations

/// One step, iteration or branch in the tree of a run.
package struct StepNode: Sendable, Hashable {
  /// Where the step stands.
  package enum State: Sendable, Hashable {
    /// An iteration, branch, `rescue` or `always`: it only holds steps.
    case group
    /// Work is in progress. Exits: waiting, pausing, finished.
    case working
    /// It waits. Exits: working, pausing, finished.
    case waiting(WaitReason)
    /// A person is to decide. Exits: working, pausing, finished.
    case deciding(ApprovalRequest)
    /// An attempt failed and another follows. Exits: working, finished.
    case pausing(until: Moment, Failure)
    /// It is done.
    case finished(StepResult)
  }

  /// A failed attempt.
  package struct FailedAttempt: Sendable, Hashable {
    /// The number of the attempt, from 1.
    package var attempt: Int
    /// When the failure was recorded.
    package var at: Moment
    /// Why the attempt failed; the failure of the last attempt is in the result instead.
    package var failure: Failure
  }

  /// More exchanges than this are counted only; the newest are kept.
  static let mostExchanges = 100

  /// The path of the step, round or branch, unique in the tree.
  package let path: StepPath
  /// The nodes one level below, as indices into `RunTree.nodes`, in the order they appeared.
  package internal(set) var children: [Int] = []
  /// The summary that was recorded when the step began; nil for rounds, branches, `rescue` and `always`.
  package internal(set) var summary: StepSummary?
  /// How far the step came; nil for a node that only holds steps.
  @Apart var progress: StepProgress? = nil
  /// How many steps below it were forgotten, all of which ended well; a brief tree forgets some.
  package internal(set) var forgottenSteps = 0
  /// The element that a round of a `for-each` is for, when it is known.
  package internal(set) var element: String?
  /// What a person is or was asked to decide, latest.
  @Apart package internal(set) var approval: ApprovalRequest? = nil
  /// What they decided.
  @Apart package internal(set) var decision: ApprovalDecision? = nil
  /// The requests before the latest one, oldest first; at most 99.
  private var earlierExchanges: [RecordedExchange] = []
  /// How many older exchanges were let go.
  package internal(set) var forgottenExchanges = 0
  /// The attempts that failed and were followed by another, oldest first.
  package internal(set) var failedAttempts: [FailedAttempt] = []

  init(path: StepPath) {
    self.path = path
  }

  /// Where the step stands after the latest event about it.
  package var state: State {
    guard let progress else { return .group }
    if let end = progress.end { return .finished(end.result) }
    if let pause = progress.pause { return .pausing(until: pause.end, pause.failure) }
    if case .requested(let request)? = progress.approval { return .deciding(request) }
    return progress.wait.map { .waiting($0) } ?? .working
  }

  /// When the step began; nil for a node that only holds steps, and where no event says it.
  package var startedAt: Moment? { summary == nil ? nil : progress?.startedAt }

  /// When the step was done, its `rescue` and `always` included.
  package var finishedAt: Moment? { progress?.end?.at }

  /// How the step ended, or nil as long as it is not done.
  package var result: StepResult? { progress?.end?.result }

  /// The requests of all attempts, oldest first; the newest hundred are kept.
  package var exchanges: [RecordedExchange] {
    earlierExchanges + (progress?.exchange.map { [$0] } ?? [])
  }

  /// The attempt in progress, the one that a pause is before, or the last one; from 1.
  package var attempt: Int {
    guard let progress else { return 1 }
    // Older programs do not record that an attempt begins.
    let latest = max(progress.attempt.number, progress.exchange?.intent.attempt ?? 1)
    return progress.pause == nil ? latest : max(latest, failedAttempts.last?.attempt ?? 0) + 1
  }

  /// What a person calls it: the title, or the last part of its path.
  package var title: String {
    if let summary { return summary.title }
    return switch path.components.last {
    case .step(let id): id
    case .iteration(let index): element.map { "[\(index)] \($0)" } ?? "[\(index)]"
    case .branch(let name): name
    case .rescue: "rescue"
    case .always: "always"
    case .undo: "undo"
    case nil: "run"
    }
  }

  /// The name that its author gave the step, or nil.
  var name: String? {
    guard let summary, case .step(let id)? = path.components.last else { return nil }
    let usual = [id, summary.subject, summary.kind.rawValue, "steps"]
    let isUsual =
      usual.contains(summary.title)
      || ["for each ", "wait on "].contains { summary.title.hasPrefix($0) }
    return isUsual ? nil : summary.title
  }

  /// Such as `after 3 attempts`; nil for a step that succeeded or was attempted once.
  var attemptsText: String? {
    result?.failure != nil && attempt > 1 ? "after \(attempt) attempts" : nil
  }

  /// Whether it holds the steps of a `rescue`, `always` or `undo`.
  var isAftermath: Bool {
    switch path.components.last {
    case .rescue, .always, .undo: true
    case .step, .iteration, .branch, nil: false
    }
  }

  /// Forgets what only a report of the whole run would show, of a step that ended well.
  mutating func forgetDetails() {
    switch result?.outcome {
    case .succeeded, .unchanged, .skipped:
      progress?.forgetDetails()
      earlierExchanges = []
      failedAttempts = []
    case .tolerated, .failed, .cancelled, .inDoubt, nil: break
    }
  }

  /// Keeps the latest exchange, before another one takes its place.
  mutating func keepExchange() {
    guard let latest = progress?.exchange else { return }
    earlierExchanges.append(latest)
    if earlierExchanges.count >= Self.mostExchanges {
      earlierExchanges.removeFirst()
      forgottenExchanges += 1
    }
  }
}

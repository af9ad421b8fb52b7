import Events
import Operations

/// A tenant whose run is in progress, as its events say.
struct RunningTenant: Sendable, Hashable {
  /// What a step waits for that may take long.
  enum Wait: String, Sendable, Hashable, CaseIterable {
    /// A person's decision.
    case approval
    /// The outcome of a vote that is read again and again.
    case vote
    /// The end of the vote of another tenant.
    case voteSlot
    /// A session to be opened.
    case session
    /// A command that the service keeps pending, which may be because of a vote.
    case command
    case condition
    case pause

    /// Such as `3 votes`.
    func text(_ count: Int) -> String {
      let word =
        switch self {
        case .approval: "approval"
        case .vote: "vote"
        case .voteSlot: "turn to vote"
        case .session: "session"
        case .command: "pending command"
        case .condition: "condition"
        case .pause: "pause"
        }
      guard count != 1 else { return "1 \(word)" }
      return self == .voteSlot ? "\(count) turns to vote" : "\(count) \(word)s"
    }
  }

  let name: String
  let startedAt: Moment
  /// The innermost step that began last.
  private(set) var step: StepPath?
  private var waits: [StepPath: Wait] = [:]

  init(name: String, startedAt: Moment) {
    self.name = name
    self.startedAt = startedAt
  }

  /// What it waits for, the most lasting first; nil while it works.
  var wait: Wait? {
    Wait.allCases.first { waits.values.contains($0) }
  }

  /// Applies the next event of the run.
  mutating func apply(_ event: RunEvent) {
    switch event.kind {
    case .stepStarted(let path, let summary):
      switch summary.kind {
      case .call, .local, .assert, .wait, .approve: step = path
      case .play, .forEach, .parallel, .block: break
      }
    case .stepWaiting(let path, let reason): waits[path] = Self.wait(for: reason)
    case .commandPending(let path, _): waits[path] = .command
    case .approvalRequested(let path, _): waits[path] = .approval
    case .requestIntended(let path, _): begin(path)
    case .approvalDecided(let path, _), .commandSettled(let path, _), .doubtSettled(let path, _),
      .dataArrived(let path, _, _, _), .attemptFailed(let path, _, _, _),
      .attemptStarted(let path, _), .stepFinished(let path, _), .workEnded(let path, _),
      .undoing(let path, _):
      waits[path] = nil
    case .sessionChanged(_, let change): changeSession(change)
    case .runStarted, .stepReused, .actionIntended, .requestAnswered, .stateCompared,
      .effectRecorded,
      .stopping,
      .serviceChanged, .cancelRequested, .internalError, .runFinished, .runResumed, .rollout:
      break
    }
  }

  /// A condition is read again and again; anything else is over when a request leaves.
  private mutating func begin(_ path: StepPath) {
    switch waits[path] {
    case .condition, .vote: break
    case .approval, .voteSlot, .session, .command, .pause, nil: waits[path] = nil
    }
  }

  private mutating func changeSession(_ change: SessionChange) {
    switch change {
    case .lost: waits[.root] = .session
    case .joined, .closed, .revoked, .notRevoked: waits[.root] = nil
    case .refreshing, .refreshed, .authenticated: break
    }
  }

  private static func wait(for reason: WaitReason) -> Wait? {
    switch reason {
    case .session: .session
    case .pause: .pause
    case .condition(_, let answer): VoteProgress(answer) == nil ? .condition : .vote
    case .voteSlot: .voteSlot
    case .command, .data, .lookup, .step: nil
    }
  }
}

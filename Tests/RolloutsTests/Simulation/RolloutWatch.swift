import Events
import Operations
import Rollouts

/// What must be true of a rollout at any time, going by what is recorded in which commit.
struct RolloutWatch {
  private let script: RolloutScript
  private(set) var objections: [String] = []
  /// How the runs of the tenants stand.
  private var states: [Int: TenantState] = [:]
  private var runs: [Int: RunID] = [:]
  /// The failures that count, since the rollout last went on after its end.
  private var failures = 0
  /// Unsuccessful tenants run again, because a person wants it.
  private var repeats = false
  private var limitCommit: Int?
  private var stopCommit: Int?
  private var bakeEnd: Moment?
  private var isApproved = false
  private var allowed = 0
  private var isOver = false

  init(_ script: RolloutScript) {
    self.script = script
  }

  mutating func object(_ text: String) { objections.append(text) }

  /// A commit holds `event` of the rollout's own record.
  mutating func recorded(_ event: RolloutEvent, at moment: Moment, commit: Int) {
    switch event {
    case .stageStarted(let stage, let tenants):
      for index in 0..<allowed where !(states[index]?.isSuccess ?? false) {
        object("stage \(stage) starts although tenant \(index) did not end well")
      }
      if stage > 1, script.limits.bake != nil, bakeEnd.map({ moment < $0 }) ?? true {
        object("stage \(stage) starts before the pause is over")
      }
      if stage > 1, script.limits.gate != nil, !isApproved {
        object("stage \(stage) starts without an approval")
      }
      (allowed, bakeEnd, isApproved) = (tenants, nil, false)
    case .baking(_, let end): bakeEnd = end
    case .approvalDecided(_, let decision): isApproved = decision.verdict == .approved
    case .stopping: stopCommit = stopCommit ?? commit
    case .tenantRefused(let refusal):
      states[refusal.index] = .failed
      fail(commit)
    case .resumed(let resumption):
      guard isOver || resumption.tenants == .unsuccessful else { return }
      (isOver, limitCommit, stopCommit, failures) = (false, nil, nil, 0)
      repeats = resumption.tenants == .unsuccessful
    case .finished(let result): finish(result)
    case .started, .stageProved, .gateEvaluated, .approvalRequested, .paused, .unpaused: break
    }
  }

  private mutating func fail(_ commit: Int) {
    failures += 1
    if let limit = script.limits.maxFailures, failures >= limit, limitCommit == nil {
      limitCommit = commit
    }
  }

  private mutating func finish(_ result: RolloutResult) {
    isOver = true
    for state in [TenantState.succeeded, .unchanged, .failed, .cancelled, .inDoubt, .waiting] {
      let count = states.values.count { $0 == state }
      if result.counts[state] != count {
        object("the result counts \(result.counts[state]) \(state.rawValue), and \(count) are")
      }
    }
    guard result.stop == nil else { return }
    for index in script.tenants.indices
    where states[index] == nil || states[index] == .running {
      object("tenant \(index) did not end, although nothing stopped the rollout")
    }
  }
}

/// Runs of tenants.
extension RolloutWatch {
  mutating func started(_ index: Int, _ run: RunID, commit: Int) {
    if runs[index] != nil { object("tenant \(index) has two runs") }
    if index >= allowed { object("tenant \(index) starts before its stage") }
    if let limitCommit, commit > limitCommit {
      object("tenant \(index) starts after the failure that reached the limit was recorded")
    }
    if let stopCommit, commit > stopCommit { object("tenant \(index) starts after the stop") }
    runs[index] = run
    states[index] = .running
  }

  mutating func resumed(_ index: Int, _ run: RunID) {
    if runs[index] != run { object("tenant \(index) goes on with another run") }
    if states[index]?.isSuccess ?? false { object("tenant \(index) goes on after it ended well") }
    switch states[index] {
    case .failed?, .cancelled?, .inDoubt?:
      if !repeats, script.limits.retry == nil || states[index] != .failed {
        object("tenant \(index) goes on after its end")
      }
    case .running?, .waiting?, .notStarted?, .succeeded?, .unchanged?, nil: break
    }
    states[index] = .running
  }

  /// `isFinal` says that no automatic attempt follows.
  mutating func ended(_ index: Int, _ state: TenantState, isFinal: Bool, commit: Int) {
    guard states[index] == .running else { return object("tenant \(index) ends twice") }
    states[index] = state
    if isFinal, state == .failed || state == .inDoubt { fail(commit) }
  }

  /// The run waits for a decision, and is left; nothing is recorded of that here.
  mutating func left(_ index: Int) { states[index] = .waiting }

  mutating func counted(active: Int) {
    if active > script.limits.concurrency { object("\(active) tenants are in progress at once") }
  }
}

import Events
import Machine
import Operations
import Planning
import Playbooks

/// Finds the planned step behind the path of an event.
struct StepLookup: Sendable {
  private let steps: [PlannedStep]
  private var known: [StepPath: PlannedStep] = [:]

  init(_ plan: Plan) {
    steps = plan.playbook.steps
  }

  /// The step at `path`; nil when the plan has none.
  mutating func step(at path: StepPath) -> PlannedStep? {
    if let step = known[path] { return step }
    let step = find(path)
    known[path] = step
    return step
  }

  private func find(_ path: StepPath) -> PlannedStep? {
    var list = steps
    var found: PlannedStep?
    // Those of the loop that the next component is directly below.
    var pages: PlannedPages?
    for component in path.components {
      switch component {
      case .step(let id):
        guard let step = pages?.step(named: id) ?? list.first(where: { $0.id == id }) else {
          return nil
        }
        found = step
        list = step.kind.steps
        pages = step.kind.loop?.pages
        continue
      case .iteration: list = found?.kind.loop?.steps ?? []
      case .branch(let name):
        guard case .parallel(let branches)? = found?.kind else { return nil }
        list = branches.first { $0.name == name }?.steps ?? []
      case .rescue: list = found?.modifiers.rescue ?? []
      case .always: list = found?.modifiers.always ?? []
      // Which steps undo what follows from what was done.
      case .undo: return nil
      }
      pages = nil
    }
    return found
  }
}

extension PlannedStep.Kind {
  fileprivate var loop: PlannedLoop? { if case .forEach(let loop) = self { loop } else { nil } }
}

extension PlannedStep {
  /// The operation that it calls; nil for every other kind of step.
  var operation: Operation? {
    guard case .call(let call) = kind, case .operation(let operation) = call.target else {
      return nil
    }
    return operation
  }

  /// How long one attempt may take, as the documents say; nil where only its parts have limits.
  func limit(within settings: RunSettings) -> Duration? {
    switch kind {
    case .assert: .zero
    case .wait(let duration): duration.constant ?? ClosedRange.wait.upperBound
    case .call: longestAttempt ?? settings.steps.attemptTimeout
    case .waitUntil: longestAttempt ?? settings.steps.conditionTimeout
    case .play, .forEach, .parallel, .block, .approve: longestAttempt
    }
  }

  /// What the author set, or the most that an expression may give.
  private var longestAttempt: Duration? {
    modifiers.timeout.map { $0.constant ?? ClosedRange.wait.upperBound }
  }

  /// How many attempts there may be.
  func attempts(within settings: RunSettings) -> Int {
    if let retry = modifiers.retry {
      return retry.attempts.constant ?? Self.attemptBounds.upperBound
    }
    switch kind {
    case .call, .waitUntil: return settings.steps.attempts
    case .play, .forEach, .parallel, .block, .assert, .wait, .approve: return 1
    }
  }
}

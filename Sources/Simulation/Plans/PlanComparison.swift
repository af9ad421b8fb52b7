package import Events
import Expressions
import Operations
import Playbooks

/// What a plan says, compared with what a run right after it did.
///
///     let comparison = PlanComparison(of: plannedEvents, with: events)
///     // comparison.objection?.detail:
///     // "the plan said `create` of `key`, and the run did `unchanged`"
///
/// What a service refuses when it is asked no plan foresees, and what follows a step that ended otherwise
/// for a good reason is not compared.
package struct PlanComparison: Sendable {
  /// One thing that is not as the plan says.
  package struct Objection: Sendable, Hashable {
    /// The step; nil for the run itself.
    package let step: StepPath?
    /// In one sentence without a full stop; holds no secret.
    package let detail: String
    /// The last event of the run before it showed; nil where the whole run shows it.
    package let event: RunEvent?
  }

  /// How the run ended in comparison with the plan.
  package enum Ending: Sendable, Hashable {
    /// As the plan says, a failure included.
    case planned
    /// At a step that the plan says is in conflict.
    case conflict(StepPath)
    /// At a request that the service refused, which the plan said would be made.
    case refused(StepPath)
    /// At a step of which the plan said that it is not known.
    case open(StepPath)
  }

  private let planned: StepEnds
  private let done: StepEnds
  /// How far the two were compared.
  package private(set) var ending = Ending.planned
  /// The first thing that the run did otherwise.
  package private(set) var objection: Objection?
  /// The first thing that the plan left open, where the run changed nothing.
  package private(set) var vagueness: Objection?

  /// Compares the events of a plan with those of a run.
  package init(of plan: some Sequence<RunEvent>, with run: some Sequence<RunEvent>) {
    planned = StepEnds(of: plan)
    done = StepEnds(of: run)
    objection = firstObjection()
    if objection == nil { vagueness = firstVagueness() }
  }

  /// How many steps the plan says what of; what it says nothing of is left out.
  package var counts: [StateChange.Kind: Int] {
    planned.all.reduce(into: [:]) { counts, end in
      if let kind = end.result.change?.kind { counts[kind, default: 0] += 1 }
    }
  }
}

/// Step by step.
extension PlanComparison {
  private mutating func firstObjection() -> Objection? {
    for end in done.all {
      if let found = objection(to: end) { return found }
      // What follows is not what was planned.
      guard ending == .planned else { return nil }
    }
    let hasFailed = !(done.result?.outcome.allowsContinuation ?? false)
    for end in planned.all where done[end.path] == nil && !hasFailed {
      return Objection(
        step: end.path,
        detail: "the plan said \(end.phrase) of `\(end.path)`, and the run did not come to it",
        event: nil)
    }
    return objectionToResult()
  }

  private func objectionToResult() -> Objection? {
    guard let said = planned.result, let did = done.result,
      said.outcome.allowsContinuation != did.outcome.allowsContinuation,
      !Value.map(said.outputs).holdsUnknown
    else { return nil }
    let reason = (did.failure ?? said.failure).map { ": \($0.message)" } ?? ""
    return Objection(
      step: nil,
      detail: "the plan ended \(said.outcome.rawValue), and the run \(did.outcome.rawValue)"
        + reason, event: nil)
  }

  private mutating func objection(to end: StepEnds.End) -> Objection? {
    let said = planned[end.path]
    guard let expectation = said.map(Expectation.init) ?? expectation(around: end) else {
      return Objection(
        step: end.path,
        detail: "the plan said nothing of `\(end.path)`, and the run did \(end.phrase)",
        event: end.event)
    }
    switch expectation.verdict(on: end) {
    case .kept: return nil
    case .ends(let ending):
      self.ending = ending
      return nil
    case .broken:
      let words = said?.phrase ?? "no change around"
      return Objection(
        step: end.path,
        detail: "the plan said \(words) of `\(end.path)`, and the run did \(end.phrase)",
        event: end.event)
    }
  }

  /// What is expected of a step that the plan does not name: something around it must be open.
  private func expectation(around end: StepEnds.End) -> Expectation? {
    for outer in planned.ends(around: end.path) {
      switch Expectation(outer) {
      case .anything, .failure, .stop: return .anything
      case .noChange(.unread): return .noChange(.unread)
      // What the service refused may be rescued.
      case .change(let change, _)
      where change.isRequested && done[outer.path]?.result.isRefusal ?? false:
        return .anything
      case .skip, .noChange(.known), .change, .conflict: continue
      }
    }
    return nil
  }
}

/// Whether the plan says enough.
extension PlanComparison {
  private func firstVagueness() -> Objection? {
    guard ending == .planned, done.result?.outcome.allowsContinuation ?? false,
      done.all.allSatisfy({ $0.result.change?.kind.isQuiet ?? true }),
      // What a person decides, and what follows from it, is known to nobody.
      !done.all.contains(where: { $0.kind == .approve })
    else { return nil }
    // A read that a plan may not make is not vague: what depends on it is.
    // What is written to a file is no change of a run.
    for end in planned.all
    where end.result.change?.kind == .unknown && end.kind != .local
      && end.result.change?.isLocal == false
    {
      return Objection(
        step: end.path,
        detail: "the plan said \(end.phrase) of `\(end.path)`, and the run changed nothing at all",
        event: nil)
    }
    return nil
  }
}

/// What a plan lets a run do at a step.
private enum Expectation: Sendable {
  /// Whether the plan knows what comes of a step that changes nothing.
  enum Knowledge: Sendable {
    case known
    case unread
  }

  case anything
  case skip
  case failure(StepResult)
  /// It was stopped when another failed.
  case stop
  case noChange(Knowledge)
  case change(StateChange, isRead: Bool)
  case conflict

  init(_ end: StepEnds.End) {
    let result = end.result
    switch (result.change?.kind, result.outcome) {
    case (.unknown?, _): self = .anything
    case (.conflict?, _): self = .conflict
    case (_, .skipped): self = .skip
    case (_, .cancelled): self = .stop
    case (_, .failed), (_, .inDoubt): self = .failure(result)
    case (nil, .succeeded), (nil, .unchanged), (nil, .tolerated):
      self = .noChange(result.value.unknown == nil ? .known : .unread)
    case (_?, .succeeded), (_?, .unchanged), (_?, .tolerated):
      self = .change(result.change ?? StateChange(.unchanged), isRead: result.observed != nil)
    }
  }

  enum Verdict: Sendable {
    case kept
    case broken
    /// It may be so, and what follows is not planned any more.
    case ends(PlanComparison.Ending)
  }

  func verdict(on end: StepEnds.End) -> Verdict {
    let result = end.result
    let hasFailed = !result.outcome.allowsContinuation
    switch self {
    case .anything: return hasFailed ? .ends(.open(end.path)) : .kept
    case .conflict: return hasFailed ? .ends(.conflict(end.path)) : .broken
    case .stop: return .kept
    case .skip: return result.outcome == .skipped ? .kept : .broken
    case .failure(let failure): return Verdict(result.isSameFailure(as: failure))
    case .noChange(.unread):
      guard result.change == nil else { return .broken }
      return hasFailed ? .ends(.open(end.path)) : .kept
    case .noChange(.known):
      return Verdict(result.change == nil && !hasFailed && result.outcome != .skipped)
    case .change(let change, let isRead):
      if change.isRequested, result.isRefusal { return .ends(.refused(end.path)) }
      guard !hasFailed else { return .broken }
      return Verdict(result.change.map { change.admits($0, isRead: isRead) } ?? false)
    }
  }
}

extension Expectation.Verdict {
  fileprivate init(_ isKept: Bool) { self = isKept ? .kept : .broken }
}

extension StepResult {
  /// Whether the service refused the request, which shows only once it is sent.
  fileprivate var isRefusal: Bool {
    guard outcome == .failed || outcome == .tolerated else { return false }
    switch failure?.kind {
    case .rejected, .invalid, .unauthorised: return true
    case .network, .timeout, .throttled, .serverError, .malformed, .expectation, .local, nil:
      return false
    }
  }

  /// Both failed, or one of them was stopped by another step that did, and for the same reason.
  fileprivate func isSameFailure(as other: StepResult) -> Bool {
    switch outcome {
    case .failed: failure?.kind == other.failure?.kind && failure?.status == other.failure?.status
    case .cancelled: true
    case .succeeded, .unchanged, .skipped, .tolerated, .inDoubt: false
    }
  }
}

extension StateChange {
  /// Whether a request to the service makes it.
  fileprivate var isRequested: Bool { !isLocal && !kind.isQuiet }

  /// Whether `other` is this planned change; where nothing was read for it, no field is known.
  fileprivate func admits(_ other: StateChange, isRead: Bool) -> Bool {
    guard kind == other.kind, isLocal == other.isLocal else { return false }
    guard isRead || !differences.isEmpty else { return true }
    return differences.count == other.differences.count
      && zip(differences, other.differences).allSatisfy { said, did in
        said.field == did.field && said.asked.admits(did.asked) && said.found.admits(did.found)
      }
  }
}

extension StateChange.Kind {
  /// Whether nothing is changed.
  fileprivate var isQuiet: Bool {
    switch self {
    case .unchanged, .drift: true
    case .create, .change, .remove, .conflict, .unknown: false
    }
  }
}

extension Value {
  /// Whether `other` is the same, or this one was not known.
  fileprivate func admits(_ other: Value) -> Bool {
    holdsUnknown || revealed == other.revealed
  }
}

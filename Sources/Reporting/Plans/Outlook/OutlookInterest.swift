import Diagnostics
import Events
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Which steps of a plan have a part in its votes and lifetimes.
struct OutlookInterest {
  /// Whether something that a step gives may run out, so that all that takes time counts.
  private(set) var followsTime = false
  private let api: APIDescription
  /// By where a step is written: it has a part, or a step below it.
  private var places: Set<SourceLocation> = []

  /// The steps of `plan` that have a part.
  init(in plan: Plan) {
    api = plan.api
    let all = Self.all(plan.playbook.steps)
    let effects = Self.effects(of: all, in: api)
    let hasLives = effects.contains { $0.lives != nil }
    followsTime = hasLives || Self.credentials(plan.playbook, all).contains(where: \.mayEnd)
    guard followsTime || effects.contains(where: { !$0.causes.isEmpty || $0.asks != nil }) else {
      return
    }
    note(plan.playbook.steps)
  }

  /// Every step of `plan`, whatever follows from it.
  init(everythingIn plan: Plan) {
    api = plan.api
    followsTime = true
    note(plan.playbook.steps)
  }

  /// Whether no step has a part.
  var isEmpty: Bool { places.isEmpty }

  /// Whether the step, or one below it, has a part.
  func contains(_ step: PlannedStep) -> Bool { places.contains(step.location) }

  /// Whether what a call is given has a part.
  func needsArguments(of step: PlannedStep) -> Bool {
    guard let operation = step.operation else { return false }
    return followsTime || ([operation] + step.effects(in: api)).contains(where: isOfInterest)
  }

  private mutating func note(_ steps: [PlannedStep]) {
    for step in steps {
      let below = step.kind.steps + step.modifiers.rescue + step.modifiers.always
      note(below)
      if hasPart(step) || below.contains(where: contains) { places.insert(step.location) }
    }
  }

  private func hasPart(_ step: PlannedStep) -> Bool {
    switch step.kind {
    case .approve, .wait, .waitUntil: true
    case .call: followsTime || needsArguments(of: step)
    case .play, .forEach, .parallel, .block, .assert: false
    }
  }

  private func isOfInterest(_ operation: Operation) -> Bool {
    if !operation.causes.isEmpty || operation.asks != nil || operation.lives != nil { return true }
    guard let lookup = operation.lookup else { return false }
    return VotingReads.standard.all.contains(lookup.operation)
      || lookup.operation == api.roles.authenticate
      || lookup.evidence.gives[VotingFacts.deviceField] != nil
  }

  private static func all(_ steps: [PlannedStep]) -> [PlannedStep] {
    steps.flatMap { step in
      [step] + all(step.kind.steps + step.modifiers.rescue + step.modifiers.always)
    }
  }

  /// The operations that the steps may send, those of equal calls once.
  private static func effects(
    of steps: [PlannedStep], in api: APIDescription
  ) -> [Operation] {
    var seen: Set<Sending> = []
    return steps.flatMap { step in
      guard let operation = step.operation,
        seen.insert(Sending(operation: operation.id, ensurance: step.modifiers.ensure)).inserted
      else { return [Operation]() }
      return step.effects(in: api)
    }
  }

  /// What decides which operations a step may send.
  private struct Sending: Hashable {
    let operation: String
    let ensurance: Ensurance?
  }

  private static func credentials(
    _ playbook: PlannedPlaybook, _ steps: [PlannedStep]
  ) -> [Credentials] {
    [playbook.session].compactMap(\.self)
      + steps.flatMap { step in
        var credentials: [Credentials] = []
        if case .own(let own) = step.modifiers.session { credentials.append(own) }
        if case .play(let played, _) = step.kind, let session = played.session {
          credentials.append(session)
        }
        return credentials
      }
  }
}

extension Credentials {
  /// Whether they are tokens that nothing renews, and of which it is said when they end.
  fileprivate var mayEnd: Bool {
    switch kind {
    case .profile: false
    case .application(_, let refresh, let end): refresh == nil && end != nil
    }
  }
}

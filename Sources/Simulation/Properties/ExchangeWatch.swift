import Events
import Machine
import Operations
import Planning
import Playbooks
import Sandbox

/// Compares what is recorded of requests and commands with what the service did, and with what it
/// said to the process.
struct ExchangeWatch: Sendable {
  private let repetitions: [String: Operation.Repetition]
  /// How many effects each step may have; one unless it says more.
  var allowedEffects: [StepPath: Int]
  private var lookup: StepLookup
  private var commands: CommandWatch
  /// Which step a request of the vault was for.
  private var origins: [VaultRequestNumber: RequestOrigin] = [:]
  /// What steps did whose operations must not be repeated.
  private var deeds: [StepPath: StepDeeds] = [:]
  /// The steps that are recorded to have succeeded, and for which the service did nothing so far: some
  /// operations are answered before they are done.
  private var unproven: [StepPath: String] = [:]

  init(_ scenario: Scenario, _ lookup: StepLookup) {
    repetitions = scenario.repetitions
    allowedEffects = scenario.allowedEffects
    self.lookup = lookup
    commands = CommandWatch(scenario.plan.api, scenario.settings)
  }

  /// How many effects each step had whose operation must not be repeated.
  var effectCounts: [StepPath: Int] { deeds.mapValues(\.effectCount).filter { $0.value > 0 } }

  /// What the step did since it began, as the service knows; nil when it is no such step.
  func deeds(of path: StepPath) -> StepDeeds? { deeds[path] }

  private func mustNotRepeat(_ operation: String) -> Bool {
    switch repetitions[operation] {
    case .detectable, .unsafe: true
    case .safe, .harmless, nil: false
    }
  }
}

/// The process.
extension ExchangeWatch {
  mutating func received(_ input: RunInput, at now: Moment) { commands.received(input, at: now) }

  mutating func sent(_ request: APIRequest, _ id: RequestID, at now: Moment) {
    commands.sent(request, id, at: now)
  }

  mutating func processEnded() { commands.processEnded() }

  mutating func processBegan(at now: Moment) { commands.processBegan(at: now) }

  var wantsRest: Bool { commands.mustLook }

  mutating func objectionAtRest() -> Objection? {
    commands.objectionAtRest().map { Objection(property: .lostOutcome, detail: $0) }
  }

  mutating func objection(to event: RunEvent, at now: Moment) -> Objection? {
    let objection = commands.objection(to: event, at: now)
    switch event.kind {
    case .stepStarted(let path, _): deeds[path]?.begin()
    case .stateCompared(let path, let comparison):
      guard let operation = lookup.step(at: path)?.operation?.id else { break }
      deeds[path, default: StepDeeds()].record =
        comparison.done.contains(operation) ? .done : .notDone
    case .doubtSettled(let path, let verdict) where verdict.isDone && verdict.means == .lookup:
      // It may have been so before; then what the run leaves says whether that was right.
      deeds[path, default: StepDeeds()].wasFoundDone = true
    case .runResumed(let resumption):
      for path in resumption.reopening?.again ?? [] { deeds[path]?.begin() }
      for path in resumption.reopening?.continued ?? [] { deeds[path]?.hasFailed = false }
    case .undoing(let path, _):
      // What is undone is to be done again.
      for other in deeds.keys where other.components.starts(with: path.components) {
        deeds[other]?.effectCount = 0
      }
    case .stepFinished(let path, let result):
      return objection ?? self.objection(to: result, of: path)
    case _: break
    }
    return objection
  }

  /// What is wrong with the end of a step whose operation must not be repeated.
  private mutating func objection(to result: StepResult, of path: StepPath) -> Objection? {
    guard let operation = lookup.step(at: path)?.operation, mustNotRepeat(operation.id) else {
      return nil
    }
    let done = deeds[path] ?? StepDeeds()
    switch result.outcome {
    // Another operation may have made a thing as it should be.
    case .succeeded where !done.wasCarriedOut && done.record != .notDone:
      unproven[path] = operation.id
    case .failed where result.failure?.kind.excludesEffect ?? false,
      .tolerated where result.failure?.reason != nil:
      // What fails after that says nothing of the request.
      if done.record == .done { break }
      if done.currentEffects > 0, !done.wasRejected {
        return Objection(
          property: .contradiction,
          detail: "`\(path)` failed as if nothing had happened, but \(operation.id) had its effect")
      }
      deeds[path, default: StepDeeds()].hasFailed = true
    case .succeeded, .unchanged, .skipped, .tolerated, .failed, .cancelled, .inDoubt: break
    }
    return nil
  }
}

/// The service.
extension ExchangeWatch {
  /// The service processed a request of a step, and answered it so.
  mutating func processed(
    _ number: VaultRequestNumber, from origin: RequestOrigin, _ response: APIResponse
  ) {
    guard mustNotRepeat(origin.operation) else { return }
    origins[number] = origin
    deeds[origin.path, default: StepDeeds()].response = response
  }

  /// What the record says and nothing that the service did bears out, once all is over.
  func objectionAtEnd() -> Objection? {
    guard let (path, operation) = unproven.min(by: { "\($0.key)" < "\($1.key)" }) else {
      return nil
    }
    return Objection(
      property: .contradiction,
      detail: "`\(path)` succeeded, but the service never did \(operation) for it")
  }

  mutating func objection(to occurrence: VaultOccurrence) -> Objection? {
    switch occurrence {
    case .settled(let command, let outcome, let request, let moment):
      commands.settled(command, as: outcome, at: moment)
      if let origin = request.flatMap({ origins[$0] }) {
        deeds[origin.path, default: StepDeeds()].settle(as: outcome)
        if outcome == .succeeded { unproven[origin.path] = nil }
      }
      return nil
    case .effect(let operation, let request, _):
      guard let origin = request.flatMap({ origins[$0] }), mustNotRepeat(operation) else {
        return nil
      }
      return tookEffect(origin)
    case .refused: return nil
    }
  }

  private mutating func tookEffect(_ origin: RequestOrigin) -> Objection? {
    var done = deeds[origin.path] ?? StepDeeds()
    unproven[origin.path] = nil
    done.effectCount += 1
    done.currentEffects += 1
    deeds[origin.path] = done
    if done.effectCount > max(1, allowedEffects[origin.path] ?? 1) {
      return Objection(
        property: .repeatedEffect,
        detail: "\(origin.operation) had \(done.effectCount) effects for `\(origin.path)`")
    }
    guard done.hasFailed else { return nil }
    return Objection(
      property: .contradiction,
      detail: "\(origin.operation) had its effect after `\(origin.path)` had failed without one")
  }
}

/// What the service did for a step whose operation must not be repeated.
struct StepDeeds: Sendable {
  /// Over the whole run.
  var effectCount = 0
  /// Since the step began, as all that follows.
  var currentEffects = 0
  private(set) var successes = 0
  private(set) var rejections = 0
  /// Whether the record says that it failed and nothing happened.
  var hasFailed = false
  /// The latest answer, whether it arrived or not.
  var response: APIResponse?

  /// Whether the record of an ensured step says that the operation itself was carried out, whatever the
  /// end of the step is.
  enum Record: Sendable {
    case none
    case notDone
    case done
  }

  var record = Record.none
  /// Whether a read showed what the operation would have made of it.
  var wasFoundDone = false

  /// Whether the operation was done, or found as it should be.
  var wasCarriedOut: Bool { currentEffects > 0 || successes > 0 || wasFoundDone }
  var wasRejected: Bool { rejections > 0 }

  mutating func begin() {
    let count = effectCount
    self = StepDeeds()
    effectCount = count
  }

  mutating func settle(as outcome: CommandOutcome) {
    switch outcome {
    case .succeeded: successes += 1
    case .rejected: rejections += 1
    }
  }
}

extension FailureClass {
  /// Whether a failure of this class says that the operation had no effect.
  fileprivate var excludesEffect: Bool {
    switch self {
    case .network, .timeout, .throttled, .serverError, .unauthorised, .rejected, .invalid: true
    case .malformed, .expectation, .local: false
    }
  }
}

import OrderedCollections
import Diagnostics
import Events
import Expressions
import Operations
import Planning
import Playbooks

/// The life of a step: condition, attempts, rescue, always, end.
extension RunMachine {
  mutating func begin(_ id: NodeID) {
    guard let node = nodes[id] else { return }
    switch node.content {
    case .sequence: advance(id)
    case .step(let step): begin(id, node, step.step)
    }
  }

  private mutating func begin(_ id: NodeID, _ node: Node, _ step: PlannedStep) {
    if let result = keptResult(of: step, at: node) {
      return leave(step: id, Ending(result), isRecorded: true)
    }
    var summary = step.summary
    summary.element = elementOfRound(beginningWith: node)
    emit(.stepStarted(node.path, summary))
    do throws(Failure) {
      if let condition = step.modifiers.when, try !holds(condition, in: node.scope) {
        return leave(step: id, Ending(StepResult(outcome: .skipped)))
      }
    } catch {
      return fail(id, WorkFailure(error, effect: .settled))
    }
    startAttempt(id)
  }

  mutating func startAttempt(_ id: NodeID) {
    guard let node = nodes[id], case .step(let state) = node.content else { return }
    updateStep(id) { $0.hasOverslept = false }
    if let timeout = timeout(of: state.step) { timers.set(.deadline(id), at: now + timeout) }
    do throws(WorkFailure) {
      try startWork(id, node, state.step)
    } catch {
      fail(id, error)
    }
  }

  /// How long one attempt of `step` may take: what the author said, or the default.
  func timeout(of step: PlannedStep) -> Duration? {
    if let timeout = step.modifiers.timeout { return timeout }
    return switch step.kind {
    case .call: settings.attemptTimeout
    case .waitUntil: settings.conditionTimeout
    case .play, .forEach, .parallel, .block, .assert, .wait: nil
    }
  }

  private mutating func startWork(
    _ id: NodeID, _ node: Node, _ step: PlannedStep
  ) throws(WorkFailure) {
    switch step.kind {
    case .call(let call):
      try startCall(id, node, call, step.modifiers.session)
    case .play(let playbook, let arguments):
      try startPlay(id, node, playbook, arguments)
    case .forEach(let loop):
      try startForEach(id, node, loop)
    case .parallel(let branches):
      startParallel(id, node, branches)
    case .block(let steps):
      startBlock(id, node, steps)
    case .assert(let assertions):
      try orSettled { () throws(Failure) in try firstBroken(assertions, in: node.scope) }
      succeed(id, with: [:])
    case .wait(let duration):
      setWork(id, .pausing)
      timers.set(.pause(id), at: now + duration)
      emitWaiting(node.path, .pause(until: now + duration))
    case .waitUntil(_, let read, _):
      try startReading(id, node, read, step.modifiers.session)
    }
  }

  /// Runs `body`; a failure in it is one that no repeat will mend.
  func orSettled<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(WorkFailure) -> Result {
    do throws(Failure) {
      return try body()
    } catch {
      throw WorkFailure(error, effect: .settled)
    }
  }

  mutating func setWork(_ id: NodeID, _ work: Work) {
    updateStep(id) { $0.phase = .working(work) }
  }

  mutating func updateStep(_ id: NodeID, _ change: (inout StepState) -> Void) {
    guard var node = nodes[id], case .step(var step) = node.content else { return }
    change(&step)
    node.content = .step(step)
    nodes[id] = node
  }

  func stepState(_ id: NodeID) -> StepState? {
    guard case .step(let step) = nodes[id]?.content else { return nil }
    return step
  }
}

/// The ends of a step's work.
extension RunMachine {
  mutating func succeed(_ id: NodeID, with value: Value) {
    settle(id, Ending(StepResult(outcome: .succeeded, value: value)))
  }

  /// The step's work failed: it is tried again, or that is its end.
  mutating func fail(_ id: NodeID, _ problem: WorkFailure) {
    guard let node = nodes[id], let state = stepState(id) else { return }
    var failure = problem.failure
    if failure.location == nil { failure.location = state.step.location }
    let verdict = RetryDecision(
      of: failure.kind, effect: problem.effect, attempt: state.attempt, step: state.step,
      settings: settings)
    if verdict.outcome == .inDoubt { failure.lookup = state.step.kind.lookup }
    cancelTimers(of: id)
    let ending = Ending(
      StepResult(outcome: verdict.outcome, value: problem.value, failure: failure),
      origin: problem.origin ?? node.path)
    guard verdict.triesAgain, problem.failure.allowsRetry, state.stop == nil else {
      return settle(id, ending)
    }
    let pause = pause(beforeAttempt: state.attempt + 1, of: state.step, problem.retryAfter)
    if let asked = problem.retryAfter, asked > settings.maximumRetryAfter {
      failure.message +=
        "; the service asks for a pause of \(DurationText.text(asked)), which is cut to "
        + DurationText.text(settings.maximumRetryAfter)
    }
    emit(.attemptFailed(node.path, attempt: state.attempt, failure, pause: pause))
    updateStep(id) {
      $0.attempt += 1
      $0.phase = .backingOff(ending)
    }
    timers.set(.backoff(id), at: now + pause)
  }

  private mutating func pause(
    beforeAttempt attempt: Int, of step: PlannedStep, _ retryAfter: Duration?
  ) -> Duration {
    let first = step.modifiers.retry?.backoff ?? settings.defaultBackoff
    let longest = step.modifiers.retry?.maximumBackoff ?? settings.maximumReconnectPause
    let pause = backoff(first: first, longest: longest, repetition: attempt - 2)
    return max(pause, min(retryAfter ?? .zero, settings.maximumRetryAfter))
  }

  /// Exponential backoff with jitter: between half of and the whole `first` × 2^`repetition`.
  mutating func backoff(first: Duration, longest: Duration, repetition: Int) -> Duration {
    let doubled = first * Int(1 << min(max(repetition, 0), 20))
    let share = Int64.random(in: 500...1000, using: &random)
    return min(doubled, longest) * share / 1000
  }

  /// The step's work is over: rescue, always, and then its end.
  mutating func settle(_ id: NodeID, _ ending: Ending) {
    guard let state = stepState(id) else { return }
    cancelTimers(of: id)
    if state.step.keepsResults, let scope = nodes[id]?.scope {
      publish(ending.result, as: state.step.id, in: scope)
    }
    let rescues = ending.result.outcome == .failed && state.stop == nil
    if rescues, !state.step.modifiers.rescue.isEmpty {
      startRescue(id, state.step.modifiers.rescue, after: ending)
    } else {
      startAlways(id, after: ending)
    }
  }

  private mutating func startRescue(_ id: NodeID, _ steps: [PlannedStep], after ending: Ending) {
    guard let node = nodes[id] else { return }
    let scope = addInnerScope(
      of: node.scope, variables: ["error": ending.errorVariable])
    let child = add(
      Node(
        parent: id, path: node.path.appending(.rescue), scope: scope,
        content: .sequence(SequenceState(steps: steps, isProtected: false))))
    updateStep(id) { $0.phase = .rescuing(child, after: ending) }
    agenda.append(.begin(child))
  }

  mutating func startAlways(_ id: NodeID, after ending: Ending) {
    guard let node = nodes[id], let state = stepState(id) else { return }
    guard !state.step.modifiers.always.isEmpty else { return leave(step: id, ending) }
    let scope = addInnerScope(of: node.scope, variables: [:])
    let steps = SequenceState(steps: state.step.modifiers.always, isProtected: true)
    let child = add(
      Node(
        parent: id, path: node.path.appending(.always), scope: scope, content: .sequence(steps)))
    updateStep(id) { $0.phase = .concluding(child, after: ending) }
    agenda.append(.begin(child))
  }

  /// The step is over: records how, and notifies its parent.
  mutating func leave(step id: NodeID, _ ending: Ending, isRecorded: Bool = false) {
    guard let node = nodes[id], case .step(let state) = node.content else { return }
    cancelTimers(of: id)
    var ending = ending
    if !isRecorded {
      ending.result = scrubbed(ending.result)
      var result = ending.result
      result.notice = state.notice
      emit(.stepFinished(node.path, result))
      if ending.result.outcome == .succeeded { keepWhatLed(to: state.step, at: node) }
    }
    publish(ending.result, as: state.step.id, in: node.scope)
    nodes[id] = nil
    guard let parent = node.parent else { return }
    agenda.append(.ended(id, parent: parent, scope: node.scope, ending))
  }

  mutating func cancelTimers(of id: NodeID) {
    timers.cancel(.deadline(id))
    timers.cancel(.backoff(id))
    timers.cancel(.pause(id))
    timers.cancel(.poll(id))
    timers.cancel(.read(id))
    timers.cancel(.grace(id))
    timers.cancel(.askAgain(id))
  }
}

extension Ending {
  /// What `rescue` steps know as `error`.
  var errorVariable: Value {
    guard let failure = result.failure else { return [:] }
    return [
      "class": .string(failure.kind.rawValue),
      "message": .string(failure.message),
      "status": failure.status.map { .int(Int64($0)) } ?? .null,
      "step": origin.map { .string($0.description) } ?? .null,
      "answer": failure.answer,
    ]
  }
}

extension PlannedStep {
  /// Whether its result is there although it failed.
  fileprivate var keepsResults: Bool {
    guard case .forEach(let loop) = kind else { return false }
    return loop.onFailure == .continue
  }

  /// The summary recorded when the step begins.
  fileprivate var summary: StepSummary {
    switch kind {
    case .call(let call):
      switch call.target {
      case .operation(let operation):
        StepSummary(kind: .call, title: title, subject: operation.id)
      case .local(let action):
        StepSummary(kind: .local, title: title, subject: action.rawValue)
      }
    case .play(let playbook, _): StepSummary(kind: .play, title: title, subject: playbook.name)
    case .forEach(let loop):
      StepSummary(kind: .forEach, title: title, subject: loop.variable)
    case .parallel: StepSummary(kind: .parallel, title: title)
    case .block: StepSummary(kind: .block, title: title)
    case .assert: StepSummary(kind: .assert, title: title)
    case .wait: StepSummary(kind: .wait, title: title)
    case .waitUntil(_, let read, _):
      switch read.target {
      case .operation(let operation):
        StepSummary(kind: .wait, title: title, subject: operation.id)
      case .local(let action):
        StepSummary(kind: .wait, title: title, subject: action.rawValue)
      }
    }
  }
}

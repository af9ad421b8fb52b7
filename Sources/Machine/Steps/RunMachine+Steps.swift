import Diagnostics
import Events
import Expressions
import Operations
import Planning
import Playbooks

/// The life of a step: condition, attempts, rescue, always, end.
extension RunMachine {
  /// Begins the next step of a sequence.
  mutating func beginNext(in id: NodeID) {
    guard let node = kernel.tree.nodes[id], let sequence = kernel.tree.sequence(id),
      sequence.current == nil, !sequence.isStopped, sequence.next < sequence.steps.count
    else { return }
    let step = sequence.steps[sequence.next]
    begin(
      step, at: node.path.appending(.step(step.id)), below: id,
      titled: title(of: step) { kernel.tree.scopes[node.scope] })
  }

  /// The title of a step with a name of its own, which may show values of the scope that it sees.
  func title(of step: PlannedStep, in scope: () -> Scope?) -> String? {
    guard step.name != nil, let scope = scope() else { return nil }
    return kernel.secrets.scrub(kernel.tree.title(of: step, in: scope))
  }

  /// Begins `step`; `element` is that of the round which begins with it.
  ///
  /// Nobody may hold the scope of the step meanwhile: where it ends at once, all results in it would be copied.
  mutating func begin(
    _ step: PlannedStep, at path: StepPath, below parent: NodeID, titled title: String?,
    element: String? = nil
  ) {
    var summary = step.summary(element: element)
    if let title { summary.title = title }
    if let result = guidance.reused[path], !step.isPassedThrough(for: result) {
      return kernel.emit(.stepReused(path, summary, result))
    }
    guard kernel.tree.reusableResult(of: step, at: path, below: parent) == nil else {
      return kernel.emit(.stepReused(path, summary))
    }
    kernel.emit(.stepStarted(path, summary))
    if let id = kernel.tree.id(of: path) { enter(id) }
  }

  /// It is the turn of the step.
  mutating func enter(_ id: NodeID) {
    startAttempt(1, of: id)
  }

  /// The pause before the next attempt is over.
  mutating func backoffOver(_ id: NodeID) {
    guard let (_, step) = kernel.inProgress(id) else { return }
    startAttempt(step.progress.attempt.number + 1, of: id)
  }

  /// The condition of the step decides whether it is carried out; a further attempt sees it, too, since
  /// the first may have failed for it.
  private mutating func startAttempt(_ number: Int, of id: NodeID) {
    guard let (node, state) = kernel.inProgress(id) else { return }
    let step = state.step
    do throws(Failure) {
      switch try step.modifiers.when.map({ condition throws(Failure) in
        try kernel.tree.truth(of: condition, in: node.scope)
      }) {
      case nil, .holds?: break
      case .fails?: return finish(id, Ending(StepResult(outcome: .skipped)))
      case .unknown(let unknown)?: return foresawNothing(of: id, waitingFor: unknown)
      }
    } catch {
      return fail(id, WorkFailure(error, effect: .settled))
    }
    if let flaw = state.flaw { return fail(id, .impossible(flaw)) }
    let rules = state.rules
    works.begin(id)
    if number > 1 || rules.isGroup {
      kernel.emit(.attemptStarted(node.path, attempt: number))
    }
    if let timeout = timeout(of: state) {
      kernel.wake(for: .deadline(id), at: kernel.now + timeout)
    }
    do throws(WorkFailure) {
      if guidance.planning == nil {
        try rules.start(id, node, in: &self)
      } else {
        try rules.foresee(id, node, in: &self)
      }
    } catch {
      fail(id, error)
    }
  }

  /// How long one attempt of a step may take: what the author said, or the default.
  ///
  /// A plan does less than the author gave time for, and only its reads take any.
  func timeout(of state: StepState) -> Duration? {
    let byDefault = state.rules.defaultTimeout(within: kernel.settings)
    return guidance.planning == nil
      ? state.step.modifiers.timeout?.constant ?? byDefault : byDefault
  }
}

extension PlannedStep {
  /// Whether its own steps are reused one by one, since later steps see their results; those of a group
  /// that failed and was rescued are not all there.
  fileprivate func isPassedThrough(for result: StepResult) -> Bool {
    switch kind {
    case .block, .parallel: result.outcome == .succeeded
    case .call, .play, .forEach, .assert, .wait, .waitUntil, .approve: false
    }
  }
}

/// The ends of a step's work.
extension RunMachine {
  mutating func succeed(_ id: NodeID, with value: Value) {
    settle(id, Ending(StepResult(outcome: .succeeded, value: value)))
  }

  /// The step's work did what it should, if what the author expects of it is true.
  mutating func succeed(
    _ id: NodeID, with value: Value, checking answer: Value, _ change: StateChange? = nil,
    observing thing: ObservedThing? = nil, asking asked: ValueMap? = nil
  ) {
    guard let (node, state) = kernel.inProgress(id) else { return }
    let step = state.step
    do throws(Failure) {
      try kernel.tree.firstBroken(
        step.modifiers.expect, in: node.scope, binding: ["answer": answer],
        hiding: kernel.secrets)
    } catch {
      recordEffect(of: id, change, giving: value)
      var failure = error
      failure.answer = answer.shortened
      let isDone = guidance.planning == nil && change?.isEffect ?? false
      return fail(id, WorkFailure(failure, effect: .settled), after: isDone ? change : nil)
    }
    let outcome: Outcome = change?.kind == .unchanged ? .unchanged : .succeeded
    var result = StepResult(outcome: outcome, value: value, change: change, observed: thing)
    result.asked = asked
    settle(id, Ending(result))
  }

  /// The step's work failed; where its request may have had its effect, that is found out first.
  ///
  /// What fails while that is being found out says nothing about the request itself. `change` is what the
  /// step's call did at the service before.
  mutating func fail(_ id: NodeID, _ problem: WorkFailure, after change: StateChange? = nil) {
    if works.inquiry(of: id) != nil { return inquiryFailed(id, problem) }
    let problem = examined(problem, of: id)
    if problem.effect == .possible, inquire(id, about: .failed(problem)) { return }
    decide(id, problem, after: change)
  }

  /// The step's work failed: it is tried again, or that is its end.
  mutating func decide(_ id: NodeID, _ problem: WorkFailure, after change: StateChange? = nil) {
    guard let (node, state) = kernel.inProgress(id) else { return }
    if problem.effect != .possible { giveVoteSlotBack(id, state.progress) }
    var failure = problem.failure
    if failure.location == nil { failure.location = state.step.location }
    let verdict = RetryDecision(of: problem, state, within: kernel.settings)
    if verdict.outcome == .inDoubt { failure.lookup = state.rules.lookupID }
    if problem.effect == .possible, state.step.modifiers.inDoubt == .fail {
      // What may have happened is not done again by a group around it either.
      failure.allowsRetry = false
    }
    let ending = Ending(
      StepResult(
        outcome: verdict.outcome, value: problem.value, failure: failure,
        change: verdict.outcome == .inDoubt
          ? nil : state.carriedOutChange(at: node, in: self) ?? change),
      origin: problem.origin ?? node.path)
    guard verdict.triesAgain, guidance.planning == nil || problem.isPassing else {
      return settle(id, ending)
    }
    let pause = pause(
      beforeAttempt: state.progress.attempt.number - state.progress.earlierAttempts + 1,
      of: state.step, problem.retryAfter)
    let longest = kernel.settings.steps.maximumRetryAfter
    if let requested = problem.retryAfter, requested > longest {
      failure.message +=
        "; the service asks for a pause of \(DurationText.text(requested)), which is cut to "
        + DurationText.text(longest)
    }
    // What to change is said of the last attempt only: before it, nothing was to be changed.
    if failure.kind == .rejected { failure.hint = nil }
    recordEnsuredEffect(of: id, before: .failed)
    endWork(of: id)
    kernel.emit(
      .attemptFailed(node.path, attempt: state.progress.attempt.number, failure, pause: pause))
    kernel.wake(for: .backoff(id), at: kernel.now + pause)
  }

  private mutating func pause(
    beforeAttempt attempt: Int, of step: PlannedStep, _ retryAfter: Duration?
  ) -> Duration {
    let settings = kernel.settings
    let (first, longest) =
      step.modifiers.retry?.pauses
      ?? (settings.steps.backoff, settings.sockets.maximumReconnectPause)
    let pause = kernel.backoff(first: first, longest: longest, repetition: attempt - 2)
    return max(pause, min(retryAfter ?? .zero, settings.steps.maximumRetryAfter))
  }

  /// The step's work is over: rescue, always, and then its end.
  mutating func settle(_ id: NodeID, _ ending: Ending) {
    guard let (node, state) = kernel.inProgress(id) else { return }
    recordEnsuredEffect(of: id, before: ending.result.outcome)
    endWork(of: id)
    endTurn(of: id)
    endVote(of: id, state.progress, ending.result.outcome)
    let modifiers = state.step.modifiers
    let isRescued =
      ending.result.outcome == .failed && !state.isCancelled && !modifiers.rescue.isEmpty
    if !isRescued, undo(id, after: ending) { return }
    guard isRescued || !modifiers.always.isEmpty else { return finish(id, ending) }
    let result = noted(ending.result, of: id)
    kernel.emit(.workEnded(node.path, WorkEnd(result: result, origin: ending.origin)))
  }

  /// The step is over.
  mutating func finish(_ id: NodeID, _ ending: Ending) {
    guard let (node, state) = kernel.inProgress(id) else { return }
    endWork(of: id)
    endTurn(of: id)
    endVote(of: id, state.progress, ending.result.outcome)
    var result = noted(ending.result, of: id)
    result.notice = kernel.takeNotice(of: id)
    kernel.emit(.stepFinished(node.path, result))
  }

  /// `result` as it is recorded.
  mutating func noted(_ result: StepResult, of id: NodeID) -> StepResult {
    foreseen(kernel.tree.notingParts(kernel.scrubbed(result), of: id), of: id)
  }

  /// Something below the step is over.
  mutating func stepContinues(_ id: NodeID) {
    // Two of its parts may have ended at once, and the first of them may have ended the step.
    guard let step = kernel.tree.step(id) else { return }
    switch step.phase {
    case .working: step.rules.memberEnded(id, in: &self)
    case .rescued(let ending): _ = undo(id, after: ending)
    case .ended(let ending): finish(id, ending)
    case .backingOff, .rescuing, .undoing, .concluding: break
    }
  }

  mutating func endWork(of id: NodeID) {
    for purpose in TimerPurpose.all(of: id) { kernel.cancelTimer(for: purpose) }
    works.end(id)
    calls.end(id)
  }
}

/// Stopping.
extension RunMachine {
  /// The step is stopped, and so is its work in flight.
  mutating func stopped(_ id: NodeID) {
    guard let step = kernel.tree.step(id), case .cancelled(let cause)? = step.stop else { return }
    switch step.phase {
    case .working: step.rules.stop(id, because: cause, in: &self)
    case .backingOff: settle(id, .cancelled)
    case .rescuing, .rescued, .undoing, .concluding, .ended: break
    }
  }

  /// The time that a stopped step had for what was in flight is up.
  mutating func graceOver(_ id: NodeID) {
    guard let (_, step) = kernel.inProgress(id), case .working = step.phase else { return }
    step.rules.graceOver(id, in: &self)
  }

  /// What is in flight gets a while to finish.
  mutating func grantGrace(to id: NodeID) {
    kernel.wake(for: .grace(id), at: kernel.now + kernel.settings.stopping.cancelGrace)
  }

  /// An attempt's time is up.
  mutating func deadlinePassed(_ id: NodeID, late lateness: Duration) {
    guard let (_, step) = kernel.inProgress(id), step.stop == nil, case .working = step.phase,
      let limit = timeout(of: step)
    else { return }
    guard works.hasOverslept(id) || lateness < kernel.settings.stopping.oversleptLateness else {
      return oversleep(id)
    }
    step.rules.timedOut(id, after: limit, in: &self)
  }

  /// The time passed while nobody could have noticed an end: whatever waits gets one poll, and a
  /// while to hear of it.
  private mutating func oversleep(_ id: NodeID) {
    works.noteOversleeping(of: id)
    kernel.wake(for: .deadline(id), at: kernel.now + kernel.settings.stopping.oversleptGrace)
    calls.pollCommand(id, &sessions, &kernel)
  }
}

extension StepState {
  /// Whether something from outside ended it, so that no attempt and no `rescue` follows.
  var isCancelled: Bool {
    switch stop {
    case .cancelled: true
    case .timedOut, nil: false
    }
  }
}

import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Finding out whether a request had its effect, by the read that the API description names.
struct Inquiry: Sendable {
  enum Cause: Sendable {
    /// Its attempt failed so that nobody knows.
    case failed(WorkFailure)
    /// A person said that it had its effect; what the step gives is read.
    case assumed
  }

  /// Which page of a list is read.
  struct Page: Sendable {
    /// From 1.
    var number = 1
    /// What the page before held.
    var earlier: Value?
  }

  let cause: Cause
  /// The operation of the request, with what was asked.
  let operation: Operation
  let arguments: ValueMap
  let lookup: Lookup
  let read: Operation
  /// What is asked of the read, without the page.
  let fields: ValueMap
  let startedAt: Moment
  /// When the request was recorded that it is about.
  let intendedAt: Moment
  var page = Page()
  /// Why the latest read gave nothing.
  var problem: String?

  /// What is asked of the next read.
  var nextFields: ValueMap {
    guard let field = lookup.pageField else { return fields }
    var fields = fields
    fields[field] = .int(Int64(page.number))
    return fields
  }

  /// Why an effect that does not show may still come; nil where its absence is proof.
  ///
  /// A vote may hold a command for hours. What the service takes once is sent again all the same:
  /// whichever of the two requests it carries out, the other is refused. When it is the repeat that was
  /// refused, the first one may be carried out yet.
  var pendingEffect: String? {
    guard case .failed(let problem) = cause else { return nil }
    if problem.mayStillHappen { return "the command may still be carried out" }
    let isHarmless = operation.singleUseField != nil && !problem.isOfRepeat
    return operation.isGated && !isHarmless ? "a vote on it may still be open" : nil
  }
}

/// What an inquiry came to.
enum InquiryOutcome: Sendable {
  case done(Value)
  case notDone
  /// One sentence, without a full stop, that says why nothing can be said.
  case undecided(String)
}

/// Inquiries.
extension RunMachine {
  /// `problem`, or the doubt that it is where it ends a step whose request was sent again because its
  /// effect did not show: what refuses the repeat may be the late effect of the first request.
  func examined(_ problem: WorkFailure, of id: NodeID) -> WorkFailure {
    guard problem.effect != .possible, let state = kernel.tree.step(id),
      state.progress.followsAbsence, let rules = state.step.rules as? OperationStep,
      problem.failure.kind.isRefusal || rules.operation.isGated && problem.failure.kind.isOutside,
      !RetryDecision(of: problem, state, within: kernel.settings).triesAgain
    else { return problem }
    var problem = problem
    problem.isOfRepeat = true
    problem.effect = .possible
    return problem
  }

  /// Begins to find out whether the step's request had its effect; false where no read shows it.
  mutating func inquire(_ id: NodeID, about cause: Inquiry.Cause) -> Bool {
    guard let (node, state) = kernel.inProgress(id), state.stop == nil,
      works.inquiry(of: id) == nil, kernel.settings.lookups.limit > .zero,
      let inquiry = inquiry(about: cause, at: id, node, state)
    else { return false }
    calls.abandon(id, &kernel)
    endWork(of: id)
    works.setInquiry(inquiry, of: id)
    kernel.wake(for: .deadline(id), at: kernel.now + kernel.settings.lookups.limit)
    kernel.emitWaiting(id, .lookup(operation: inquiry.read.id))
    readForInquiry(id)
    return true
  }

  private mutating func inquiry(
    about cause: Inquiry.Cause, at id: NodeID, _ node: Node, _ state: StepState
  ) -> Inquiry? {
    guard let rules = state.step.rules as? OperationStep, !rules.isRepeatable,
      let lookup = rules.operation.lookup,
      let read = kernel.plan.api.operations[lookup.operation],
      let arguments = try? kernel.tree.evaluate(rules.call.arguments, in: node.scope)
    else { return nil }
    let session = try? sessions.session(
      for: state.step.modifiers.session, in: node.scope, &kernel)
    let username = session.flatMap { sessions[$0]?.username }
    // To ask for an application may spend its refresh token, which must be recorded.
    if guidance.isInquiry, session != nil, username == nil { return nil }
    guard let fields = lookup.fields(of: read, for: arguments, username: username) else {
      return nil
    }
    return Inquiry(
      cause: cause, operation: rules.operation, arguments: arguments, lookup: lookup, read: read,
      fields: fields, startedAt: kernel.now,
      intendedAt: state.progress.exchange?.intendedAt ?? kernel.now)
  }

  /// Sends the next read of an inquiry.
  mutating func readForInquiry(_ id: NodeID) {
    guard let (node, _) = kernel.inProgress(id),
      let inquiry = kernel.certain(works.inquiry(of: id))
    else { return }
    do throws(WorkFailure) {
      let session = try session(of: inquiry.read, at: id, node)
      calls.begin(
        id, inquiry.read, inquiry.nextFields, in: session, recording: .nothing, &kernel)
      calls.proceed(id, &sessions, &kernel)
    } catch {
      conclude(id, inquiry, .undecided(error.failure.message))
    }
  }

  /// A read of an inquiry was answered.
  mutating func inquiryAnswered(_ id: NodeID, with answer: ValueMap) {
    guard var inquiry = kernel.certain(works.inquiry(of: id)) else { return }
    let finding = inquiry.lookup.finding(in: answer, for: inquiry.arguments)
    inquiry.problem = nil
    if case .absent = finding, inquiry.turnsPage(after: answer) {
      works.setInquiry(inquiry, of: id)
      return readForInquiry(id)
    }
    take(finding, id, inquiry)
  }

  /// A read of an inquiry failed: it is made again where that may help.
  mutating func inquiryFailed(_ id: NodeID, _ problem: WorkFailure) {
    guard var inquiry = kernel.certain(works.inquiry(of: id)) else { return }
    if inquiry.isAbsence(problem.failure, hasFoundAPI: calls.hasFoundAPI(sessions)) {
      return take(.absent, id, inquiry)
    }
    switch problem.failure.kind {
    case .network, .throttled, .serverError, .timeout:
      guard problem.failure.allowsRetry else { fallthrough }
      inquiry.problem = problem.failure.message
      scheduleRead(id, inquiry, after: problem.retryAfter)
    case .unauthorised, .rejected, .invalid, .malformed, .expectation, .local:
      conclude(id, inquiry, .undecided(problem.failure.message))
    }
  }

  private mutating func take(_ finding: Lookup.Finding, _ id: NodeID, _ inquiry: Inquiry) {
    switch (inquiry.lookup.expects, finding) {
    case (.present, .present(let record)):
      let result = inquiry.lookup.result(of: inquiry.operation, from: record)
      conclude(id, inquiry, .done(.map(result)))
    case (.absent, .absent) where kernel.now - inquiry.intendedAt < kernel.settings.lookups.absence:
      // A read that lags behind may not even show what was there before.
      scheduleRead(id, inquiry, after: nil)
    case (.absent, .absent):
      let result = inquiry.lookup.result(of: inquiry.operation, from: ValueMap())
      conclude(id, inquiry, .done(.map(result)))
    case (_, .unreadable):
      conclude(
        id, inquiry, .undecided("the response of `\(inquiry.read.id)` does not show it"))
    case (.present, .several(let count)):
      conclude(id, inquiry, .undecided("`\(inquiry.read.id)` finds \(count) that fit"))
    case (.present, .absent), (.absent, .present), (.absent, .several):
      // Reads may lag behind what was done.
      guard kernel.now - inquiry.startedAt >= kernel.settings.lookups.absence else {
        return scheduleRead(id, inquiry, after: nil)
      }
      let reason = inquiry.pendingEffect.map {
        "`\(inquiry.read.id)` shows no effect, and \($0)"
      }
      conclude(id, inquiry, reason.map { .undecided($0) } ?? .notDone)
    }
  }

  private mutating func scheduleRead(_ id: NodeID, _ inquiry: Inquiry, after pause: Duration?) {
    var inquiry = inquiry
    inquiry.page = Inquiry.Page()
    works.setInquiry(inquiry, of: id)
    kernel.wake(
      for: .lookup(id), at: kernel.now + max(kernel.settings.lookups.interval, pause ?? .zero))
  }

  /// The time for an inquiry is up.
  mutating func inquiryTimedOut(_ id: NodeID, _ inquiry: Inquiry) {
    calls.abandon(id, &kernel)
    let problem = inquiry.problem ?? "it did not respond"
    let limit = DurationText.text(kernel.settings.lookups.limit)
    conclude(
      id, inquiry, .undecided("`\(inquiry.read.id)` could not be read within \(limit): \(problem)"))
  }

  /// The step is stopped while its request's effect is being found out.
  mutating func inquiryStopped(_ id: NodeID, _ inquiry: Inquiry) {
    calls.abandon(id, &kernel)
    conclude(id, inquiry, .undecided("the step was stopped before that was found out"))
  }

  private mutating func conclude(_ id: NodeID, _ inquiry: Inquiry, _ outcome: InquiryOutcome) {
    guard let (node, _) = kernel.inProgress(id) else { return }
    endWork(of: id)
    guard !guidance.isInquiry else { return report(node, inquiry, outcome) }
    switch (inquiry.cause, outcome) {
    case (_, .done(let value)): settleDoubt(id, node, inquiry, done: value)
    case (.assumed, .notDone):
      let result = inquiry.lookup.result(of: inquiry.operation, from: ValueMap())
      settleDoubt(id, node, inquiry, done: .map(result))
    case (.failed(let problem), .notDone): settleDoubt(id, node, inquiry, notDone: problem)
    case (.assumed, .undecided(let reason)):
      let failure = Failure(
        .network, "the result of `\(inquiry.operation.id)` could not be read: \(reason)",
        operation: inquiry.operation.id, lookup: inquiry.read.id)
      settle(id, Ending(StepResult(outcome: .inDoubt, failure: failure), origin: node.path))
    case (.failed(var problem), .undecided(let reason)):
      problem.failure.message += "; \(reason)"
      problem.effect = .possible
      decide(id, problem)
    }
  }

  /// Only says what was found: nothing follows from it in a run that is merely asked about.
  private mutating func report(_ node: Node, _ inquiry: Inquiry, _ outcome: InquiryOutcome) {
    switch outcome {
    case .done(let value):
      kernel.emit(
        .doubtSettled(
          node.path,
          DoubtVerdict(
            isDone: true, means: .lookup, operation: inquiry.read.id,
            value: kernel.secrets.hide(in: value))))
    case .notDone:
      kernel.emit(
        .doubtSettled(
          node.path, DoubtVerdict(isDone: false, means: .lookup, operation: inquiry.read.id)))
    case .undecided(let reason): reportDoubt(node, Failure(.network, reason))
    }
    finishInquiries()
  }

  /// Says that nothing can be found out about the step.
  mutating func reportDoubt(_ node: Node, _ failure: Failure) {
    let result = StepResult(outcome: .inDoubt, failure: failure)
    kernel.emit(.stepFinished(node.path, kernel.scrubbed(result)))
  }

  private mutating func settleDoubt(
    _ id: NodeID, _ node: Node, _ inquiry: Inquiry, done value: Value
  ) {
    let value = kernel.secrets.hide(in: value)
    let means: DoubtVerdict.Means =
      if case .assumed = inquiry.cause { .assumption } else { .lookup }
    kernel.emit(
      .doubtSettled(
        node.path,
        DoubtVerdict(isDone: true, means: means, operation: inquiry.read.id, value: value)))
    succeed(id, with: value, checking: value)
  }

  private mutating func settleDoubt(
    _ id: NodeID, _ node: Node, _ inquiry: Inquiry, notDone problem: WorkFailure
  ) {
    kernel.emit(
      .doubtSettled(
        node.path, DoubtVerdict(isDone: false, means: .lookup, operation: inquiry.read.id)))
    if problem.wasInterrupted { return sendAgain(id) }
    var problem = problem
    problem.effect = .none
    decide(id, problem)
  }

  /// The attempt that was interrupted had no effect: it begins anew, and is the same attempt.
  mutating func sendAgain(_ id: NodeID) {
    guard let (node, state) = kernel.inProgress(id) else { return }
    guard state.stop == nil else { return settle(id, .cancelled) }
    works.begin(id)
    setDeadline(of: id, state)
    do throws(WorkFailure) {
      try state.step.rules.start(id, node, in: &self)
    } catch {
      fail(id, error)
    }
  }

  /// What a person said about a step in doubt is taken for true.
  mutating func assume(_ assumption: Assumption, of id: NodeID, _ operation: Operation) {
    guard let (node, _) = kernel.inProgress(id) else { return }
    switch assumption {
    case .notDone:
      kernel.emit(.doubtSettled(node.path, DoubtVerdict(isDone: false, means: .assumption)))
      sendAgain(id)
    case .found(var verdict):
      kernel.learn(secretsOf: verdict.value)
      verdict.value = kernel.secrets.hide(in: verdict.value)
      kernel.emit(.doubtSettled(node.path, verdict))
      guard verdict.isDone else { return sendAgain(id) }
      succeed(id, with: verdict.value, checking: verdict.value)
    case .done(nil) where inquire(id, about: .assumed): break
    case .done(let given):
      var result = given ?? ValueMap()
      for name in operation.answer.keys where result[name] == nil { result[name] = .null }
      kernel.learn(secretsOf: .map(result))
      let value = kernel.secrets.hide(in: .map(result))
      kernel.emit(
        .doubtSettled(node.path, DoubtVerdict(isDone: true, means: .assumption, value: value)))
      succeed(id, with: value, checking: value)
    }
  }
}

extension Inquiry {
  /// Whether a further page may hold what this one did not; notes that it is read next.
  fileprivate mutating func turnsPage(after answer: ValueMap) -> Bool {
    guard lookup.pageField != nil, let list = lookup.list, let records = answer[list],
      case .list(let elements) = records.revealed, !elements.isEmpty, records != page.earlier,
      page.number < Lookup.mostPages
    else { return false }
    page = Page(number: page.number + 1, earlier: records)
    return true
  }

  /// Whether a refusal says that there is no such thing, or that the credentials which it would have
  /// made valid are not.
  ///
  /// A 404 may come of a wrong path as long as nothing was answered as by the API.
  fileprivate func isAbsence(_ failure: Failure, hasFoundAPI: Bool) -> Bool {
    guard lookup.list == nil else { return false }
    switch failure.status {
    case 404: return hasFoundAPI
    case 401: return read.authorization == .none
    case _: return false
    }
  }
}

extension FailureClass {
  /// Whether the service refused what was sent.
  fileprivate var isRefusal: Bool { self == .rejected || self == .invalid }

  /// Whether it says nothing of what the step got from an answer, or did on this machine.
  fileprivate var isOutside: Bool {
    switch self {
    case .rejected, .invalid, .network, .timeout, .throttled, .serverError, .unauthorised: true
    case .malformed, .expectation, .local: false
    }
  }
}

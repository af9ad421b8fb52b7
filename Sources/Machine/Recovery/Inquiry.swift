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

  /// What its answers are compared with.
  struct Times: Sendable {
    /// When it was the turn of the step.
    let step: Moment
    /// When the request was recorded that it is about.
    let request: Moment
    /// From when on an effect that does not show is waited for: when the inquiry began, or the request
    /// could leave for the last time.
    let start: Moment
  }

  /// What is known of the things that were there before the request.
  struct Baseline: Sendable {
    /// Whether a thing that nobody had seen before is what the request made, although others could have
    /// its name.
    let provesNovelty: Bool
    /// What identifies those of that name that the step itself had read.
    let seen: [String]
  }

  let cause: Cause
  /// The operation of the request, with what was asked.
  let operation: Operation
  let arguments: ValueMap
  let lookup: Lookup
  let read: Operation
  /// What is asked of the read, without the page.
  let fields: ValueMap
  let times: Times
  let baseline: Baseline
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

extension Inquiry {
  /// Until when the request could leave, where nobody saw that it did: the process before this one may
  /// have been held up between the record and the first byte, and may still run elsewhere.
  fileprivate static func lastLeave(of exchange: RecordedExchange?, _ cause: Cause) -> Moment? {
    guard case .failed(let problem) = cause, problem.wasInterrupted, exchange?.answer == nil else {
      return nil
    }
    return exchange?.intent.sendBy
  }

  /// Whether the one that fits is taken for what the request made; a person who said that the request
  /// had its effect said that, too.
  var believesWhatIsThere: Bool {
    switch cause {
    case .failed: baseline.provesNovelty
    case .assumed: true
    }
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
      state.progress.followsAbsence, let rules = state.rules as? OperationStep,
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
    let limit = kernel.settings.lookups.limit(of: inquiry.lookup)
    kernel.wake(for: .deadline(id), at: inquiry.times.start + limit)
    kernel.emitWaiting(id, .lookup(operation: inquiry.read.id))
    readForInquiry(id)
    return true
  }

  private mutating func inquiry(
    about cause: Inquiry.Cause, at id: NodeID, _ node: Node, _ state: StepState
  ) -> Inquiry? {
    guard let rules = state.rules.request(of: state.progress, at: node, in: self),
      !rules.isRepeatable,
      let lookup = rules.operation.lookup,
      let read = kernel.plan.api.operations[lookup.operation],
      let arguments = try? kernel.tree.evaluate(rules.call.arguments, in: node.scope)
    else { return nil }
    guard let fields = fields(of: read, lookup, for: arguments, node, state) else { return nil }
    let exchange = state.progress.exchange
    return Inquiry(
      cause: cause, operation: rules.operation, arguments: arguments, lookup: lookup, read: read,
      fields: fields,
      times: Inquiry.Times(
        step: state.progress.startedAt, request: exchange?.intendedAt ?? kernel.now,
        start: max(kernel.now, Inquiry.lastLeave(of: exchange, cause) ?? kernel.now)),
      baseline: Inquiry.Baseline(
        provesNovelty: lookup.isUnique || provesNovelty(exchange, node.path),
        seen: state.progress.comparison?.seen ?? []))
  }

  private func provesNovelty(_ exchange: RecordedExchange?, _ path: StepPath) -> Bool {
    guard let intent = exchange?.intent else { return false }
    let sightings = kernel.state.sightings
    guard let creation = sightings.creation(intent, path, kernel.tree) else { return false }
    return sightings.provesNovelty(
      of: creation, at: path, lag: kernel.settings.lookups.absence)
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
    let finding = finding(in: answer, for: inquiry)
    inquiry.problem = nil
    if case .absent = finding, inquiry.turnsPage(after: answer) {
      works.setInquiry(inquiry, of: id)
      return readForInquiry(id)
    }
    take(finding, id, inquiry)
  }

  private func finding(in answer: ValueMap, for inquiry: Inquiry) -> Lookup.Finding {
    inquiry.lookup.finding(in: answer, for: inquiry.arguments) { identity in
      inquiry.baseline.seen.contains(identity)
        || kernel.state.sightings.knew(identity, before: inquiry.times.step)
    }
  }

  /// Whether a read may show what the run itself removed a moment ago.
  private func mayBeStale(_ record: ValueMap) -> Bool {
    kernel.state.sightings.removal(of: record)
      .map { kernel.now - $0 < kernel.settings.lookups.absence } ?? false
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
    case (.present, .present(let record)) where mayBeStale(record):
      scheduleRead(id, inquiry, after: nil)
    case (.present, .present) where !inquiry.believesWhatIsThere:
      conclude(
        id, inquiry,
        .undecided("`\(inquiry.read.id)` finds one that fits and may be older than the request"))
    case (.present, .present(let record)):
      let result = inquiry.lookup.result(of: inquiry.operation, from: record)
      conclude(id, inquiry, .done(.map(result)))
    case (.absent, .absent)
    where kernel.now - inquiry.times.request < kernel.settings.lookups.absence:
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
      let absence = kernel.settings.lookups.absence(of: inquiry.lookup)
      guard kernel.now - inquiry.times.start >= absence else {
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
    let limit = DurationText.text(kernel.settings.lookups.limit(of: inquiry.lookup))
    conclude(
      id, inquiry, .undecided("`\(inquiry.read.id)` could not be read within \(limit): \(problem)"))
  }

  /// The step is stopped while its request's effect is being found out.
  mutating func inquiryStopped(_ id: NodeID, _ inquiry: Inquiry) {
    calls.abandon(id, &kernel)
    conclude(id, inquiry, .undecided("the step was stopped before that was found out"))
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
    // There is no such page.
    if failure.status == 404, page.number > 1 { return true }
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

import Events
import Expressions
import Operations
import Playbooks
import Tracing

/// The spans of a step in progress, and of its latest request.
struct StepTrail: Sendable {
  /// A request without a response.
  struct Request: Sendable {
    let span: (any Tracing.Span)?
    let intent: RequestIntent
    let since: Moment
  }

  /// A command without an outcome, or data that is to come.
  struct Awaited: Sendable {
    let span: (any Tracing.Span)?
    let operation: String
    let kind: Kind
    let since: Moment

    enum Kind: String, Sendable {
      case command
      case data
    }
  }

  let path: StepPath
  /// What it does; nil for one that is taken up again, where nothing is known of it.
  let summary: StepSummary?
  let span: (any Tracing.Span)?
  private var attempt = 1
  private var request: Request?
  private var awaited: Awaited?
  /// The latest operation that was requested.
  private var latest: RequestIntent?

  /// A step that begins, or goes on, with `event`.
  init(
    _ path: StepPath, _ summary: StepSummary?, _ event: RunEvent, resumed: Bool = false,
    below context: InstrumentationContext, _ facts: RunFacts, _ outlets: TelemetryOutlets
  ) {
    self.path = path
    self.summary = summary
    let name = summary.map { "\($0.kind.rawValue) \($0.subject ?? $0.title)" } ?? "step"
    span = outlets.start(
      facts.masked(name), as: facts.span(from: event, resumed ? "\(path)" : ""), below: context,
      at: event.at)
    facts.add(facts.common(path), to: span)
    guard let summary else { return }
    facts.add(
      [
        .stepKind: .text(summary.kind.rawValue), .stepTitle: .text(summary.title),
        .operation: summary.kind == .call ? .text(summary.subject) : nil,
        .action: summary.kind == .local ? .text(summary.subject) : nil,
      ], to: span)
  }

  /// Applies an event of the step.
  mutating func apply(_ event: RunEvent, _ facts: RunFacts, _ outlets: TelemetryOutlets) {
    switch event.kind {
    case .attemptStarted(_, let number): begin(number, event, facts)
    case .requestIntended(_, let intent): send(intent, event, facts, outlets)
    case .requestAnswered(_, let answer): receive(answer, event, facts, outlets)
    case .actionIntended(_, let intent): attempt = intent.attempt
    case .commandSettled(_, let verdict):
      endAwaited(event, verdict.means.rawValue, verdict.state.word, facts, outlets)
    case .dataArrived(_, _, _, let means):
      endAwaited(event, means.rawValue, "succeeded", facts, outlets)
    case .attemptFailed(_, let number, let failure, _):
      fail(number, failure, event, facts, outlets)
    case .stepWaiting(_, let reason):
      facts.note("waiting", [.waitsFor: .text(reason.word)], in: span, at: event.at)
    case .approvalRequested: facts.note("approval requested", in: span, at: event.at)
    case .approvalDecided(_, let decision):
      facts.note(decision.verdict.isApproval ? "approved" : "rejected", in: span, at: event.at)
    case .doubtSettled(_, let verdict):
      facts.note(
        verdict.isDone ? "found done" : "found not done", [.means: .text(verdict.means.rawValue)],
        in: span, at: event.at)
    case .stateCompared(_, let comparison):
      facts.note(
        "state compared", [.change: .text(comparison.change.kind.rawValue)], in: span,
        at: event.at)
    case .undoing: facts.note("undoing", in: span, at: event.at)
    case .stopping: facts.note("stopping", in: span, at: event.at)
    case .workEnded, .effectRecorded, .commandPending, .stepFinished, .stepStarted, .stepReused,
      .runStarted, .sessionChanged, .serviceChanged, .cancelRequested, .internalError,
      .runFinished, .runResumed, .rollout:
      break
    }
  }

  /// The step is over.
  mutating func finish(
    _ result: StepResult, _ event: RunEvent, _ facts: RunFacts, _ outlets: TelemetryOutlets
  ) {
    let failure = result.failure.map(\.kind.rawValue)
    abandon(event, failure, facts, outlets)
    facts.add(
      [
        .outcome: .text(result.outcome.rawValue), .errorType: .text(failure),
        .change: .text(result.change?.kind.rawValue), .attempts: .count(attempt),
      ], to: span)
    let isError = result.outcome.isError
    outlets.end(
      span, at: event.at, failure: isError ? failure ?? result.outcome.rawValue : nil)
    guard outlets.counts, let summary else { return }
    outlets.count(
      .stepsEnded,
      facts.dimensions([
        .stepKind: .text(summary.kind.rawValue), .outcome: .text(result.outcome.rawValue),
        .operation: summary.kind == .call ? .text(summary.subject) : nil,
      ]))
    if result.outcome == .inDoubt, summary.kind == .call {
      outlets.count(.stepsInDoubt, facts.dimensions([.operation: .text(summary.subject)]))
    }
  }

  /// The run ended without an end of the step.
  mutating func cutOff(_ event: RunEvent, _ facts: RunFacts, _ outlets: TelemetryOutlets) {
    abandon(event, nil, facts, outlets)
    outlets.end(span, at: event.at)
  }
}

/// Attempts and requests.
extension StepTrail {
  private mutating func begin(_ number: Int, _ event: RunEvent, _ facts: RunFacts) {
    attempt = number
    facts.note("attempt started", [.attempt: .count(number)], in: span, at: event.at)
  }

  private mutating func fail(
    _ number: Int, _ failure: Failure, _ event: RunEvent, _ facts: RunFacts,
    _ outlets: TelemetryOutlets
  ) {
    let type = failure.kind.rawValue
    abandon(event, type, facts, outlets)
    facts.note(
      "attempt failed", [.attempt: .count(number), .errorType: .text(type)], in: span,
      at: event.at)
    outlets.count(
      .stepRetries,
      facts.dimensions([
        .stepKind: .text(summary?.kind.rawValue), .errorType: .text(type),
        .operation: .text(latest?.operation),
      ]))
  }

  private mutating func send(
    _ intent: RequestIntent, _ event: RunEvent, _ facts: RunFacts, _ outlets: TelemetryOutlets
  ) {
    // What came before it has no response that counts.
    abandon(event, nil, facts, outlets)
    attempt = intent.attempt
    let context = span?.context ?? .topLevel
    let sent = outlets.start(
      facts.masked("\(intent.method) \(intent.path)"), .client, as: facts.span(from: event),
      below: context, at: event.at)
    let server = facts.server(of: intent.operation)
    facts.add(facts.common(path), to: sent)
    facts.add(
      [
        .method: .text(intent.method), .template: .text(intent.path),
        .operation: .text(intent.operation), .attempt: .count(intent.attempt),
        .resendCount: intent.attempt > 1 ? .count(intent.attempt - 1) : nil,
        .serverAddress: .text(server?.host), .serverPort: .count(server?.port),
      ], to: sent)
    // Its arguments may be large, and secret: they are not kept.
    var kept = intent
    kept.arguments = [:]
    latest = kept
    request = Request(span: sent, intent: kept, since: event.at)
  }

  private mutating func receive(
    _ answer: RequestAnswer, _ event: RunEvent, _ facts: RunFacts, _ outlets: TelemetryOutlets
  ) {
    let operation = request?.intent.operation ?? latest?.operation ?? ""
    endRequest(event, status: answer.status, failure: nil, facts, outlets)
    let kind: Awaited.Kind
    if answer.commandID != nil {
      kind = .command
    } else if answer.requestID != nil {
      kind = .data
    } else {
      return
    }
    guard (200..<300).contains(answer.status) else { return }
    let waiting = outlets.start(
      facts.masked("acknowledgement \(operation)"), .consumer,
      as: facts.span(from: event, "acknowledgement"), below: span?.context ?? .topLevel,
      at: event.at)
    facts.add(facts.common(path), to: waiting)
    facts.add(
      [.operation: .text(operation), .awaited: .text(kind.rawValue)], to: waiting)
    awaited = Awaited(span: waiting, operation: operation, kind: kind, since: event.at)
  }

  private mutating func endRequest(
    _ event: RunEvent, status: Int?, failure: String?, _ facts: RunFacts,
    _ outlets: TelemetryOutlets
  ) {
    guard let ended = request else { return }
    request = nil
    let type = status.flatMap { $0 >= 400 ? String($0) : nil } ?? failure
    facts.add([.statusCode: .count(status), .errorType: .text(type)], to: ended.span)
    outlets.end(ended.span, at: event.at, failure: type)
    guard outlets.counts else { return }
    let server = facts.server(of: ended.intent.operation)
    outlets.time(
      .requestDuration, event.at - ended.since,
      facts.dimensions([
        .method: .text(ended.intent.method), .statusCode: .count(status),
        .errorType: .text(type), .serverAddress: .text(server?.host),
        .serverPort: .count(server?.port), .operation: .text(ended.intent.operation),
      ]))
  }

  private mutating func endAwaited(
    _ event: RunEvent, _ means: String?, _ state: String?, _ facts: RunFacts,
    _ outlets: TelemetryOutlets
  ) {
    guard let ended = awaited else { return }
    awaited = nil
    facts.add([.means: .text(means), .outcome: .text(state)], to: ended.span)
    outlets.end(ended.span, at: event.at, failure: state == "succeeded" ? nil : state ?? "none")
    guard outlets.counts else { return }
    outlets.time(
      .acknowledgementDuration, event.at - ended.since,
      facts.dimensions([
        .operation: .text(ended.operation), .awaited: .text(ended.kind.rawValue),
        .means: .text(means), .outcome: .text(state ?? "none"),
      ]))
  }

  /// What is still expected does not come any more.
  private mutating func abandon(
    _ event: RunEvent, _ failure: String?, _ facts: RunFacts, _ outlets: TelemetryOutlets
  ) {
    endRequest(event, status: nil, failure: failure ?? "no-response", facts, outlets)
    endAwaited(event, nil, nil, facts, outlets)
  }
}

extension CommandVerdict.State {
  /// The outcome; a word of the service's own is not repeated.
  fileprivate var word: String {
    switch self {
    case .succeeded: "succeeded"
    case .rejected: "rejected"
    case .unknown: "unknown"
    }
  }
}

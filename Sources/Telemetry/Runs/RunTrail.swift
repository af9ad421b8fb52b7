import Events
import Operations
import Playbooks
import Tracing

/// The spans of a run in progress.
struct RunTrail: Sendable {
  private let facts: RunFacts
  private let above: InstrumentationContext
  private var span: (any Tracing.Span)?
  private var beganAt: Moment
  private var steps: [StepPath: StepTrail] = [:]
  /// Of a run that is continued, the steps that ended without success: it may take them up again.
  private var unsuccessful: [StepPath: StepSummary] = [:]
  private(set) var isOver = false

  /// The run that begins with `event`; `above` is the rollout's context, where that is in progress here.
  init(
    _ start: RunStart, _ event: RunEvent, below above: InstrumentationContext?,
    _ api: APIDescription?, _ outlets: TelemetryOutlets
  ) {
    let trace = outlets.trace(RunIdentity.trace(of: start))
    facts = RunFacts(start, api, trace: trace)
    let rollout = start.tenant.map {
      outlets.context(of: RunIdentity.span(of: $0.rollout, from: 0), in: trace)
    }
    self.above = above ?? rollout ?? outlets.outermost
    beganAt = event.at
    begin(event, outlets)
    outlets.count(.runsStarted, facts.dimensions([.playbook: .text(facts.playbook)]))
  }

  /// Applies the next event.
  mutating func apply(_ event: RunEvent, _ outlets: TelemetryOutlets) {
    // Only what was recorded before can be taken up again.
    if outlets.isLive, !unsuccessful.isEmpty {
      if case .runResumed = event.kind {} else { unsuccessful = [:] }
    }
    let facts = facts
    switch event.kind {
    case .stepStarted(let path, let summary): begin(path, summary, event, outlets)
    case .stepFinished(let path, let result): finish(path, result, event, outlets)
    case .attemptStarted(let path, _), .requestIntended(let path, _), .actionIntended(let path, _),
      .requestAnswered(let path, _), .commandPending(let path, _), .commandSettled(let path, _),
      .doubtSettled(let path, _), .stateCompared(let path, _), .dataArrived(let path, _, _, _),
      .stepWaiting(let path, _), .approvalRequested(let path, _), .approvalDecided(let path, _),
      .attemptFailed(let path, _, _, _), .workEnded(let path, _), .effectRecorded(let path, _):
      steps[path]?.apply(event, facts, outlets)
    case .undoing(let path, _), .stopping(let path, _):
      guard path == .root else {
        steps[path]?.apply(event, facts, outlets)
        return
      }
      note(event.kind.isUndoing ? "undoing" : "stopping", event)
    case .sessionChanged(_, let change): note(change, event)
    case .serviceChanged(let address, let change): note(change, of: address, event)
    case .cancelRequested: note("cancel requested", event)
    case .internalError: end("internal-error", .failed, event, outlets)
    case .runFinished(let result):
      end(result.failure?.kind.rawValue, result.outcome, event, outlets)
    case .runResumed(let resumption): resume(resumption, event, outlets)
    case .runStarted, .stepReused, .rollout: break
    }
  }
}

/// The run itself.
extension RunTrail {
  private mutating func begin(_ event: RunEvent, _ outlets: TelemetryOutlets) {
    span = outlets.start(
      "run \(facts.playbook)", as: facts.span(from: event), below: above, at: event.at)
    facts.add(facts.ofRun, to: span)
  }

  private mutating func end(
    _ failure: String?, _ outcome: Outcome, _ event: RunEvent, _ outlets: TelemetryOutlets
  ) {
    let facts = facts
    // The innermost first, so that no span ends before what it holds.
    for path in steps.keys.sorted(by: { $0.depth > $1.depth }) {
      steps[path]?.cutOff(event, facts, outlets)
    }
    steps = [:]
    facts.add(
      [.outcome: .text(outcome.rawValue), .errorType: .text(failure)], to: span)
    outlets.end(
      span, at: event.at, failure: outcome.isError ? failure ?? outcome.rawValue : nil)
    isOver = true
    guard outlets.counts else { return }
    let dimensions = facts.dimensions([
      .playbook: .text(facts.playbook), .outcome: .text(outcome.rawValue),
    ])
    outlets.count(.runsEnded, dimensions)
    outlets.time(.runDuration, event.at - beganAt, dimensions)
  }

  /// A run that was interrupted goes on with its spans; one that was over gets others, which name the first.
  private mutating func resume(
    _ resumption: RunResumption, _ event: RunEvent, _ outlets: TelemetryOutlets
  ) {
    guard isOver else { return note("resumed", event) }
    let earlier = span
    isOver = false
    beganAt = event.at
    begin(event, outlets)
    if let earlier { span?.addLink(SpanLink(context: earlier.context, attributes: [:])) }
    outlets.count(.runsStarted, facts.dimensions([.playbook: .text(facts.playbook)]))
    let named = (resumption.reopening?.again ?? []) + (resumption.reopening?.continued ?? [])
    var paths = Set(named)
    for path in named {
      paths.formUnion(path.around.filter { unsuccessful[$0] != nil })
    }
    for path in paths.sorted(by: { ($0.depth, "\($0)") < ($1.depth, "\($1)") }) {
      steps[path] = StepTrail(
        path, unsuccessful[path], event, resumed: true, below: context(around: path), facts,
        outlets)
    }
    unsuccessful = [:]
  }

  private func note(_ text: String, _ event: RunEvent) {
    facts.note(text, in: span, at: event.at)
  }

  /// Who the session is for stays out.
  private func note(_ change: SessionChange, _ event: RunEvent) {
    let text =
      switch change {
      case .refreshing: "session refreshing"
      case .refreshed: "session refreshed"
      case .authenticated: "session authenticated"
      case .joined: "session joined"
      case .lost: "session lost"
      case .closed: "session closed"
      case .revoked: "session revoked"
      case .notRevoked: "session not revoked"
      }
    note(text, event)
  }

  private func note(_ change: ServiceChange, of address: String, _ event: RunEvent) {
    let server = SpanTexts.server(of: address)
    let text =
      switch change {
      case .silent: "service silent"
      case .answering: "service answering"
      }
    facts.note(
      text, [.serverAddress: .text(server?.host), .serverPort: .count(server?.port)], in: span,
      at: event.at)
  }
}

/// Its steps.
extension RunTrail {
  private mutating func begin(
    _ path: StepPath, _ summary: StepSummary, _ event: RunEvent, _ outlets: TelemetryOutlets
  ) {
    let facts = facts
    steps[path]?.cutOff(event, facts, outlets)
    steps[path] = StepTrail(
      path, summary, event, below: context(around: path), facts, outlets)
  }

  private mutating func finish(
    _ path: StepPath, _ result: StepResult, _ event: RunEvent, _ outlets: TelemetryOutlets
  ) {
    guard var step = steps.removeValue(forKey: path) else { return }
    step.finish(result, event, facts, outlets)
    guard !outlets.isLive else { return }
    unsuccessful[path] = result.outcome.allowsContinuation ? nil : step.summary
  }

  /// The context of the innermost step in progress around `path`, or of the run.
  private func context(around path: StepPath) -> InstrumentationContext {
    for outer in path.around {
      if let step = steps[outer] { return step.span?.context ?? .topLevel }
    }
    return span?.context ?? .topLevel
  }
}

extension StepPath {
  /// The paths around this one, the innermost first, without the run's.
  fileprivate var around: [StepPath] {
    (1..<max(1, components.count)).reversed().map {
      StepPath(components: Array(components.prefix($0)))
    }
  }
}

extension RunEvent.Kind {
  fileprivate var isUndoing: Bool {
    if case .undoing = self { true } else { false }
  }
}

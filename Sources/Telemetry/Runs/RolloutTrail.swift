import Events
import Operations
import Tracing

/// The span of a rollout in progress.
struct RolloutTrail: Sendable {
  private let rollout: RunID
  private let name: String
  private let facts: [(SpanKey, SpanFact)]
  private var span: (any Tracing.Span)?
  private(set) var isOver = false

  init(_ start: RolloutStart, _ event: RunEvent, _ outlets: TelemetryOutlets) {
    rollout = start.rollout
    name = start.name
    facts = SpanTexts.facts([
      .rollout: .text(start.rollout.text), .rolloutName: .text(start.name),
      .playbook: .text(start.playbook), .environment: .text(start.environment),
      .tenantCount: .count(start.tenantCount),
    ])
    begin(event, outlets)
    outlets.count(.rolloutsStarted, dimensions())
  }

  /// The context of the runs of its tenants; nil where there is no tracer.
  var context: InstrumentationContext? { span?.context }

  mutating func apply(_ kind: RolloutEvent, _ event: RunEvent, _ outlets: TelemetryOutlets) {
    switch kind {
    case .started: break
    case .stageStarted(let stage, _): note("stage started", event, stage: stage)
    case .stageProved(let stage): note("stage proved", event, stage: stage)
    case .baking(let stage, _): note("baking", event, stage: stage)
    case .gateEvaluated(let stage, let isOpen):
      note(isOpen ? "gate open" : "gate shut", event, stage: stage)
    case .approvalRequested(let stage): note("approval requested", event, stage: stage)
    case .approvalDecided(let stage, let decision):
      note(decision.verdict.isApproval ? "approved" : "rejected", event, stage: stage)
    case .tenantRefused:
      note("tenant refused", event)
      outlets.count(.tenantsRefused, dimensions())
    case .paused: note("paused", event)
    case .unpaused: note("unpaused", event)
    case .stopping: note("stopping", event)
    case .resumed: resume(event, outlets)
    case .finished(let result): finish(result.outcome, event, outlets)
    }
  }

  /// One that was interrupted goes on with its span; one that was over gets another, which names the first.
  private mutating func resume(_ event: RunEvent, _ outlets: TelemetryOutlets) {
    guard isOver else { return note("resumed", event) }
    let earlier = span
    isOver = false
    begin(event, outlets)
    if let earlier { span?.addLink(SpanLink(context: earlier.context, attributes: [:])) }
    outlets.count(.rolloutsStarted, dimensions())
  }

  private mutating func finish(
    _ outcome: Outcome, _ event: RunEvent, _ outlets: TelemetryOutlets
  ) {
    span?.updateAttributes { $0.set(.outcome, .text(outcome.rawValue)) }
    outlets.end(span, at: event.at, failure: outcome.isError ? outcome.rawValue : nil)
    outlets.count(
      .rolloutsEnded, dimensions([(SpanKey.outcome.rawValue, outcome.rawValue)]))
    isOver = true
  }

  private mutating func begin(_ event: RunEvent, _ outlets: TelemetryOutlets) {
    let trace = outlets.trace(RunIdentity.trace(of: rollout))
    let intended = RunIdentity.span(of: rollout, from: event.sequence)
    span = outlets.start(
      "rollout \(name)", as: IntendedSpan(trace: trace, span: intended), below: outlets.outermost,
      at: event.at)
    span?.updateAttributes { attributes in
      for (key, fact) in facts { attributes.set(key, fact) }
    }
  }

  private func note(_ text: String, _ event: RunEvent, stage: Int? = nil) {
    var attributes = SpanAttributes()
    attributes.set(.stage, .count(stage))
    span?.addEvent(SpanEvent(name: text, at: SpanInstant(event.at), attributes: attributes))
  }

  private func dimensions(_ others: [(String, String)] = []) -> [(String, String)] {
    [(SpanKey.rolloutName.rawValue, name)] + others
  }
}

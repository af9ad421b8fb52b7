import Events
import Expressions
import Operations
import OrderedCollections
import Tracing

/// What the spans of a run have in common.
struct RunFacts: Sendable {
  let run: RunID
  let trace: TraceID
  let playbook: String
  private let rollout: String?
  private let tenant: String?
  private let environment: String?
  private let service: ServiceOrigins?
  private let api: APIDescription?
  private let scrubber: SecretScrubber

  init(_ start: RunStart, _ api: APIDescription?, trace: TraceID) {
    run = start.run
    self.trace = trace
    scrubber = SecretScrubber(Value.map(start.inputs).secrets)
    playbook = scrubber.scrub(start.playbook)
    rollout = start.tenant?.rollout.text
    tenant = start.tenant?.name
    environment = start.environment
    service = start.service
    self.api = api
  }

  /// `text` without any secret that the run was started with.
  func masked(_ text: String) -> String { scrubber.scrub(text) }

  /// The ids of the span that begins with `event`.
  func span(from event: RunEvent, _ detail: String = "") -> IntendedSpan {
    IntendedSpan(
      trace: trace, span: RunIdentity.span(of: run, from: event.sequence, detail))
  }

  /// The attributes of the run's own span.
  var ofRun: SpanFacts {
    let server = SpanTexts.server(of: service?.api)
    return [
      .run: .text(run.text), .playbook: .text(playbook), .environment: .text(environment),
      .rollout: .text(rollout), .tenant: .text(tenant), .serverAddress: .text(server?.host),
      .serverPort: .count(server?.port),
    ]
  }

  /// The attributes by which every other span is found.
  func common(_ step: StepPath) -> SpanFacts {
    [
      .run: .text(run.text), .step: .text("\(step)"), .rollout: .text(rollout),
      .tenant: .text(tenant),
    ]
  }

  /// The server that requests of `operation` go to; nil where the service names it itself.
  func server(of operation: String) -> (host: String, port: Int?)? {
    let origin =
      switch api?.operations[operation]?.routes.first?.endpoint {
      case .api, nil: service?.api
      case .upstream: service?.upstream
      case .downstream: service?.downstream
      case .url: nil as String?
      }
    return SpanTexts.server(of: origin)
  }

  /// `facts` as attributes of a span, masked.
  func add(_ facts: SpanFacts, to span: (any Tracing.Span)?) {
    guard let span, span.isRecording else { return }
    span.updateAttributes { attributes in
      for (key, fact) in SpanTexts.facts(facts) {
        attributes.set(key.rawValue, value: fact.attribute(masked))
      }
    }
  }

  /// What happened within a span.
  func note(
    _ text: String, _ facts: SpanFacts = [:], in span: (any Tracing.Span)?, at moment: Moment
  ) {
    guard let span, span.isRecording else { return }
    var attributes = SpanAttributes()
    for (key, fact) in SpanTexts.facts(facts) {
      attributes.set(key.rawValue, value: fact.attribute(masked))
    }
    span.addEvent(SpanEvent(name: text, at: SpanInstant(moment), attributes: attributes))
  }

  /// `facts` as dimensions of a metric, masked.
  func dimensions(_ facts: SpanFacts) -> [(String, String)] {
    SpanTexts.facts(facts).map { ($0.0.rawValue, $0.1.dimension(masked)) }
  }
}

package import CoreMetrics
import Events
import Operations
package import Tracing

/// Where the spans and metrics of runs go.
package struct TelemetryOutlets: Sendable {
  /// What starts spans; nil for none.
  private let tracer: (any Tracer)?
  /// What makes metrics; nil for none.
  private let metrics: (any MetricsFactory)?
  /// The span of another process that the traces continue.
  private let parent: TraceParent?
  private let sampler: Sampler
  /// Whether what happens happens now: what was recorded before was reported by whoever drove the run
  /// then.
  var isLive = true

  /// Outlets that go by `tracer` and `metrics`; `sampler` is that of the tracer.
  package init(
    tracer: (any Tracer)?, metrics: (any MetricsFactory)?, continuing parent: TraceParent? = nil,
    sampler: Sampler = .standard
  ) {
    self.tracer = tracer
    self.metrics = metrics
    self.parent = parent
    self.sampler = sampler
  }

  /// The same, for what was recorded before.
  var recalling: TelemetryOutlets {
    var outlets = self
    outlets.isLive = false
    return outlets
  }

  /// The trace of a record, whose own trace is `trace`.
  func trace(_ trace: @autoclosure () -> TraceID) -> TraceID { parent?.identity.trace ?? trace() }

  /// The context below the span `span` of `trace`, whether this process started it or not.
  func context(of span: SpanID, in trace: TraceID) -> InstrumentationContext {
    var context = InstrumentationContext.topLevel
    context.span = SpanIdentity(
      trace: trace, span: span, isSampled: sampler.isSampled(trace, below: parent?.identity))
    return context
  }

  /// The context of what begins a trace, or continues that of another process.
  var outermost: InstrumentationContext {
    var context = InstrumentationContext.topLevel
    context.span = parent?.identity
    return context
  }
}

/// Spans.
extension TelemetryOutlets {
  /// A span that begins; nil where there is no tracer.
  func start(
    _ name: String, _ kind: SpanKind = .internal, as intended: @autoclosure () -> IntendedSpan,
    below context: @autoclosure () -> InstrumentationContext, at moment: Moment
  ) -> (any Tracing.Span)? {
    guard let tracer else { return nil }
    var context = context()
    context.intended = intended()
    return tracer.startSpan(
      name, context: context, ofKind: kind, at: SpanInstant(moment), function: #function,
      file: #fileID, line: #line)
  }

  /// The span ends; one that is over since before was exported then.
  func end(
    _ span: (any Tracing.Span)?, at moment: Moment, failure: String? = nil
  ) {
    guard isLive, let span else { return }
    if let failure { span.setStatus(SpanStatus(code: .error, message: failure)) }
    span.end(at: SpanInstant(moment))
  }
}

/// Metrics.
extension TelemetryOutlets {
  /// Whether anybody counts.
  var counts: Bool { isLive && metrics != nil }

  func count(_ metric: RunMetric, by amount: Int = 1, _ dimensions: [(String, String)]) {
    guard isLive, let metrics else { return }
    Counter(label: metric.rawValue, dimensions: dimensions, factory: metrics).increment(by: amount)
  }

  func time(_ metric: RunMetric, _ duration: Duration, _ dimensions: [(String, String)]) {
    guard isLive, let metrics else { return }
    Timer(label: metric.rawValue, dimensions: dimensions, factory: metrics)
      .recordNanoseconds(max(0, duration.wholeNanoseconds))
  }

  func set(_ metric: RunMetric, to count: Int) {
    guard let metrics else { return }
    Meter(label: metric.rawValue, factory: metrics).set(Int64(count))
  }
}

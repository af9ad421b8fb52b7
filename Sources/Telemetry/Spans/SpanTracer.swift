package import Tracing

/// Starts spans, and hands those that end to an exporter.
///
/// The ids of a span are those that its context intends, and otherwise random.
package struct SpanTracer: Tracer {
  private let sampler: Sampler
  private let random: @Sendable () -> UInt64
  private let ended: @Sendable (SpanRecord) -> Void

  /// A tracer of the traces that `sampler` chooses; `ended` receives each span that ends, and must not
  /// wait.
  package init(
    sampler: Sampler, random: @escaping @Sendable () -> UInt64,
    ended: @escaping @Sendable (SpanRecord) -> Void
  ) {
    self.sampler = sampler
    self.random = random
    self.ended = ended
  }

  /// Starts a span below that of `context`.
  package func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> InstrumentationContext,
    ofKind kind: SpanKind, at instant: @autoclosure () -> Instant, function: String,
    file fileID: String, line: UInt
  ) -> RecordedSpan {
    var context = context()
    let parent = context.span
    let trace =
      context.intended?.trace ?? parent?.trace ?? TraceID(high: random(), low: random())
    let identity = SpanIdentity(
      trace: trace, span: context.intended?.span ?? SpanID(random()),
      isSampled: isSampled(trace, below: parent))
    context.span = identity
    context.intended = nil
    let start = instant().nanosecondsSinceEpoch
    return RecordedSpan(
      SpanRecord(
        identity: identity, parent: parent, name: operationName, kind: kind, start: start,
        end: start, attributes: [:]),
      context, ended: ended)
  }

  /// Spans are exported when they end: there is nothing to hand over before.
  package func forceFlush() {}

  /// Reads `traceparent`.
  package func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    let text = extractor.extract(key: TraceParent.name, from: carrier)
    if let parent = text.flatMap({ TraceParent($0) }) { context.span = parent.identity }
  }

  /// Writes `traceparent`.
  package func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let span = context.span else { return }
    injector.inject(TraceParent(span).text, forKey: TraceParent.name, into: &carrier)
  }

  /// A span of this process has decided for those below it.
  private func isSampled(_ trace: TraceID, below parent: SpanIdentity?) -> Bool {
    if let parent, !parent.isRemote { return parent.isSampled }
    return sampler.isSampled(trace, below: parent)
  }
}

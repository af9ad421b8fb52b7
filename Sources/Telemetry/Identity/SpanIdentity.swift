import Tracing

/// Which span of which trace, and whether it is exported.
package struct SpanIdentity: Sendable, Hashable {
  /// The trace that the span belongs to.
  package var trace: TraceID
  /// The span.
  package var span: SpanID
  /// Whether the trace is exported.
  package var isSampled: Bool
  /// Whether it is a span of another process.
  package var isRemote = false

  /// A span of this process, unless `isRemote` is set.
  package init(trace: TraceID, span: SpanID, isSampled: Bool) {
    self.trace = trace
    self.span = span
    self.isSampled = isSampled
  }
}

extension InstrumentationContext {
  private enum SpanKey: InstrumentationContextKey {
    typealias Value = SpanIdentity
    static let nameOverride: String? = "privirun-span"
  }

  private enum IntendedKey: InstrumentationContextKey {
    typealias Value = IntendedSpan
    static let nameOverride: String? = "privirun-intended-span"
  }

  /// The span that others are started below; nil for none.
  var span: SpanIdentity? {
    get { self[SpanKey.self] }
    set { self[SpanKey.self] = newValue }
  }

  /// The ids that the next span gets; nil has them drawn.
  var intended: IntendedSpan? {
    get { self[IntendedKey.self] }
    set { self[IntendedKey.self] = newValue }
  }
}

/// The ids of a span that is about to be started, where they follow from what it is about.
struct IntendedSpan: Sendable, Hashable {
  var trace: TraceID
  var span: SpanID
}

package import Events
package import Operations

/// The trace context that the requests of runs carry.
package struct RequestTracing: Sendable {
  private let parent: TraceParent?
  private let sampler: Sampler

  /// Requests continue `parent`, where there is one; whether they say that the trace is exported is for
  /// `sampler` to decide.
  package init(continuing parent: TraceParent?, sampler: Sampler) {
    self.parent = parent
    self.sampler = sampler
  }

  /// The headers of a request of the run that began with `start`.
  ///
  /// `intent` is the number of the event that records the request. A request without one, such as a login
  /// or a poll, and the opening of a WebSocket continue the span of the run.
  package func headers(of start: RunStart, intent: Int?) -> [HTTPField] {
    let trace = parent?.identity.trace ?? RunIdentity.trace(of: start)
    let isSampled = sampler.isSampled(trace, below: parent?.identity)
    let span = RunIdentity.span(of: start.run, from: intent ?? 0)
    return TraceParent(
      SpanIdentity(trace: trace, span: span, isSampled: isSampled), state: parent?.state
    ).headers
  }
}

import Synchronization

/// Spans that wait to be exported: so many at most, further ones are dropped and counted.
package final class SpanQueue: Sendable {
  private struct State: Sendable {
    var spans: [SpanRecord] = []
    var dropped = 0
    var isClosed = false
  }

  private let limits: TelemetrySettings.Batching
  private let state = Mutex(State())
  /// Yields when a batch is full, when time is up, and when no further span comes.
  let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  /// An empty queue.
  package init(_ limits: TelemetrySettings.Batching) {
    self.limits = limits
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// How many spans were dropped since this was asked last.
  package func takeDropped() -> Int {
    state.withLock { state in
      defer { state.dropped = 0 }
      return state.dropped
    }
  }

  /// Whether no further span comes.
  package var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Adds a span, if there is room for it.
  package func add(_ span: SpanRecord) {
    let isFull = state.withLock { state in
      guard state.spans.count < limits.queueLimit else {
        state.dropped += 1
        return false
      }
      state.spans.append(span)
      return state.spans.count.isMultiple(of: limits.batchLimit)
    }
    if isFull { signal.yield() }
  }

  /// Takes out the first of the spans, as many as go into a request.
  package func take() -> [SpanRecord] {
    state.withLock { state in
      let batch = Array(state.spans.prefix(limits.batchLimit))
      state.spans.removeFirst(batch.count)
      return batch
    }
  }

  /// Has what waits exported.
  func wake() { signal.yield() }

  /// No further span comes.
  package func close() {
    state.withLock { $0.isClosed = true }
    signal.yield()
  }
}

import Synchronization
package import Tracing

/// A span that is exported when it ends.
package final class RecordedSpan: Tracing.Span {
  private struct State: Sendable {
    var record: SpanRecord
    var isEnded = false
  }

  /// The context for the spans below it.
  package let context: InstrumentationContext
  /// Whether it is exported.
  package let isRecording: Bool
  private let state: Mutex<State>
  private let ended: @Sendable (SpanRecord) -> Void

  init(
    _ record: SpanRecord, _ context: InstrumentationContext,
    ended: @escaping @Sendable (SpanRecord) -> Void
  ) {
    isRecording = record.identity.isSampled
    self.context = context
    self.ended = ended
    state = Mutex(State(record: record))
  }

  /// What it is about.
  package var operationName: String {
    get { state.withLock { $0.record.name } }
    set { change { $0.name = newValue } }
  }

  /// What it is about in detail.
  package var attributes: SpanAttributes {
    get { state.withLock { $0.record.attributes } }
    set { change { $0.attributes = newValue } }
  }

  /// Notes whether it failed.
  package func setStatus(_ status: SpanStatus) { change { $0.status = status } }

  /// Notes what happened, if it is not too much.
  package func addEvent(_ event: SpanEvent) {
    change { record in
      guard record.events.count < SpanRecord.eventLimit else {
        record.droppedEventCount += 1
        return
      }
      record.events.append(event)
    }
  }

  /// Notes an error by its type only: what it says may hold a secret.
  package func recordError<Instant: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
  ) {
    var attributes = attributes
    attributes.set("exception.type", value: .string("\(type(of: error))"))
    addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
  }

  /// Notes a span that it goes with, if it is one of this tracer's.
  package func addLink(_ link: SpanLink) {
    guard let span = link.context.span else { return }
    change { if $0.links.count < SpanRecord.linkLimit { $0.links.append(span) } }
  }

  /// Hands it to the exporter, the first time.
  package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    guard isRecording else { return }
    let end = instant().nanosecondsSinceEpoch
    let record: SpanRecord? = state.withLock { state in
      guard !state.isEnded else { return nil }
      state.isEnded = true
      state.record.end = max(state.record.start, end)
      return state.record
    }
    if let record { ended(record) }
  }

  private func change(_ body: (inout SpanRecord) -> Void) {
    guard isRecording else { return }
    state.withLock { if !$0.isEnded { body(&$0.record) } }
  }
}

package import Tracing

/// A span that has ended, as it is exported.
package struct SpanRecord: Sendable, Equatable {
  /// The most events of a span; further ones are counted only.
  static let eventLimit = 128
  /// The most links of a span.
  static let linkLimit = 128

  /// Which span it is.
  package var identity: SpanIdentity
  /// The span that it is a part of; nil for none.
  package var parent: SpanIdentity?
  /// What it is about, of which there are few.
  package var name: String
  /// Its role towards other processes.
  package var kind: SpanKind
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  package var start: UInt64
  /// Nanoseconds since 1970-01-01T00:00:00Z; not before `start`.
  package var end: UInt64
  /// What it is about in detail.
  package var attributes: SpanAttributes
  /// What happened meanwhile.
  package var events: [SpanEvent] = []
  /// How many events were too many.
  package var droppedEventCount = 0
  /// Other spans that it goes with.
  package var links: [SpanIdentity] = []
  /// Whether it failed; nil where it did not.
  package var status: SpanStatus?
}

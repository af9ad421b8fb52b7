import Operations
import Tracing

/// The time of an event, for spans.
struct SpanInstant: TracerInstant {
  let nanosecondsSinceEpoch: UInt64

  /// Instants before 1970 count as its beginning.
  init(_ moment: Moment) {
    nanosecondsSinceEpoch = UInt64(max(0, moment.nanoseconds))
  }

  static func < (left: SpanInstant, right: SpanInstant) -> Bool {
    left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
  }
}

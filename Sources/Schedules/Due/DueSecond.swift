import Expressions
import Operations

/// A due instant while it is searched for.
struct DueSecond: Sendable, Hashable {
  /// The seconds that a `Moment` can hold.
  static let range: ClosedRange<Int64> = -9_223_372_036...9_223_372_036

  /// Seconds since 1970-01-01T00:00:00Z.
  var second: Int64
  var shift: DueInstant.Shift?

  init(_ second: Int64, _ shift: DueInstant.Shift? = nil) {
    self.second = second
    self.shift = shift
  }

  var instant: DueInstant { DueInstant(at: Moment(second: second), shift: shift) }
}

extension Moment {
  /// A moment of whole seconds, which must be within `DueSecond.range`.
  init(second: Int64) {
    self.init(nanoseconds: second * 1_000_000_000)
  }

  /// The second that it lies in.
  var second: Int64 { nanoseconds.floored(by: 1_000_000_000) }
}

import Expressions

/// The due instants of `every`: seconds at equal distances, counted from one of them.
struct DueInterval: Sendable, Hashable {
  /// The earliest.
  let anchor: Int64
  /// Seconds from one to the next, at least 1.
  let step: Int64

  /// The first one after `second`.
  func first(after second: Int64) -> Int64 {
    guard second >= anchor else { return anchor }
    return anchor + ((second - anchor) / step + 1) * step
  }

  /// The last one up to `second`; nil when there is none.
  func last(through second: Int64) -> Int64? {
    second < anchor ? nil : anchor + (second - anchor) / step * step
  }

  func contains(_ second: Int64) -> Bool {
    second >= anchor && (second - anchor) % step == 0
  }

  /// How many lie after one second and up to another.
  func count(after second: Int64, through end: Int64) -> Int {
    guard let last = last(through: end), last > second else { return 0 }
    return Int((last - first(after: second)) / step) + 1
  }
}

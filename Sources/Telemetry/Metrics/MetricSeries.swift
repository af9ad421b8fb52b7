import CoreMetrics
import Synchronization

/// A name and a value that distinguish the series of a metric.
package struct MetricDimension: Sendable, Hashable, Comparable {
  /// The name.
  package var name: String
  /// The value.
  package var value: String

  /// By name, then by value.
  package static func < (left: MetricDimension, right: MetricDimension) -> Bool {
    (left.name, left.value) < (right.name, right.value)
  }
}

/// What a series of numbers has come to.
package enum MetricValue: Sendable, Hashable {
  /// A count that only grows.
  case count(Int64)
  /// A sum that only grows.
  case sum(Double)
  /// The latest value.
  case latest(Double)
  /// How many values fell into which bucket.
  case distribution(Distribution)
}

/// Values by size.
package struct Distribution: Sendable, Hashable {
  /// The upper bounds of all buckets but the last, which has none.
  package let bounds: [Double]
  /// How many values fell into each bucket.
  package private(set) var counts: [UInt64]
  /// The sum of all values.
  package private(set) var sum: Double = 0
  /// The smallest and the largest value; nil where there is none.
  package private(set) var range: ClosedRange<Double>?

  /// A distribution without values.
  package init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// How many values there are.
  package var count: UInt64 { counts.reduce(0, +) }

  /// Adds a value: a bucket holds those up to its bound.
  package mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
    range = range.map { min($0.lowerBound, value)...max($0.upperBound, value) } ?? value...value
  }
}

/// One series of a metric: the numbers with the same dimensions.
final class MetricSeries: Sendable {
  private let state: Mutex<MetricValue>

  init(_ empty: MetricValue) {
    state = Mutex(empty)
  }

  var value: MetricValue { state.withLock { $0 } }

  private func change(_ body: (inout MetricValue) -> Void) { state.withLock { body(&$0) } }

  private func add(_ amount: Double) {
    change { value in
      switch value {
      case .count(let count): value = .count(count &+ (Int64(exactly: amount.rounded()) ?? 0))
      case .sum(let sum): value = .sum(sum + amount)
      case .latest(let latest): value = .latest(latest + amount)
      case .distribution(var distribution):
        // Taken out first, so that its buckets are not copied.
        value = .latest(0)
        distribution.add(amount)
        value = .distribution(distribution)
      }
    }
  }

  private func replace(_ amount: Double) {
    change { value in
      if case .latest = value { value = .latest(amount) }
    }
  }
}

extension MetricSeries: CounterHandler {
  func increment(by amount: Int64) {
    change { value in
      guard case .count(let count) = value else { return }
      let (sum, isOver) = count.addingReportingOverflow(max(0, amount))
      value = .count(isOver ? .max : sum)
    }
  }

  func reset() {
    change { value in
      switch value {
      case .count: value = .count(0)
      case .sum: value = .sum(0)
      case .latest, .distribution: break
      }
    }
  }
}

extension MetricSeries: FloatingPointCounterHandler, MeterHandler {
  /// Of a counter, or of a meter.
  func increment(by amount: Double) { add(amount) }
  func decrement(by amount: Double) { add(-amount) }
  func set(_ value: Int64) { replace(Double(value)) }
  func set(_ value: Double) { replace(value) }
}

extension MetricSeries: RecorderHandler, TimerHandler {
  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    switch self.value {
    case .latest: replace(value)
    case .count, .sum, .distribution: add(value)
    }
  }

  /// Durations are exported in seconds.
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}

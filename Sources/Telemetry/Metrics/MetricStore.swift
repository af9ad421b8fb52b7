package import CoreMetrics
package import Operations
import Synchronization

/// Holds the metrics of this process, added up since it began.
package final class MetricStore: Sendable {
  /// The most series of a metric; what goes beyond is added up in one.
  package static let seriesLimit = 2000
  /// The dimension of the series of what goes beyond, which the OpenTelemetry specification names.
  package static let overflow = MetricDimension(name: "otel.metric.overflow", value: "true")

  private let all = Mutex<[String: [[MetricDimension]: MetricSeries]]>([:])
  /// When it began to count.
  package let start: Moment

  /// A store that counts from `start` on.
  package init(since start: Moment) {
    self.start = start
  }

  /// What there is, by name and dimensions.
  package var snapshot: [MetricSnapshot] {
    all.withLock { $0 }.sorted { $0.key < $1.key }.map { name, series in
      let points = series.map { MetricSnapshot.Point(dimensions: $0.key, value: $0.value.value) }
      return MetricSnapshot(
        name: name,
        points: points.sorted { $0.dimensions.lexicographicallyPrecedes($1.dimensions) })
    }
  }

  private func series(
    _ name: String, _ dimensions: [(String, String)], _ empty: () -> MetricValue
  ) -> MetricSeries {
    let sorted = dimensions.map { MetricDimension(name: $0.0, value: $0.1) }.sorted()
    return all.withLock { all in
      if let series = all[name]?[sorted] { return series }
      let isFull = all[name]?.count ?? 0 >= Self.seriesLimit - 1
      let key = isFull ? [Self.overflow] : sorted
      if let series = all[name]?[key] { return series }
      let series = MetricSeries(empty())
      all[name, default: [:]][key] = series
      return series
    }
  }

  private func distribution(_ name: String) -> MetricValue {
    .distribution(Distribution(bounds: RunMetric(rawValue: name)?.bounds ?? Self.bounds))
  }

  /// The buckets that the specification names for metrics that say nothing else.
  private static let bounds: [Double] = [
    0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
  ]
}

/// A metric and its numbers at one instant.
package struct MetricSnapshot: Sendable, Hashable {
  /// The numbers with the same dimensions.
  package struct Point: Sendable, Hashable {
    /// By name.
    package var dimensions: [MetricDimension]
    /// What they came to.
    package var value: MetricValue
  }

  /// The name.
  package var name: String
  /// At least one, in order.
  package var points: [Point]
}

extension MetricStore: MetricsFactory {
  /// The counter of that name and those dimensions.
  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, dimensions) { .count(0) }
  }

  /// The counter of that name and those dimensions.
  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    series(label, dimensions) { .sum(0) }
  }

  /// The meter of that name and those dimensions.
  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, dimensions) { .latest(0) }
  }

  /// A histogram, or the latest value.
  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    series(label, dimensions) { aggregate ? distribution(label) : .latest(0) }
  }

  /// A histogram in seconds.
  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, dimensions) { distribution(label) }
  }

  /// Sums go on: whoever asks for the same counter again has the same.
  package func destroyCounter(_ handler: any CounterHandler) {}
  /// The same for counters of fractions.
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  /// The same for meters.
  package func destroyMeter(_ handler: any MeterHandler) {}
  /// The same for recorders.
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  /// The same for timers.
  package func destroyTimer(_ handler: any TimerHandler) {}
}

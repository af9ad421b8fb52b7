import CoreMetrics
import Events
import Operations
import Synchronization
import Telemetry
import Tracing

/// Telemetry whose spans and metrics are kept, to be looked at.
final class Collected: Sendable {
  let telemetry: RunTelemetry
  let store = MetricStore(since: Moment(nanoseconds: 1_000_000_000))

  private let ended: Spans

  private final class Spans: Sendable {
    let all = Mutex<[SpanRecord]>([])
  }

  init(sampler: Sampler = .standard, continuing parent: TraceParent? = nil) {
    let ended = Spans()
    self.ended = ended
    let tracer = SpanTracer(
      sampler: sampler, random: { 7 }, ended: { span in ended.all.withLock { $0.append(span) } })
    telemetry = RunTelemetry(
      TelemetryOutlets(
        tracer: tracer, metrics: store, continuing: parent, sampler: sampler))
  }

  /// The spans that ended, in that order.
  var spans: [SpanRecord] { ended.all.withLock { $0 } }

  /// The spans as they are exported, one on each line.
  var lines: String { spans.map { OTLPSpans.json($0).line + "\n" }.joined() }

  /// The numbers that were counted, such as `name{dimension=value} 3`.
  var counts: [String] {
    store.snapshot.flatMap { metric in
      metric.points.map { point in
        let dimensions = point.dimensions.map { "\($0.name)=\($0.value)" }
          .joined(separator: ",")
        return "\(metric.name){\(dimensions)} \(Self.text(of: point.value))"
      }
    }
  }

  private static func text(of value: MetricValue) -> String {
    switch value {
    case .count(let count): "\(count)"
    case .sum(let sum): "\(sum)"
    case .latest(let latest): "\(latest)"
    case .distribution(let distribution): "\(distribution.count) in \(distribution.sum)"
    }
  }
}

extension SpanAttributes {
  /// The text of an attribute; nil where there is none.
  func text(_ name: String) -> String? {
    if case .string(let text)? = get(name) { text } else { nil }
  }
}

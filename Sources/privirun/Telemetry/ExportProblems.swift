import Events
import Synchronization
import Telemetry

/// What went wrong with exports, to be said once.
final class ExportProblems: Sendable {
  private struct Count: Sendable {
    var exported = 0
    var failed = 0
    var reason = ""
    var rejected = 0
    var remark: String?
  }

  private struct State: Sendable {
    var counts: [ExportedKind: Count] = [:]
    var dropped = 0
  }

  private let state = Mutex(State())

  func note(_ report: ExportReport) {
    state.withLock { state in
      switch report {
      case .exported(let kind): state.counts[kind, default: Count()].exported += 1
      case .failed(let kind, let reason):
        state.counts[kind, default: Count()].failed += 1
        state.counts[kind]?.reason = reason
      case .partial(let kind, let rejected, let reason):
        var count = state.counts[kind] ?? Count()
        count.exported += 1
        count.rejected += rejected
        count.remark = reason ?? count.remark
        state.counts[kind] = count
      case .dropped(let count): state.dropped += count
      }
    }
  }

  /// One sentence for each thing, without a full stop.
  func lines(about settings: TelemetrySettings) -> [String] {
    let (counts, dropped) = state.withLock { ($0.counts, $0.dropped) }
    var lines: [String] = []
    for (kind, destination) in [
      (ExportedKind.traces, settings.traces), (.metrics, settings.metrics),
    ] {
      guard let count = counts[kind], let destination else { continue }
      let origin = ServiceOrigins.origin(of: destination.address) ?? "the receiver"
      if count.failed > 0 {
        let extent =
          count.exported == 0
          ? "\(kind.rawValue) were not exported to \(origin)"
          : "\(count.failed) of \(count.failed + count.exported) requests with \(kind.rawValue) to "
            + "\(origin) failed"
        lines.append("\(extent): \(count.reason)")
      }
      if count.rejected > 0 || count.remark != nil {
        lines.append(
          "\(origin) did not take \(count.rejected) of the \(kind.rawValue)"
            + (count.remark.map { ": \($0)" } ?? ""))
      }
    }
    if dropped > 0 {
      lines.append(
        "\(dropped == 1 ? "1 span was" : "\(dropped) spans were") dropped because too many waited: raise "
          + "OTEL_BSP_MAX_QUEUE_SIZE")
    }
    return lines
  }
}

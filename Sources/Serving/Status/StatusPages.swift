package import Operations

/// Answers the requests for `/healthz`, `/readyz` and `/metrics`.
package struct StatusPages: Sendable {
  private let status: DaemonStatus
  private let metrics: ServiceMetrics
  private let clock: @Sendable () -> Moment
  private let uptime: @Sendable () -> Duration
  private let process: @Sendable () -> ProcessUsage?

  /// Pages about `status` and `metrics`.
  ///
  /// `now` is the time of day, `uptime` the clock that `status` is set by, and `process` reads what this
  /// process uses, such as `ProcessUsage.current`.
  package init(
    _ status: DaemonStatus, _ metrics: ServiceMetrics, now: @escaping @Sendable () -> Moment,
    uptime: @escaping @Sendable () -> Duration,
    process: @escaping @Sendable () -> ProcessUsage?
  ) {
    self.status = status
    self.metrics = metrics
    clock = now
    self.uptime = uptime
    self.process = process
  }

  /// The time of a response.
  var now: Moment { clock() }

  /// The response to a request of `method` for `target`, a path or an absolute URL (RFC 9112 §3.2).
  package func answer(_ method: String, _ target: String) -> StatusAnswer {
    let page: StatusAnswer
    switch Self.path(of: target) {
    case "/healthz": page = status.facts.health(at: uptime()).answer
    case "/readyz": page = status.facts.readiness.answer
    case "/metrics":
      page = StatusAnswer(200, MetricsText.contentType, metrics.values.text(process()))
    case _:
      return .line(404, "The pages are /healthz, /readyz and /metrics.")
    }
    guard method == "GET" || method == "HEAD" else {
      return .line(405, "Pages are read with GET and HEAD.", allowed: "GET, HEAD")
    }
    return page
  }

  private static func path(of target: String) -> Substring {
    var rest = target[...]
    if let scheme = rest.firstRange(of: "://"), !rest.hasPrefix("/") {
      let authority = rest[scheme.upperBound...]
      rest = authority[(authority.firstIndex { "/?#".contains($0) } ?? authority.endIndex)...]
    }
    return rest.prefix { $0 != "?" && $0 != "#" }
  }
}

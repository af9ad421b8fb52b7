/// Answers the requests for `/healthz`, `/readyz` and `/metrics`.
package struct StatusPages: Sendable {
  private let status: DaemonStatus
  private let metrics: ServiceMetrics
  private let uptime: @Sendable () -> Duration
  private let process: @Sendable () -> ProcessUsage?

  /// Pages about `status` and `metrics`; `uptime` is the clock that `status` is set by, and `process` reads
  /// what this process uses, such as `ProcessUsage.current`.
  package init(
    _ status: DaemonStatus, _ metrics: ServiceMetrics, uptime: @escaping @Sendable () -> Duration,
    process: @escaping @Sendable () -> ProcessUsage?
  ) {
    self.status = status
    self.metrics = metrics
    self.uptime = uptime
    self.process = process
  }
}

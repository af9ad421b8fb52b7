import Diagnostics
import Events
import Logging
import Machine
import Networking
import Operations
import ServiceLifecycle
import Serving
import Synchronization
import Telemetry

/// Exports the telemetry of a daemon until it ends.
final class TelemetryService: Service {
  /// How long the end of the daemon waits for what is not exported yet.
  private static let longestWait: Duration = .seconds(3)

  private let client: PostClient
  private let exporter: TelemetryExporter

  /// Nil where `environment` says that nothing is exported, or where `connections` cannot be made; what is
  /// wrong is logged.
  init?(
    environment: [String: String], connections: TransportOptions, clock: DaemonClock, log: Logger
  ) {
    guard TelemetryReading.isOn(environment) else { return nil }
    let reading = TelemetryReading(environment)
    for warning in reading.warnings {
      log.warning("OpenTelemetry is not set up as intended", metadata: ["reason": "\(warning)"])
    }
    guard !reading.settings.isOff else { return nil }
    do {
      client = try PostClient.open(options: connections, timeout: reading.settings.timeout)
    } catch {
      log.warning("nothing is exported to OpenTelemetry", metadata: ["reason": "\(error)"])
      return nil
    }
    let reports = LoggedExports(log)
    exporter = TelemetryExporter(
      reading.settings, by: client, continuing: nil, now: clock.now, sleep: clock.sleep,
      report: { reports.note($0) })
  }

  /// What receives the events of rollouts and runs.
  var telemetry: RunTelemetry { exporter.telemetry }

  /// Exports until a graceful shutdown, and what is left after it for a bounded time.
  func run() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [exporter] in await exporter.run() }
      group.addTask { [exporter] in
        try? await gracefulShutdown()
        exporter.finish()
        try? await Task.sleep(for: Self.longestWait)
      }
      await group.next()
      group.cancelAll()
    }
    await client.shutDown()
  }
}

/// Logs the first of several failures in a row, and that it works again.
private final class LoggedExports: Sendable {
  private let log: Logger
  private let failing = Mutex<Set<ExportedKind>>([])

  init(_ log: Logger) {
    self.log = log
  }

  func note(_ report: ExportReport) {
    switch report {
    case .exported(let kind): worked(kind)
    case .failed(let kind, let reason):
      guard failing.withLock({ $0.insert(kind).inserted }) else { return }
      log.warning("\(kind.rawValue) are not exported", metadata: ["reason": "\(reason)"])
    case .partial(let kind, let rejected, let reason):
      worked(kind)
      log.warning(
        "\(kind.rawValue) were refused in part",
        metadata: ["count": "\(rejected)", "reason": "\(reason ?? "none is given")"])
    case .dropped(let count):
      log.warning(
        "spans were dropped because too many waited", metadata: ["count": "\(count)"])
    }
  }

  private func worked(_ kind: ExportedKind) {
    guard failing.withLock({ $0.remove(kind) }) != nil else { return }
    log.notice("\(kind.rawValue) are exported again")
  }
}

import Diagnostics
import Machine
import Networking
import Operations
import Telemetry

/// Exports the telemetry of a command: while it runs, and for a bounded time at its end.
///
/// Nothing of that fails the command, or holds it up for long.
struct OwnTelemetry: Sendable {
  /// How long the end of a command waits for what is not exported yet.
  private static let longestWait: Duration = .seconds(3)

  let environment: [String: String]
  /// Whether only errors are printed.
  let isQuiet: Bool
  let clock: WallClock
  /// Whether requests carry the trace context of their run, so that the variables for it matter.
  let sendsTraceContext: Bool

  /// Runs `body` with what receives the events of runs, nil where nothing is exported.
  ///
  /// `connections` are the trust and the proxies of what is sent besides requests to the service.
  func exporting<Success: Sendable>(
    over connections: @autoclosure () throws -> TransportOptions,
    _ body: (RunTelemetry?) async throws -> Success
  ) async throws -> Success {
    let isOn = TelemetryReading.isOn(environment)
    if isOn || sendsTraceContext, let warning = TraceParent.warning(about: environment) {
      warn(warning)
    }
    guard isOn else { return try await body(nil) }
    let reading = TelemetryReading(environment)
    for warning in reading.warnings { warn(warning) }
    guard !reading.settings.isOff else { return try await body(nil) }
    let ending: Result<Success, any Error>
    do {
      ending = try await PostClient.withClient(
        options: try connections(), timeout: reading.settings.timeout
      ) { client in
        await exporting(reading.settings, by: client, body)
      }
    } catch {
      // What cannot be connected to exports nothing; `body` has not begun.
      warn("nothing is exported: \(Self.reason(error))")
      return try await body(nil)
    }
    return try ending.get()
  }

  private func exporting<Success: Sendable>(
    _ settings: TelemetrySettings, by client: PostClient,
    _ body: (RunTelemetry?) async throws -> Success
  ) async -> Result<Success, any Error> {
    let problems = ExportProblems()
    let exporter = TelemetryExporter(
      settings, by: client, continuing: TraceParent(environment: environment),
      now: { [clock] in clock.now() }, sleep: { try await Task.sleep(for: $0) },
      report: { problems.note($0) })
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { await exporter.run() }
      let ending: Result<Success, any Error>
      do {
        ending = .success(try await body(exporter.telemetry))
      } catch {
        ending = .failure(error)
      }
      exporter.finish()
      group.addTask { try? await Task.sleep(for: Self.longestWait) }
      await group.next()
      group.cancelAll()
      await group.waitForAll()
      for line in problems.lines(about: settings) { warn(line) }
      return ending
    }
  }

  private func warn(_ text: String) {
    if !isQuiet { StandardStream.error.write("privirun: OpenTelemetry: \(text)\n") }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as InvalidInput:
      error.diagnostics.first?.message ?? "the certificates cannot be read"
    case let failure as CommandFailure: failure.reason
    case _: "\(error)"
    }
  }
}

extension TelemetryExporter {
  /// An exporter that posts by `client`.
  convenience init(
    _ settings: TelemetrySettings, by client: PostClient, continuing parent: TraceParent?,
    now: @escaping @Sendable () -> Moment,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    report: @escaping @Sendable (ExportReport) -> Void
  ) {
    let agent = HTTPField("User-Agent", "privirun/\(Version.text)")
    self.init(
      settings, version: Version.text, continuing: parent,
      randomID: { .random(in: 1 ... .max) },
      environment: ExportEnvironment(
        post: { post in
          do throws(TransportFailure) {
            return .response(
              try await client.post(
                post.body, to: post.address, headers: post.headers + [agent]))
          } catch {
            return .failure(error.message)
          }
        },
        now: now, sleep: sleep, jitter: { .random(in: 0...1) }, report: report))
  }
}

extension RequestTracing {
  /// The trace context of the requests of a command, which `environment` says more about.
  ///
  /// Where no traces are exported, requests say so, unless they continue a trace that is.
  init(_ environment: [String: String], continuing parent: TraceParent?) {
    let settings = TelemetryReading(environment).settings
    self.init(
      continuing: parent,
      sampler: settings.traces == nil
        ? Sampler(.never, isParentBased: true) : settings.sampler)
  }
}

import Events
import Hosting
import Running

/// Drives a run of which nothing is recorded, since it only reads; a signal ends it early.
struct UnrecordedRun {
  let environment: [String: String]
  let trace: (@Sendable (String) -> Void)?

  /// The events of the run, and how it ended.
  func perform(
    _ order: RunOrder, over transport: any Transport
  ) async throws -> (events: [RunEvent], ending: RunEnding) {
    try await PlanHost.with(transport, environment, trace: trace) { host in
      await host.perform(order)
    }
  }
}

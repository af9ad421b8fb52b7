import Events
import Journaling
import Operations
import Serving
import Synchronization

/// What a daemon reports about itself, with clocks that stand still.
struct SampleDaemon {
  static let now = Moment(nanoseconds: 1_796_014_800_000_000_000)

  let status = DaemonStatus(at: now, uptime: .seconds(100))
  let metrics = ServiceMetrics(version: "1.2.3")

  var pages: StatusPages {
    StatusPages(
      status, metrics, now: { Self.now }, uptime: { .seconds(100) }, process: { nil })
  }

  /// Binds a free port of loopback, runs `body`, and closes everything.
  func serving<Result>(
    _ limits: StatusLimits = StatusLimits(), _ body: (StatusServer) async throws -> Result
  ) async throws -> Result {
    let server = try await StatusServer.bind(
      StatusAddress(host: "127.0.0.1", port: 0), pages, limits: limits)
    do {
      let result = try await body(server)
      await server.close()
      return result
    } catch {
      await server.close()
      throw error
    }
  }
}

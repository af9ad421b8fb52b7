import Networking
import Running
import Sandbox

/// The service a run drives: one elsewhere, or a sandbox in this process.
enum ServiceTarget {
  case service(ServiceAddresses, TransportOptions)
  case sandbox(TransportOptions, SandboxConfiguration)

  /// Runs `body` with a transport to the service, and takes everything down afterwards.
  func withTransport<Result: Sendable>(
    _ body: (any Transport) async throws -> Result
  ) async throws -> Result {
    switch self {
    case .service(let addresses, let options):
      return try await LiveTransport.withTransport(
        addresses: addresses, options: options, body: body)
    case .sandbox(let options, let configuration):
      return try await SandboxServer.withServer(configuration) { sandbox in
        let addresses = try ServiceAddresses(
          api: sandbox.api, webSocket: sandbox.webSocket, upstream: sandbox.upstream,
          downstream: sandbox.downstream)
        return try await LiveTransport.withTransport(
          addresses: addresses, options: options, body: body)
      }
    }
  }
}

import Events
import Networking
import Running
import Sandbox

/// The service a run drives: one elsewhere, or a sandbox in this process.
enum ServiceTarget {
  case service(ServiceAddresses, TransportOptions)
  case sandbox(TransportOptions, SandboxConfiguration)

  /// Runs `body` with a transport to the service and its origins, and takes everything down afterwards.
  func withTransport<Result: Sendable>(
    _ body: (any Transport, ServiceOrigins) async throws -> Result
  ) async throws -> Result {
    switch self {
    case .service(let addresses, let options):
      return try await LiveTransport.withTransport(addresses: addresses, options: options) {
        try await body($0, ServiceOrigins(addresses))
      }
    case .sandbox(let options, let configuration):
      return try await SandboxServer.withServer(configuration) { sandbox in
        let addresses = try ServiceAddresses(
          api: sandbox.api, webSocket: sandbox.webSocket, upstream: sandbox.upstream,
          downstream: sandbox.downstream)
        return try await LiveTransport.withTransport(addresses: addresses, options: options) {
          try await body($0, ServiceOrigins(addresses))
        }
      }
    }
  }
}

extension ServiceOrigins {
  /// Those of `addresses`, whose paths are nobody's business.
  fileprivate init(_ addresses: ServiceAddresses) {
    self.init(
      api: "\(addresses.api.origin)", webSocket: "\(addresses.webSocket.origin)",
      upstream: "\(addresses.upstream.origin)", downstream: "\(addresses.downstream.origin)")
  }
}

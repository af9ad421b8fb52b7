import Events
import Expressions
import Machine
import Networking
import Operations
import Running
import Sandbox

/// The service a run drives: one elsewhere, or a sandbox in this process.
enum ServiceTarget {
  case service(ServiceAddresses, TransportOptions)
  case sandbox(TransportOptions, SandboxConfiguration)
  /// None: the plan calls no operation.
  case nothing

  /// What others may repeat of how it is reached: the passwords of proxies.
  var secrets: [Secret] {
    switch self {
    case .service(_, let options), .sandbox(let options, _): options.proxies.secrets
    case .nothing: []
    }
  }

  /// Runs `body` with a transport to the service and its origins, and takes everything down afterwards.
  func withTransport<Result: Sendable>(
    _ body: (any Transport, ServiceOrigins?) async throws -> Result
  ) async throws -> Result {
    switch self {
    case .nothing: return try await body(NoTransport(), nil)
    case .service(let addresses, let options):
      return try await LiveTransport.withTransport(addresses: addresses, options: options) {
        try await body($0, ServiceOrigins(addresses))
      }
    case .sandbox(let options, let configuration):
      return try await SandboxServer.withServer(configuration) { sandbox in
        let addresses = try ServiceAddresses(
          api: sandbox.api, webSocket: sandbox.webSocket, upstream: sandbox.upstream,
          downstream: sandbox.downstream)
        var origins = ServiceOrigins(addresses)
        origins.isOwnSandbox = true
        return try await LiveTransport.withTransport(addresses: addresses, options: options) {
          try await body($0, origins)
        }
      }
    }
  }
}

extension ServiceOrigins {
  /// Those of `addresses`, and the path of the API.
  init(_ addresses: ServiceAddresses) {
    self.init(
      api: "\(addresses.api.origin)", webSocket: "\(addresses.webSocket.origin)",
      upstream: "\(addresses.upstream.origin)", downstream: "\(addresses.downstream.origin)")
    apiPath = addresses.api.basePath
    otherPaths.webSocket = addresses.webSocket.basePath
    otherPaths.upstream = addresses.upstream.basePath
    otherPaths.downstream = addresses.downstream.basePath
  }
}

/// The transport of a run that has nothing to send.
private struct NoTransport: Transport {
  private static let failure = TransportFailure(
    .unreachable, "no service is configured", mayHaveBeenSent: false)

  func exchange(
    _ request: APIRequest, moving transfer: PayloadTransfer
  ) async throws(TransportFailure) -> APIResponse {
    throw Self.failure
  }

  func connect() async throws(TransportFailure) -> any MessageSocket {
    throw Self.failure
  }
}

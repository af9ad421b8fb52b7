import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL
package import Operations
package import Running

/// The transport over real sockets: HTTP/1.1 with kept connections, and WebSocket.
///
/// It follows no redirect and logs nothing. What it says of a failure names an origin, never a path,
/// a query or a header.
package struct LiveTransport: Transport {
  let addresses: ServiceAddresses
  let options: TransportOptions
  let client: HTTPClient
  private let connector: WebSocketConnector

  /// Gives `body` a transport that lasts as long as `body`, and closes its connections in every case.
  ///
  /// Throws `InvalidInput` when the file of certificates cannot be used, and what `body` throws.
  package static func withTransport<Result>(
    addresses: ServiceAddresses, options: TransportOptions = TransportOptions(),
    body: (LiveTransport) async throws -> Result
  ) async throws -> Result {
    let trusted = try TrustedCertificates(
      file: options.certificateAuthorityFile, closeTimeout: options.webSocket.closeTimeout)
    let transport = try LiveTransport(addresses, options, trusted.configuration)
    let result: Result
    do {
      result = try await body(transport)
    } catch {
      // The error of the body is the one that matters.
      try? await transport.client.shutdown()
      throw error
    }
    try await transport.client.shutdown()
    return result
  }

  private init(
    _ addresses: ServiceAddresses, _ options: TransportOptions, _ tls: TLSConfiguration
  ) throws {
    self.addresses = addresses
    self.options = options
    let usesTLS = addresses.webSocket.origin.scheme.usesTLS
    connector = WebSocketConnector(
      address: addresses.webSocket, options: options,
      tls: usesTLS ? try NIOSSLContext(configuration: tls) : nil)
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = TimeAmount(options.connectTimeout)
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
      options.connectionsPerHost
    client = HTTPClient(
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
  }

  package func exchange(
    _ request: APIRequest, moving transfer: PayloadTransfer
  ) async throws(TransportFailure) -> APIResponse {
    let target = try RequestTarget(request, addresses: addresses)
    let exchange = HTTPExchange(
      client: client, options: options, target: target, transfer: transfer)
    return try await exchange.perform(request)
  }

  package func connect() async throws(TransportFailure) -> any MessageSocket {
    try await connector.connect()
  }
}

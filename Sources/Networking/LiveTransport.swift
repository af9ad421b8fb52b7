package import Machine
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
  private let clients: HTTPClients
  /// For `wss`, nil for `ws`; made once, since it reads the roots of the system.
  private let webSocketTLS: NIOSSLContext?
  private let probe: CertificateProbe

  /// Gives `body` a transport that lasts as long as `body`, and closes its connections in every case.
  ///
  /// Throws `InvalidInput` when a file of certificates or a key cannot be used, and what `body` throws.
  package static func withTransport<Result>(
    addresses: ServiceAddresses, options: TransportOptions = TransportOptions(),
    body: (LiveTransport) async throws -> Result
  ) async throws -> Result {
    let transport = try open(addresses: addresses, options: options)
    let result: Result
    do {
      result = try await body(transport)
    } catch {
      await transport.shutDown()
      throw error
    }
    await transport.shutDown()
    return result
  }

  /// A transport that lasts until `shutDown`; `withTransport` closes it in every case.
  ///
  /// Throws `InvalidInput` when a file of certificates or a key cannot be used.
  package static func open(
    addresses: ServiceAddresses, options: TransportOptions = TransportOptions()
  ) throws -> LiveTransport {
    try LiveTransport(addresses, options, try TLSSettings(options).configuration)
  }

  /// Closes the connections; nothing is sent afterwards.
  package func shutDown() async { await clients.shutDown() }

  private init(
    _ addresses: ServiceAddresses, _ options: TransportOptions, _ tls: TLSConfiguration
  ) throws {
    self.addresses = addresses
    self.options = options
    clients = HTTPClients(options, tls)
    probe = CertificateProbe(configuration: tls, timeout: options.connectTimeout)
    let usesTLS = addresses.webSocket.origin.scheme.usesTLS
    webSocketTLS = usesTLS ? try NIOSSLContext(configuration: tls) : nil
  }

  /// Sends the request to the address that its endpoint stands for, or that it names itself.
  ///
  /// A request that names an address on a host that is not configured goes there without its
  /// credentials. Throws `protocolViolation`, before anything is sent, for an address that is
  /// neither `http` nor `https`, and for an `http` one where the API is `https`. Where the server's
  /// certificate is the reason of a failure, the failure says what is wrong with it.
  package func exchange(
    _ request: APIRequest, moving transfer: PayloadTransfer
  ) async throws(TransportFailure) -> APIResponse {
    let target = try RequestTarget(request, addresses: addresses)
    let route = try route(to: target.origin)
    let exchange = HTTPExchange(
      pool: clients[route.proxy], route: route, options: options, target: target, transfer: transfer
    )
    do throws(TransportFailure) {
      return try await exchange.perform(request)
    } catch {
      throw await probe.explained(error, on: route)
    }
  }

  /// Opens a WebSocket to the configured address, through a proxy where one is set.
  ///
  /// Throws when the connection or the upgrade fails or takes too long, and when the certificate is
  /// not accepted.
  package func connect() async throws(TransportFailure) -> any MessageSocket {
    let route = try route(to: addresses.webSocket.origin)
    let connector = WebSocketConnector(
      address: addresses.webSocket, route: route, options: options, tls: webSocketTLS)
    do throws(TransportFailure) {
      return try await connector.connect()
    } catch {
      throw await probe.explained(error, on: route)
    }
  }

  private func route(to origin: Origin) throws(TransportFailure) -> ConnectionRoute {
    try ConnectionRoute(to: origin, options)
  }
}

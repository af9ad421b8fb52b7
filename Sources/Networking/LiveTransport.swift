import AsyncHTTPClient
import NIOCore
import NIOHTTPCompression
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
  private let probe: CertificateProbe

  /// Gives `body` a transport that lasts as long as `body`, and closes its connections in every case.
  ///
  /// Throws `InvalidInput` when a file of certificates or a key cannot be used, and what `body` throws.
  package static func withTransport<Result>(
    addresses: ServiceAddresses, options: TransportOptions = TransportOptions(),
    body: (LiveTransport) async throws -> Result
  ) async throws -> Result {
    let transport = try LiveTransport(
      addresses, options, try TLSSettings(options).configuration)
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

  /// Closes the connections, and waits a bounded time only for one that is not open yet.
  private func shutDown() async {
    let loop = client.eventLoopGroup.any()
    let done = loop.makePromise(of: Void.self)
    loop.scheduleTask(in: TimeAmount(options.shutdownTimeout)) { done.succeed() }
    // A client that does not close in order has nothing to report any more.
    beginShutdown().whenComplete { _ in done.succeed() }
    try? await done.futureResult.get()
  }

  /// Apart, because there is an asynchronous form of the same name.
  private func beginShutdown() -> EventLoopFuture<Void> { client.shutdown() }

  private init(
    _ addresses: ServiceAddresses, _ options: TransportOptions, _ tls: TLSConfiguration
  ) throws {
    self.addresses = addresses
    self.options = options
    probe = CertificateProbe(configuration: tls, timeout: options.connectTimeout)
    let usesTLS = addresses.webSocket.origin.scheme.usesTLS
    connector = WebSocketConnector(
      address: addresses.webSocket, options: options,
      tls: usesTLS ? try NIOSSLContext(configuration: tls) : nil)
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = TimeAmount(options.connectTimeout)
    configuration.http1_1ConnectionDebugInitializer = { CertificateNames.check($0) }
    // What is decoded is counted once more against the limit of each server, piece by piece.
    configuration.decompression = .enabled(limit: .size(options.fileLimit))
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
    do throws(TransportFailure) {
      return try await exchange.perform(request)
    } catch {
      throw await probe.explained(error, at: target.origin)
    }
  }

  package func connect() async throws(TransportFailure) -> any MessageSocket {
    do throws(TransportFailure) {
      return try await connector.connect()
    } catch {
      throw await probe.explained(error, at: addresses.webSocket.origin)
    }
  }
}

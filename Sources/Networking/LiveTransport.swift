package import Machine
import NIOCore
import NIOPosix
import NIOSSL
package import Operations
package import Running

/// The transport over real sockets: HTTP/1.1 with kept connections, and WebSocket, on one event loop.
///
/// It follows no redirect and logs nothing. What it says of a failure names an origin, never a path,
/// a query or a header.
package struct LiveTransport: Transport {
  let addresses: ServiceAddresses
  let options: TransportOptions
  /// The event loop of all connections.
  private let loop: any EventLoop
  private let pool: HTTPPool
  /// For `wss`, nil for `ws`.
  private let webSocketTLS: NIOSSLContext?
  private let probe: CertificateProbe

  /// Starts the threads of all transports, which the first would start otherwise.
  package static func startThreads() { _ = MultiThreadedEventLoopGroup.singleton }

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
    try LiveTransport(addresses, options, try TLSSettings(options))
  }

  /// Closes the connections; nothing is sent afterwards.
  package func shutDown() async { await pool.shutDown() }

  /// Runs tasks on the event loop of the connections: what runs there hands requests over, and receives
  /// responses, without a change of threads.
  package var executor: (any TaskExecutor)? { EventLoopExecutor(loop) }

  private init(
    _ addresses: ServiceAddresses, _ options: TransportOptions, _ tls: TLSSettings
  ) throws {
    self.addresses = addresses
    self.options = options
    loop = MultiThreadedEventLoopGroup.singleton.next()
    probe = CertificateProbe(tls: tls, timeout: options.connectTimeout)
    webSocketTLS = addresses.webSocket.origin.scheme.usesTLS ? try tls.context() : nil
    pool = HTTPPool(options, tls, timeout: options.exchangeTimeout, on: loop)
  }

  /// Begins to connect to the API; nothing is sent but what TLS and a proxy need.
  package func prepare() {
    if let route = try? httpRoute(to: addresses.api.origin) { pool.prepare(route) }
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
    let ticket = HTTPTicket()
    return try await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        send(request, moving: transfer, cancelledBy: ticket) { continuation.resume(returning: $0) }
      }
    } onCancel: {
      ticket.cancel()
    }.get()
  }

  /// Requests that move no file are begun.
  package var beginsRequests: Bool { true }

  /// Sends a request that moves no file, and calls `reply` once, on any thread.
  package func begin(
    _ request: APIRequest, leavingWithin limit: Duration?,
    reply: @escaping @Sendable (Result<APIResponse, TransportFailure>) -> Void
  ) -> Bool {
    send(request, moving: PayloadTransfer().leaving(within: limit), cancelledBy: nil, reply)
    return true
  }

  private func send(
    _ request: APIRequest, moving transfer: PayloadTransfer, cancelledBy ticket: HTTPTicket?,
    _ reply: @escaping HTTPOrder.Reply
  ) {
    do throws(TransportFailure) {
      let target = try RequestTarget(request, addresses: addresses)
      let head = RequestHead(
        method: request.method, origin: target.origin, path: target.path, headers: target.headers,
        acceptedEncodings: target.server.acceptedEncodings,
        length: transfer.source?.count ?? request.body.count)
      var order = HTTPOrder(
        route: try httpRoute(to: target.origin), head: try head.encoded(), body: request.body,
        transfer: transfer, rules: ResponseRules(for: target.server, options), reply: reply)
      // A clock that also counts while the machine is suspended.
      order.leavesBy = transfer.leavesWithin.map { .now + $0 }
      pool.send(order, cancelledBy: ticket)
    } catch {
      reply(.failure(error))
    }
  }

  /// Opens a WebSocket to the configured address, through a proxy where one is set.
  ///
  /// Throws when the connection or the upgrade fails or takes too long, and when the certificate is
  /// not accepted.
  package func connect() async throws(TransportFailure) -> any MessageSocket {
    try await connect(carrying: [])
  }

  /// The same with `headers` in the request for the upgrade.
  package func connect(
    carrying headers: [HTTPField]
  ) async throws(TransportFailure) -> any MessageSocket {
    let route = try route(to: addresses.webSocket.origin)
    let connector = WebSocketConnector(
      address: addresses.webSocket, route: route, options: options, tls: webSocketTLS, loop: loop,
      headers: headers)
    do throws(TransportFailure) {
      return try await connector.connect()
    } catch {
      guard probe.explains(error),
        let explained = try? await probe.explained(error, on: route, loop).get()
      else { throw error }
      throw explained
    }
  }

  private func route(to origin: Origin) throws(TransportFailure) -> ConnectionRoute {
    try ConnectionRoute(to: origin, options)
  }

  /// One limit covers the connection to a proxy and another the tunnel, which is no longer.
  private func httpRoute(to origin: Origin) throws(TransportFailure) -> ConnectionRoute {
    let route = try route(to: origin)
    return ConnectionRoute(
      origin: origin, proxy: route.proxy, connectTimeout: options.connectTimeout,
      tunnelTimeout: options.connectTimeout)
  }
}

extension ResponseRules {
  /// The API has one time limit for all of an exchange; with a file server it lasts as long as bytes move.
  fileprivate init(for server: RequestTarget.Server, _ options: TransportOptions) {
    let limit =
      switch server {
      case .api, .upload: options.answerLimit
      case .download: options.downloadLimit
      }
    self.init(bodyLimit: limit, fileLimit: options.fileLimit)
    switch server {
    case .api: break
    case .upload, .download: patience = .standstill(options.idleTimeout)
    }
  }
}

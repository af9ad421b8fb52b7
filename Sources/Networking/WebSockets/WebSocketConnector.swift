import Machine
import NIOCore
import NIOHTTP1
import NIOSSL
import NIOWebSocket
import Operations
import Running

/// Opens WebSockets to one address (RFC 6455 §4.1).
struct WebSocketConnector: Sendable {
  let address: ServiceAddress
  let route: ConnectionRoute
  let options: TransportOptions
  /// For `wss`, nil for `ws`.
  let tls: NIOSSLContext?
  /// The event loop of the socket.
  let loop: any EventLoop
  /// What the request for the upgrade carries besides its own headers.
  let headers: [HTTPField]

  private var origin: Origin { address.origin }

  /// An open socket; TCP is bounded by one timeout, TLS and the upgrade together by another.
  func connect() async throws(TransportFailure) -> LiveSocket {
    do {
      let (channel, upgrade) = try await route.connect(on: loop) { channel in
        (channel, try configure(channel))
      }.get()
      return try await socket(on: channel, after: upgrade)
    } catch let error as UpgradeError {
      throw failure(error)
    } catch is NIOHTTPClientUpgradeError {
      throw failure(.notWebSocket)
    } catch ChannelError.inappropriateOperationForState {
      // What the upgrade handler says when the channel is gone before the upgrade.
      throw TransportFailure(
        .broken, "\(origin) closed the connection before the WebSocket was open",
        mayHaveBeenSent: true)
    } catch {
      throw route.failure(for: error)
    }
  }

  private func socket(
    on channel: any Channel, after upgrade: EventLoopFuture<LiveSocket>
  ) async throws -> LiveSocket {
    do {
      return try await withTaskCancellationHandler {
        let socket = try await upgrade.get()
        try await CertificateNames.check(channel).get()
        return socket
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch {
      channel.close(promise: nil)
      try? await channel.closeFuture.get()
      try Task.checkCancellation()
      throw error
    }
  }

  private func configure(_ channel: any Channel) throws -> EventLoopFuture<LiveSocket> {
    let pipeline = channel.pipeline.syncOperations
    if let tls {
      try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: origin.serverName))
    }
    let encoder = HTTPRequestEncoder()
    let decoder = ByteToMessageHandler(
      HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
    let watch = UpgradeWatch()
    let upgrader = NIOTypedHTTPClientUpgradeHandler(
      httpHandlers: [encoder, decoder, watch], upgradeConfiguration: upgradeConfiguration)
    try pipeline.addHandlers([encoder, decoder, watch, upgrader])
    let deadline = channel.eventLoop.scheduleTask(
      in: TimeAmount(options.webSocket.upgradeTimeout)
    ) {
      channel.pipeline.fireErrorCaught(UpgradeError.timedOut)
    }
    let upgrade = upgrader.upgradeResultFuture
    upgrade.whenComplete { _ in deadline.cancel() }
    return upgrade
  }

  private var upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration<LiveSocket> {
    let path = address.basePath.isEmpty ? "/" : address.basePath
    var fields: HTTPHeaders = ["Host": origin.hostHeader]
    for header in headers { fields.add(name: header.name, value: header.value) }
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: fields)
    let upgrader = NIOTypedWebSocketClientUpgrader<LiveSocket>(
      maxFrameSize: options.webSocket.messageLimit, enableAutomaticErrorHandling: false
    ) { [origin, options] channel, _ in
      channel.eventLoop.makeCompletedFuture {
        try LiveSocket.upgrade(channel, origin: origin, options: options.webSocket)
      }
    }
    return NIOTypedHTTPClientUpgradeConfiguration(
      upgradeRequestHead: head, upgraders: [upgrader]
    ) { channel in
      channel.eventLoop.makeFailedFuture(UpgradeError.notWebSocket)
    }
  }

  private func failure(_ error: UpgradeError) -> TransportFailure {
    switch error {
    case .refused(let refusal): refusal.failure(at: origin)
    case .notWebSocket:
      TransportFailure(
        .protocolViolation, "\(origin) does not speak WebSocket", mayHaveBeenSent: true,
        hint: "check that `--ws-url` is the address of the WebSocket proxy")
    case .timedOut:
      TransportFailure(
        .timedOut,
        "\(origin) did not open the WebSocket within \(options.webSocket.upgradeTimeout)",
        mayHaveBeenSent: true)
    }
  }
}

extension LiveSocket {
  /// Puts the handler onto a channel that speaks WebSocket from here on.
  fileprivate static func upgrade(
    _ channel: any Channel, origin: Origin, options: WebSocketOptions
  ) throws -> LiveSocket {
    let buffer = MessageBuffer(limit: options.unreadLimit) {
      channel.triggerUserOutboundEvent(WebSocketCommand.read, promise: nil)
    }
    try channel.pipeline.syncOperations.addHandler(
      WebSocketHandler(origin: origin, options: options, buffer: buffer))
    return LiveSocket(channel: channel, origin: origin, options: options, buffer: buffer)
  }
}

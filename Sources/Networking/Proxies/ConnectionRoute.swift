import AsyncHTTPClient
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix

/// How connections reach an origin: directly, or through a tunnel that a proxy opens.
struct ConnectionRoute: Sendable {
  let origin: Origin
  /// Nil for a direct connection.
  let proxy: ProxyServer?
  /// How long the connection may take to stand.
  let connectTimeout: Duration
  /// How long the proxy may take to open the tunnel, once it is connected to.
  let tunnelTimeout: Duration

  /// Connects, and returns what `configure` returns for the channel to the origin.
  ///
  /// Throws the error of the library below, which `failure(for:)` explains.
  func connect<Value: Sendable>(
    configure: @escaping @Sendable (any Channel) throws -> Value
  ) async throws -> Value {
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(TimeAmount(connectTimeout))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    guard let proxy else {
      return try await bootstrap.connect(host: origin.host, port: origin.port) { channel in
        channel.eventLoop.makeCompletedFuture { try configure(channel) }
      }
    }
    let tunnel = try await bootstrap.connect(host: proxy.host, port: proxy.port) { channel in
      channel.eventLoop.makeCompletedFuture {
        try openTunnel(on: channel, with: proxy, configure: configure)
      }
    }
    return try await tunnel.get()
  }

  /// Asks for the tunnel as soon as the channel is active, and configures the channel once it is open.
  private func openTunnel<Value: Sendable>(
    on channel: any Channel, with proxy: ProxyServer,
    configure: @escaping @Sendable (any Channel) throws -> Value
  ) throws -> EventLoopFuture<Value> {
    let opened = channel.eventLoop.makePromise(of: Void.self)
    let encoder = HTTPRequestEncoder()
    let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
    let limit = TunnelLimit(opened, timeout: tunnelTimeout)
    let connecting = NIOHTTP1ProxyConnectHandler(
      targetHost: origin.bracketedHost, targetPort: origin.port, headers: headers(for: proxy),
      deadline: .distantFuture, promise: opened)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandlers([encoder, decoder, connecting, limit])
    let own = NIOLoopBound(
      [encoder, decoder, limit] as [any RemovableChannelHandler], eventLoop: channel.eventLoop)
    let configured = opened.futureResult.flatMap {
      let pipeline = channel.pipeline.syncOperations
      return EventLoopFuture.andAllSucceed(
        own.value.map { pipeline.removeHandler($0) }, on: channel.eventLoop)
    }.flatMapThrowing {
      try configure(channel)
    }
    // A channel that nobody gets must not stay open.
    configured.whenFailure { _ in channel.close(promise: nil) }
    return configured
  }

  private func headers(for proxy: ProxyServer) -> HTTPHeaders {
    var headers: HTTPHeaders = ["Host": "\(origin.bracketedHost):\(origin.port)"]
    if let authorization = proxy.authorization {
      headers.add(name: "Proxy-Authorization", value: authorization.headerValue)
    }
    return headers
  }
}

/// Ends a tunnel that is not open yet at the first error, and at its time limit.
private final class TunnelLimit: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let opened: EventLoopPromise<Void>
  private let timeout: Duration

  init(_ opened: EventLoopPromise<Void>, timeout: Duration) {
    self.opened = opened
    self.timeout = timeout
  }

  /// The time limit begins here, so that a slow connection takes nothing of it.
  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    let opened = opened
    let expiry = context.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
      opened.fail(NIOHTTP1ProxyConnectHandler.Error.httpProxyHandshakeTimeout())
      channel.close(promise: nil)
    }
    opened.futureResult.whenComplete { _ in expiry.cancel() }
    context.fireChannelActive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    opened.fail(error)
    context.close(promise: nil)
  }
}

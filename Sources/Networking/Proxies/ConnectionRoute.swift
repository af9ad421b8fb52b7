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

  /// Connects on `loop`, and returns what `configure` returns for the channel to the origin.
  ///
  /// `started` receives each channel when it is made; whoever closes it ends the attempt. Fails with the
  /// error of the library below, which `failure(for:)` explains.
  func connect<Value: Sendable>(
    on loop: any EventLoop, started: @escaping @Sendable (any Channel) -> Void = { _ in },
    configure: @escaping @Sendable (any Channel) throws -> Value
  ) -> EventLoopFuture<Value> {
    let bootstrap = ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(connectTimeout))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { started(channel) } }
    guard let proxy else {
      return bootstrap.connect(host: origin.host, port: origin.port).flatMapThrowing { channel in
        try closing(channel) { try configure(channel) }
      }
    }
    return bootstrap.connect(host: proxy.host, port: proxy.port).flatMap { channel in
      do {
        return try closing(channel) {
          try openTunnel(on: channel, with: proxy, configure: configure)
        }
      } catch {
        return loop.makeFailedFuture(error)
      }
    }
  }

  /// A channel that nobody gets must not stay open.
  private func closing<Value>(
    _ channel: any Channel, whenFailed body: () throws -> Value
  ) throws -> Value {
    do { return try body() } catch {
      channel.close(promise: nil)
      throw error
    }
  }

  /// Asks for the tunnel on a channel that is active, and configures the channel once it is open.
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
      headers.add(name: "Proxy-Authorization", value: authorization)
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

  /// The time limit begins once the proxy is connected to, so that a slow connection takes nothing of it.
  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    let opened = opened
    let expiry = context.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
      opened.fail(NIOHTTP1ProxyConnectHandler.Error.httpProxyHandshakeTimeout())
      channel.close(promise: nil)
    }
    opened.futureResult.whenComplete { _ in expiry.cancel() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    opened.fail(error)
    context.close(promise: nil)
  }
}

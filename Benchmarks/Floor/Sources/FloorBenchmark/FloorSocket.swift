import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// The socket of one tenant: text messages, and the closing handshake.
final class FloorSocket: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame

  private let receive: @Sendable (ByteBuffer) -> Void

  private init(_ receive: @escaping @Sendable (ByteBuffer) -> Void) {
    self.receive = receive
  }

  /// Opens a socket on `loop`; `receive` is called there with each message.
  static func open(
    _ address: FloorAddress, on loop: any EventLoop,
    _ receive: @escaping @Sendable (ByteBuffer) -> Void
  ) -> EventLoopFuture<any Channel> {
    let upgrader = NIOTypedWebSocketClientUpgrader<any Channel>(
      maxFrameSize: 1 << 20, enableAutomaticErrorHandling: false
    ) { channel, _ in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(FloorSocket(receive))
        return channel
      }
    }
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: address.path.isEmpty ? "/" : address.path,
      headers: ["Host": address.authority])
    let upgrade = NIOTypedHTTPClientUpgradeConfiguration<any Channel>(
      upgradeRequestHead: head, upgraders: [upgrader]
    ) { _ in stop("the WebSocket was refused") }
    return ClientBootstrap(group: loop).connect(host: address.host, port: address.port)
      .flatMap { channel in
        channel.pipeline.configureUpgradableHTTPClientPipeline(
          configuration: .init(upgradeConfiguration: upgrade))
      }
      .flatMap(\.self)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text: receive(frame.data)
    case .connectionClose: context.close(promise: nil)
    case .ping: context.writeAndFlush(NIOAny(Self.frame(.pong, frame.data)), promise: nil)
    default: break
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    stop("a WebSocket broke: \(error)")
  }

  static func message(_ text: String) -> WebSocketFrame { frame(.text, ByteBuffer(string: text)) }

  /// The close frame of a client that has no more to say (RFC 6455 §7.4.1).
  static var closing: WebSocketFrame {
    frame(.connectionClose, ByteBuffer(integer: UInt16(1000)))
  }

  private static func frame(_ opcode: WebSocketOpcode, _ data: ByteBuffer) -> WebSocketFrame {
    WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
  }
}

import NIOCore
import NIOWebSocket

/// Lets through only frames that a client may send: masked, without extension bits.
///
/// RFC 6455 §5.1 and §5.2; it stands before fragments are put together, which loses both marks.
final class ClientFrameGuard: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias InboundOut = WebSocketFrame

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = Self.unwrapInboundIn(data)
    guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
      return context.fireErrorCaught(BrokenFrame())
    }
    context.fireChannelRead(data)
  }
}

@available(*, unavailable)
extension ClientFrameGuard: Sendable {}

/// A frame that no client may send.
struct BrokenFrame: Error {}

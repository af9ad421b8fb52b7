import NIOCore
import NIOHTTP1

/// Why an upgrade to WebSocket failed.
enum UpgradeError: Error {
  /// The server answered with another status than 101 (RFC 6455 §4.1).
  case refused(UpgradeRefusal)
  /// The server answered 101 without proving that it speaks WebSocket.
  case notWebSocket
  case timedOut
}

/// Turns an answer that is not 101 into an error, which the upgrade handler behind it reports.
final class UpgradeWatch: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = HTTPClientResponsePart

  private var isRefused = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data), head.status != .switchingProtocols {
      isRefused = true
      context.fireErrorCaught(UpgradeError.refused(UpgradeRefusal(head)))
    }
    if !isRefused { context.fireChannelRead(data) }
  }
}

import NIOCore
import NIOHTTP1
import NIOWebSocket
import Operations

/// Turns HTTP/1.1 into whole requests and whole answers, for one connection.
///
/// A body over the limit is read on, without being kept, so that the client gets to read its 413;
/// a client that does not end it within four times the limit is cut off.
final class ExchangeHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let endpoint: Endpoint
  private let bodyLimit: Int
  private let answer: (APIRequest) -> FaceAnswer
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var bodyCount = 0

  init(endpoint: Endpoint, bodyLimit: Int, answer: @escaping (APIRequest) -> FaceAnswer) {
    self.endpoint = endpoint
    self.bodyLimit = bodyLimit
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = []
      bodyCount = 0
      if head.asksToContinue { context.writeAndFlush(Self.wrapOutboundOut(.goOn), promise: nil) }
    case .body(let part):
      bodyCount += part.readableBytes
      if bodyCount <= bodyLimit {
        body += part.readableBytesView
      } else if bodyCount > 4 * bodyLimit {
        context.close(promise: nil)
      }
    case .end:
      guard let head else { return }
      self.head = nil
      respond(to: head, context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // An upgrade that was not allowed is answered like any other request.
    guard !(error is NIOWebSocketUpgradeError) else { return }
    context.close(promise: nil)
  }

  private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let answer: FaceAnswer
    if bodyCount > bodyLimit {
      answer = FaceAnswer(response: .failure(413, "request too large"))
    } else if let request = APIRequest(head, endpoint: endpoint, body: body) {
      answer = self.answer(request)
    } else {
      answer = FaceAnswer(response: .failure(400, "unreadable address"))
    }
    body = []
    AnswerWriter(channel: context.channel, staysOpen: head.isKeepAlive, method: head.method)
      .write(answer)
  }
}

@available(*, unavailable)
extension ExchangeHandler: Sendable {}

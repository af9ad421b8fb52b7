import NIOCore
import NIOHTTP1
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
  private let answer: (APIRequest) -> APIResponse
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var bodyCount = 0

  init(endpoint: Endpoint, bodyLimit: Int, answer: @escaping (APIRequest) -> APIResponse) {
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
      invite(head, context)
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
    context.close(promise: nil)
  }

  /// Answers `Expect: 100-continue` (RFC 9110 §10.1.1).
  private func invite(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    guard
      head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" })
    else { return }
    let go = HTTPResponseHead(version: .http1_1, status: .continue)
    context.writeAndFlush(Self.wrapOutboundOut(.head(go)), promise: nil)
  }

  private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let response: APIResponse
    if bodyCount > bodyLimit {
      response = .failure(413, "request too large")
    } else if let request = APIRequest(head, endpoint: endpoint, body: body) {
      response = answer(request)
    } else {
      response = .failure(400, "unreadable address")
    }
    body = []
    write(response, to: head, context)
  }

  private func write(
    _ response: APIResponse, to request: HTTPRequestHead, _ context: ChannelHandlerContext
  ) {
    var headers = HTTPHeaders(response.headers.map { ($0.name, $0.value) })
    headers.add(name: "Content-Length", value: String(response.body.count))
    let staysOpen = request.isKeepAlive
    if !staysOpen { headers.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
    context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD {
      let buffer = context.channel.allocator.buffer(bytes: response.body)
      context.write(Self.wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }
    let channel = context.channel
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil))).whenComplete { _ in
      if !staysOpen { channel.close(promise: nil) }
    }
  }
}

@available(*, unavailable)
extension ExchangeHandler: Sendable {}

extension APIRequest {
  /// The request that a head and a body make, or nil when its address cannot be read.
  fileprivate init?(_ head: HTTPRequestHead, endpoint: Endpoint, body: [UInt8]) {
    let halves = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let query = halves.count > 1 ? halves[1].prefix { $0 != "#" } : ""
    guard head.uri.hasPrefix("/"), let path = halves.first,
      let fields = PercentDecoding.form(query.utf8, limit: 1000)
    else { return nil }
    self.init(
      endpoint: endpoint, method: head.method.rawValue, path: String(path), query: fields,
      headers: head.headers.map { HTTPField($0.name, $0.value) }, body: body)
  }
}

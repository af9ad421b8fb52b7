import NIOCore
import NIOHTTP1

/// Lets the pages of one origin read answers, and asks nothing else of them (Fetch, CORS protocol).
///
/// It stands between HTTP and whoever answers: a preflight is answered here.
final class CrossOriginHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private static let requestHeaders = "X-DPT-AUTHORIZATION, Authorization, Content-Type"
  private static let exposed = "X-Dpt-Cab-Id, X-Dpt-Cab-Request-Id, Retry-After"

  private let allowed: String
  /// The origin of the request that is being answered, if it is allowed.
  private var origin: String?
  private var isPreflight = false

  init(allowing origin: String) {
    allowed = origin
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = Self.unwrapInboundIn(data)
    if case .head(let head) = part { take(head) }
    guard isPreflight else { return context.fireChannelRead(data) }
    if case .end = part { answerPreflight(context) }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = Self.unwrapOutboundIn(data), let origin else {
      return context.write(data, promise: promise)
    }
    head.headers.add(name: "Access-Control-Allow-Origin", value: origin)
    head.headers.add(name: "Access-Control-Expose-Headers", value: Self.exposed)
    head.headers.add(name: "Vary", value: "Origin")
    context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
  }

  private func take(_ head: HTTPRequestHead) {
    let asked = head.headers.first(name: "Origin")
    origin = allowed == "*" || asked == allowed ? asked : nil
    isPreflight =
      origin != nil && head.method == .OPTIONS
      && head.headers.contains(name: "Access-Control-Request-Method")
  }

  private func answerPreflight(_ context: ChannelHandlerContext) {
    isPreflight = false
    var headers = HTTPHeaders()
    headers.add(name: "Access-Control-Allow-Origin", value: origin ?? "")
    headers.add(name: "Access-Control-Allow-Methods", value: "GET, POST")
    headers.add(name: "Access-Control-Allow-Headers", value: Self.requestHeaders)
    headers.add(name: "Access-Control-Max-Age", value: "600")
    headers.add(name: "Vary", value: "Origin")
    let head = HTTPResponseHead(version: .http1_1, status: .noContent, headers: headers)
    context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
  }
}

@available(*, unavailable)
extension CrossOriginHandler: Sendable {}

import NIOCore
import NIOHTTP1
import Operations

/// Answers the requests of one connection, one after another, each in time.
///
/// A client may send several requests at once; nothing more is read until they are answered, and one response
/// is in memory at a time.
final class StatusHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    /// To `answering` with a request; closed when none comes in time.
    case idle
    /// To `idle` or `closing` when the client has taken the response; closed when it does not in time.
    case answering
    /// Nothing is answered any more; closed soon.
    case closing
  }

  /// How long a connection without a further response waits for its client to close it.
  private static let linger = Duration.seconds(5)

  private let pages: StatusPages
  private let limits: StatusLimits
  private var state = State.idle
  private var request: StatusRequest?
  private var waiting: [StatusRequest] = []
  private var isAnsweringAll = false
  private var hasHeldRead = false
  private var isQuiescing = false
  private var timer: Scheduled<Void>?

  init(_ pages: StatusPages, _ limits: StatusLimits) {
    self.pages = pages
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    limit(limits.exchange, context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  func read(context: ChannelHandlerContext) {
    guard waiting.isEmpty else {
      hasHeldRead = true
      return
    }
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head(let head): request = StatusRequest(head)
    case .body(let part):
      request?.bodyBytes += part.readableBytes
      // What follows is thrown away.
      if let request, request.bodyBytes > limits.bodyBytes { add(request, context) }
    case .end:
      if let request { add(request, context) }
    }
  }

  private func add(_ request: StatusRequest, _ context: ChannelHandlerContext) {
    self.request = nil
    waiting.append(request)
    answerAll(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent {
      isQuiescing = true
      if case .idle = state, waiting.isEmpty, request == nil { context.close(promise: nil) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// The decoder closes the connection right after an error of its own.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, case .idle = state else { return context.close(promise: nil) }
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "")
    write(.line(400, "This is not an HTTP request."), to: head, .closes, context)
  }

  /// Answers what waits, one after another.
  private func answerAll(_ context: ChannelHandlerContext) {
    // Not again from within: a response is often written before its `write` returns.
    guard !isAnsweringAll else { return }
    isAnsweringAll = true
    defer { isAnsweringAll = false }
    while case .idle = state, !waiting.isEmpty {
      let request = waiting.removeFirst()
      let refusal = request.refusal(limits)
      let answer = refusal ?? pages.answer(request.method, request.target)
      let staysOpen = refusal == nil && request.mayStayOpen && !isQuiescing
      write(answer, to: request.head, staysOpen ? .staysOpen : .closes, context)
    }
    if waiting.isEmpty, hasHeldRead {
      hasHeldRead = false
      context.read()
    }
  }

  private enum Persistence {
    case staysOpen
    case closes
  }

  private func write(
    _ answer: StatusAnswer, to head: HTTPRequestHead, _ persistence: Persistence,
    _ context: ChannelHandlerContext
  ) {
    state = .answering
    limit(limits.exchange, context)
    context.write(
      Self.wrapOutboundOut(Self.head(of: answer, persistence, pages.now)), promise: nil)
    if head.method != .HEAD {
      let body = context.channel.allocator.buffer(bytes: answer.body)
      context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
      self.written(persistence, loopBound.value)
    }
  }

  private func written(_ persistence: Persistence, _ context: ChannelHandlerContext) {
    switch persistence {
    case .staysOpen:
      state = .idle
      limit(limits.idle, context)
      answerAll(context)
    case .closes:
      state = .closing
      waiting = []
      // The client may still send: a connection that is closed at once would lose the response.
      context.close(mode: .output, promise: nil)
      limit(Self.linger, context)
    }
  }

  private static func head(
    of answer: StatusAnswer, _ persistence: Persistence, _ now: Moment
  ) -> HTTPServerResponsePart {
    var headers = HTTPHeaders([
      ("Content-Type", answer.contentType), ("Content-Length", String(answer.body.count)),
      ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
      ("Date", ResponseDate.text(now)),
    ])
    if let allowed = answer.allowed { headers.add(name: "Allow", value: allowed) }
    if persistence == .closes { headers.add(name: "Connection", value: "close") }
    let status = HTTPResponseStatus(statusCode: answer.status)
    return .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))
  }

  /// Closes the connection unless something happens within `limit`.
  private func limit(_ limit: Duration, _ context: ChannelHandlerContext) {
    timer?.cancel()
    let channel = context.channel
    timer = context.eventLoop.assumeIsolated()
      .scheduleTask(in: .nanoseconds(limit.wholeNanoseconds)) { channel.close(promise: nil) }
  }
}

@available(*, unavailable)
extension StatusHandler: Sendable {}

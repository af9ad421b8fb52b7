import NIOCore
import NIOHTTP1
import NIOPosix

/// A request, and what is called on the event loop with the status and the body of its answer.
struct LaneExchange {
  let head: HTTPRequestHead
  let body: ByteBuffer?
  let completion: (Int, ByteBuffer) -> Void
}

/// The kept connections of one event loop to one host.
///
/// A request goes out on one that is free. Everything here happens on the event loop.
final class Lane {
  let loop: any EventLoop
  private let address: FloorAddress
  private let limit: Int
  private var idle: [LaneConnection] = []
  private var count = 0
  private var waiting = CircularBuffer<LaneExchange>()

  init(to address: FloorAddress, on loop: any EventLoop, limit: Int) {
    self.address = address
    self.loop = loop
    self.limit = limit
  }

  func send(_ exchange: LaneExchange) {
    if let connection = idle.popLast() { return connection.send(exchange) }
    waiting.append(exchange)
    if count < limit { open() }
  }

  /// The connection has its answer: it takes the request that waits longest.
  func finished(_ connection: LaneConnection) {
    if let exchange = waiting.popFirst() {
      connection.send(exchange)
    } else {
      idle.append(connection)
    }
  }

  func close() {
    for connection in idle { connection.close() }
  }

  private func open() {
    count += 1
    let opening = ClientBootstrap(group: loop).connect(host: address.host, port: address.port)
    opening.assumeIsolated().whenComplete { result in
      do {
        let channel = try result.get()
        let connection = LaneConnection(of: self, on: channel)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers(
          HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()), connection)
        self.finished(connection)
      } catch {
        stop("no connection to \(self.address.authority): \(error)")
      }
    }
  }
}

/// One connection of a lane, with one request at a time.
final class LaneConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private unowned let lane: Lane
  private let channel: any Channel
  private var context: ChannelHandlerContext?
  private var exchange: LaneExchange?
  private var status = 0
  private var body = ByteBuffer()
  private var isClosing = false

  init(of lane: Lane, on channel: any Channel) {
    self.lane = lane
    self.channel = channel
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func send(_ exchange: LaneExchange) {
    guard let context else { stop("a connection was closed") }
    self.exchange = exchange
    context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
    if let body = exchange.body {
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func close() {
    isClosing = true
    channel.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      status = Int(head.status.code)
    case .body(var piece):
      if body.readableBytes == 0 { body = piece } else { body.writeBuffer(&piece) }
    case .end:
      guard let done = exchange else { stop("an answer came without a request") }
      let answer = body
      body = ByteBuffer()
      exchange = nil
      lane.finished(self)
      done.completion(status, answer)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !isClosing { stop("a connection was closed") }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    stop("a connection broke: \(error)")
  }
}

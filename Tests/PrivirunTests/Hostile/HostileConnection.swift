import NIOCore

/// Reads one request whole and answers it.
final class HostileConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Gets a request, nil is silence.
  private let answer: @Sendable (SeenRequest) -> HostileAnswer?
  /// Receives the number of bytes that this server has sent.
  private let sent: @Sendable (Int) -> Void
  private var received: [UInt8] = []

  init(
    answer: @escaping @Sendable (SeenRequest) -> HostileAnswer?,
    sent: @escaping @Sendable (Int) -> Void
  ) {
    self.answer = answer
    self.sent = sent
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += unwrapInboundIn(data).readableBytesView
    // What TLS begins with is no request; a server that waited for its end would wait for ever.
    guard received.first != 0x16 else { return context.close(promise: nil) }
    guard let request = SeenRequest(received) else { return }
    received = []
    guard let answer = answer(request) else { return }
    write(answer.bytes, context)
    switch answer.afterwards {
    case .closes: context.close(promise: nil)
    case .stalls: break
    case .repeats(let bytes): goOn(context) { ($0.write(bytes, $1), .zero) }
    case .drips(let byte): goOn(context) { ($0.write([byte], $1), .milliseconds(5)) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// Takes a step, and the next when that one is done, as long as the connection lasts.
  private func goOn(
    _ context: ChannelHandlerContext,
    _ step:
      @escaping (HostileConnection, ChannelHandlerContext) -> (EventLoopFuture<Void>, TimeAmount)
  ) {
    let (written, pause) = step(self, context)
    let loop = context.eventLoop.assumeIsolated()
    written.assumeIsolated().whenSuccess {
      loop.scheduleTask(in: pause) { self.goOn(context, step) }
    }
  }

  @discardableResult
  private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
    let written = context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)))
    let sent = sent
    written.whenSuccess { sent(bytes.count) }
    return written
  }
}

/// A request as it came over the wire.
struct SeenRequest: Sendable {
  /// Method and target.
  let line: String
  let head: String
  let body: [UInt8]

  /// Nil until the whole of it is there.
  init?(_ bytes: [UInt8]) {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    line = head.split(separator: " ").prefix(2).joined(separator: " ")
    body = Array(bytes[end.upperBound...])
    let length = head.lowercased().split(separator: "\r\n").first {
      $0.hasPrefix("content-length:")
    }?.split(separator: " ").last.flatMap { Int($0) }
    guard body.count >= length ?? 0 else { return nil }
  }
}

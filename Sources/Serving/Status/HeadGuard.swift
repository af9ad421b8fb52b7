import NIOCore
import NIOHTTP1

/// Refuses a request whose head is too long, before the whole of it is in memory (RFC 6585 §5).
///
/// Two handlers share it: one sees bytes, before HTTP is taken apart, and one sees heads.
final class HeadGuard {
  /// How long the rest of a long head is read and thrown away, so that the client reads the response.
  private static let linger = TimeAmount.seconds(5)
  private static let refusal = """
    HTTP/1.1 431 Request Header Fields Too Large\r
    Connection: close\r
    Content-Length: 0\r
    \r

    """

  private let limit: Int
  private var count = 0
  private var awaitsHead = true
  private var isRefused = false

  init(limit: Int) {
    self.limit = limit
  }

  /// Adds the handlers around those that `addCodec` adds.
  static func install(
    limit: Int, in pipeline: ChannelPipeline.SynchronousOperations,
    around addCodec: () throws -> Void
  ) throws {
    let guardian = HeadGuard(limit: limit)
    try pipeline.addHandler(HeadBytes(guardian))
    try addCodec()
    try pipeline.addHandler(HeadEnds(guardian))
  }

  fileprivate func received(_ data: NIOAny, _ bytes: Int, _ context: ChannelHandlerContext) {
    guard !isRefused else { return }
    if awaitsHead { count += bytes }
    // Several short requests may come at once; their ends set the count back.
    context.fireChannelRead(data)
    if awaitsHead, count > limit { refuse(context) }
  }

  private func refuse(_ context: ChannelHandlerContext) {
    isRefused = true
    let channel = context.channel
    let response = channel.allocator.buffer(string: Self.refusal)
    context.writeAndFlush(HeadBytes.wrapOutboundOut(response)).whenComplete { _ in
      channel.close(mode: .output, promise: nil)
    }
    channel.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) {
      channel.close(promise: nil)
    }
  }

  fileprivate func headEnded() {
    awaitsHead = false
    count = 0
  }

  fileprivate func requestEnded() {
    awaitsHead = true
    count = 0
  }
}

@available(*, unavailable)
extension HeadGuard: Sendable {}

/// Sees the bytes of a connection; the first handler of its pipeline.
private final class HeadBytes: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let guardian: HeadGuard

  init(_ guardian: HeadGuard) {
    self.guardian = guardian
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guardian.received(data, Self.unwrapInboundIn(data).readableBytes, context)
  }
}

@available(*, unavailable)
extension HeadBytes: Sendable {}

/// Sees where heads and requests end, behind the HTTP codec.
private final class HeadEnds: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  private let guardian: HeadGuard

  init(_ guardian: HeadGuard) {
    self.guardian = guardian
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head: guardian.headEnded()
    case .body: break
    case .end: guardian.requestEnded()
    }
    context.fireChannelRead(data)
  }
}

@available(*, unavailable)
extension HeadEnds: Sendable {}

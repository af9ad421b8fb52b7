import NIOCore
import NIOHTTP1
import Operations

/// Closes an HTTP connection whose client does not end a head in time, or does nothing for long.
///
/// Two handlers share it: one sees bytes, before HTTP is taken apart, and one sees heads.
final class ConnectionWatch {
  private let limits: ConnectionLimits
  private weak var channel: (any Channel)?
  private var headTimer: Scheduled<Void>?
  private var idleTimer: Scheduled<Void>?
  /// Whether bytes that come next begin a request.
  private var awaitsRequest = true

  init(_ limits: ConnectionLimits, _ channel: any Channel) {
    self.limits = limits
    self.channel = channel
    moved()
  }

  /// Adds the handlers of a watch around those that `addCodec` adds.
  static func install(
    _ limits: ConnectionLimits, on channel: any Channel, around addCodec: () throws -> Void
  ) throws {
    let watch = ConnectionWatch(limits, channel)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(ByteWatch(watch))
    try addCodec()
    try pipeline.addHandler(HeadWatch(watch))
  }

  /// Bytes came from the client.
  func received() {
    moved()
    guard awaitsRequest, headTimer == nil else { return }
    headTimer = schedule(limits.head)
  }

  /// Bytes went to the client, or came from it.
  func moved() {
    idleTimer?.cancel()
    idleTimer = schedule(limits.idle)
  }

  /// A head is complete; its body may take as long as bytes move.
  func headEnded() {
    awaitsRequest = false
    headTimer?.cancel()
    headTimer = nil
  }

  /// The request is complete: what comes next begins another.
  func requestEnded() {
    awaitsRequest = true
  }

  /// The connection is closed, or no HTTP any more.
  func stop() {
    headTimer?.cancel()
    idleTimer?.cancel()
    awaitsRequest = false
    channel = nil
  }

  private func schedule(_ limit: Duration) -> Scheduled<Void>? {
    channel?.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(limit.wholeNanoseconds)) {
      self.channel?.close(promise: nil)
    }
  }
}

@available(*, unavailable)
extension ConnectionWatch: Sendable {}

/// Sees the bytes of a connection; the first handler of its pipeline.
final class ByteWatch: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  private let watch: ConnectionWatch

  init(_ watch: ConnectionWatch) {
    self.watch = watch
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    watch.received()
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    watch.moved()
    context.write(data, promise: promise)
  }

  func channelInactive(context: ChannelHandlerContext) {
    watch.stop()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch.stop()
  }
}

@available(*, unavailable)
extension ByteWatch: Sendable {}

/// Sees where requests begin and end, behind the HTTP codec.
final class HeadWatch: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart

  private let watch: ConnectionWatch

  init(_ watch: ConnectionWatch) {
    self.watch = watch
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head: watch.headEnded()
    case .body: break
    case .end: watch.requestEnded()
    }
    context.fireChannelRead(data)
  }
}

@available(*, unavailable)
extension HeadWatch: Sendable {}

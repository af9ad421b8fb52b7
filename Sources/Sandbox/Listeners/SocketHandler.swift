import NIOCore
import NIOWebSocket
import Operations

/// One open socket: takes the client's frames apart and keeps the protocol (RFC 6455).
final class SocketHandler: ChannelDuplexHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let engine: SandboxEngine
  private let pause: TimeAmount
  private var heartbeat: Scheduled<Void>?
  /// Whether the client has sent anything since the last ping.
  private var showsLife = true
  private var id: ConnectionID?
  /// Whether this side has sent a close frame: then it sends nothing more, and hears nothing but
  /// the other side's (RFC 6455 §5.5.1).
  private var isClosing = false

  /// `ping` is the time between two pings.
  init(_ engine: SandboxEngine, ping: Duration) {
    self.engine = engine
    pause = .nanoseconds(ping.wholeNanoseconds)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    id = engine.open(SocketOutput(channel: context.channel))
    if id == nil { fail(.goingAway, context) }
    scheduleBeat(context)
  }

  private func scheduleBeat(_ context: ChannelHandlerContext) {
    heartbeat = context.eventLoop.assumeIsolated().scheduleTask(in: pause) { self.beat(context) }
  }

  /// Pings the client, or gives it up when it has not answered the ping before.
  private func beat(_ context: ChannelHandlerContext) {
    guard showsLife else { return context.close(promise: nil) }
    showsLife = false
    SocketOutput(channel: context.channel).ping()
    scheduleBeat(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    heartbeat?.cancel()
    if let id { engine.closed(id) }
    id = nil
    context.fireChannelInactive()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isClosing else {
      promise?.succeed()
      return
    }
    isClosing = Self.unwrapOutboundIn(data).opcode == .connectionClose
    context.write(data, promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    showsLife = true
    let frame = Self.unwrapInboundIn(data)
    switch frame.opcode {
    case .text: take(frame.unmaskedData, context)
    case .ping: SocketOutput(channel: context.channel).pong(frame.unmaskedData)
    case .connectionClose: finish(frame.unmaskedData, context)
    case .pong: break
    case .binary: fail(.unacceptableData, context)
    default: fail(.protocolError, context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
      NIOWebSocketFrameAggregator.Error.tooManyFragments:
      fail(.messageTooLarge, context)
    case is NIOWebSocketFrameAggregator.Error, is BrokenFrame: fail(.protocolError, context)
    case is NIOWebSocketError: isClosing = true
    default: context.close(promise: nil)
    }
  }

  private func take(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
    guard !isClosing, let id else { return }
    guard let text = String(validating: data.readableBytesView, as: UTF8.self) else {
      return fail(.dataInconsistentWithMessage, context)
    }
    engine.receive(text, on: id)
  }

  /// Answers the other side's close frame with its own code, or sees ours answered.
  private func finish(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
    var data = data
    let channel = context.channel
    guard !isClosing else { return channel.close(promise: nil) }
    let code = data.readWebSocketErrorCode() ?? .normalClosure
    SocketOutput(channel: channel).close(code).whenComplete { _ in channel.close(promise: nil) }
  }

  /// Ends a socket whose client broke the protocol.
  private func fail(_ code: WebSocketErrorCode, _ context: ChannelHandlerContext) {
    guard !isClosing else { return }
    let channel = context.channel
    SocketOutput(channel: channel).close(code).whenComplete { _ in channel.close(promise: nil) }
  }
}

@available(*, unavailable)
extension SocketHandler: Sendable {}

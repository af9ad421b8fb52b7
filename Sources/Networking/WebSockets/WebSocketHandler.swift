import Machine
import NIOCore
import NIOWebSocket
import Running

/// What the owner of a socket asks of its handler.
enum WebSocketCommand: Sendable {
  /// Begin the closing handshake.
  case close
  /// The buffer has room again.
  case read
}

/// Moves frames between a channel and a message reader, and watches over the connection.
///
/// Everything here happens on the event loop of the channel.
final class WebSocketHandler: ChannelDuplexHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundIn = String
  typealias OutboundOut = WebSocketFrame

  private enum State {
    /// Exits: `closing` by a close frame of either side, `closed`.
    case open
    /// Our close frame is out. Exits: `closed`.
    case closing
    /// No exit.
    case closed
  }

  private let origin: Origin
  private let options: WebSocketOptions
  private let buffer: MessageBuffer
  private var reader: MessageReader
  private var state = State.open
  private var watch: Scheduled<Void>?
  private var wantsRead = false
  private var heardSincePing = false
  private var randomness = SystemRandomNumberGenerator()

  init(origin: Origin, options: WebSocketOptions, buffer: MessageBuffer) {
    self.origin = origin
    self.options = options
    self.buffer = buffer
    reader = MessageReader(limit: options.messageLimit)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    schedulePing(context)
  }

  /// The channel is gone, which may have happened before this handler came to see it.
  func handlerRemoved(context: ChannelHandlerContext) {
    watch?.cancel()
    state = .closed
    // RFC 6455 §7.1.5: without a close frame the connection ended abnormally.
    buffer.end(.failure(broken("closed the WebSocket without a reason")))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    heardSincePing = true
    switch reader.read(unwrapInboundIn(data)) {
    case .none: break
    case .message(let text): buffer.put(text)
    case .ping(let payload): write(.pong, payload, context)
    case .closed(let status): answerClose(status, context)
    case .violation(let violation): fail(violation, context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOWebSocketError.invalidFrameLength: fail(.messageTooLarge, context)
    case is NIOWebSocketError: fail(.controlFrame, context)
    default:
      finish(.failure(broken("broke the WebSocket connection")), context)
      context.close(promise: nil)
    }
  }

  /// Lets the channel be read only while the buffer has room.
  func read(context: ChannelHandlerContext) {
    wantsRead = buffer.isFull
    if !wantsRead { context.read() }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch state {
    case .closing, .closed: promise?.fail(ChannelError.ioOnClosedChannel)
    case .open:
      let payload = context.channel.allocator.buffer(string: unwrapOutboundIn(data))
      context.write(wrapOutboundOut(frame(.text, payload)), promise: promise)
    }
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    switch event as? WebSocketCommand {
    case .close?:
      startClosing(1000, context)
      finish(.success(()), context)
    case .read?:
      if wantsRead { read(context: context) }
    case nil:
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    promise?.succeed()
  }
}

// MARK: - The end

extension WebSocketHandler {
  /// RFC 6455 §5.5.1: a close frame is answered with one of the same code; then the connection ends.
  private func answerClose(_ status: CloseStatus, _ context: ChannelHandlerContext) {
    startClosing(status.code, context)
    finish(
      status.isClean
        ? .success(()) : .failure(broken("closed the WebSocket with \(status.description)")),
      context)
    context.close(promise: nil)
  }

  /// RFC 6455 §7.1.7: says what is wrong, then ends the connection without waiting.
  private func fail(_ violation: WebSocketViolation, _ context: ChannelHandlerContext) {
    startClosing(violation.closeCode, context)
    let failure = TransportFailure(
      .protocolViolation, "\(origin) \(violation.message)", mayHaveBeenSent: true,
      hint: violation.hint)
    finish(.failure(failure), context)
    context.close(promise: nil)
  }

  private func startClosing(_ code: UInt16?, _ context: ChannelHandlerContext) {
    guard case .open = state else { return }
    var payload = context.channel.allocator.buffer(capacity: 2)
    if let code { payload.writeInteger(code) }
    write(.connectionClose, payload, context)
    state = .closing
    watch?.cancel()
    watch = schedule(options.closeTimeout, context) { _, context in context.close(promise: nil) }
  }

  /// Ends the messages; a failure after our close frame is none any more.
  private func finish(_ end: Result<Void, TransportFailure>, _ context: ChannelHandlerContext) {
    buffer.end(end)
    if wantsRead { read(context: context) }
  }

  private func broken(_ what: String) -> TransportFailure {
    TransportFailure(.broken, "\(origin) \(what)", mayHaveBeenSent: true)
  }
}

// MARK: - Frames and pings

extension WebSocketHandler {
  private func write(
    _ opcode: WebSocketOpcode, _ payload: ByteBuffer, _ context: ChannelHandlerContext
  ) {
    guard case .open = state else { return }
    context.writeAndFlush(wrapOutboundOut(frame(opcode, payload)), promise: nil)
  }

  /// RFC 6455 §5.3: every frame of a client is masked with a fresh key that nobody can foresee.
  private func frame(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) -> WebSocketFrame {
    WebSocketFrame(
      fin: true, opcode: opcode, maskKey: .random(using: &randomness), data: payload)
  }

  /// RFC 6455 §5.5.2: a ping also serves to find out whether the other side is still there.
  private func schedulePing(_ context: ChannelHandlerContext) {
    watch = schedule(options.pingInterval, context) { handler, context in
      handler.heardSincePing = false
      handler.write(.ping, ByteBuffer(), context)
      handler.scheduleCheck(context)
    }
  }

  private func scheduleCheck(_ context: ChannelHandlerContext) {
    watch = schedule(options.pongTimeout, context) { handler, context in
      // While we do not read we cannot hear either.
      guard handler.heardSincePing || handler.buffer.isFull else {
        handler.finish(.failure(handler.broken("does not answer a ping")), context)
        return context.close(promise: nil)
      }
      handler.schedulePing(context)
    }
  }

  private func schedule(
    _ delay: Duration, _ context: ChannelHandlerContext,
    _ action: @escaping (WebSocketHandler, ChannelHandlerContext) -> Void
  ) -> Scheduled<Void> {
    context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { action(self, context) }
  }
}

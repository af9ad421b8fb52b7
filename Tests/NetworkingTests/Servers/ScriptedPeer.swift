import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization

/// A frame as the server saw it, unmasked.
struct SeenFrame: Sendable, Hashable {
  var opcode: WebSocketOpcode
  var bytes: [UInt8]
  var wasMasked: Bool
}

/// What a scripted WebSocket server does.
struct Script: Sendable {
  enum End: Sendable, Hashable {
    /// Answers a close frame and waits for nothing else.
    case staysOpen
    /// Drops the connection at the client's first frame.
    case drops
    /// Drops the connection with the upgrade.
    case dropsAtOnce
    /// Never reads or answers anything.
    case ignores
  }

  var frames: [WebSocketFrame] = []
  var end = End.staysOpen
}

/// Plays a script to each client, and keeps what the client sends.
final class ScriptedPeer: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let script: Script
  private let seen: AsyncStream<SeenFrame>.Continuation

  init(_ script: Script, seen: AsyncStream<SeenFrame>.Continuation) {
    self.script = script
    self.seen = seen
  }

  func handlerAdded(context: ChannelHandlerContext) {
    for frame in script.frames { context.write(wrapOutboundOut(frame), promise: nil) }
    context.flush()
    if script.end == .dropsAtOnce { context.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    seen.yield(
      SeenFrame(
        opcode: frame.opcode, bytes: Array(frame.unmaskedData.readableBytesView),
        wasMasked: frame.maskKey != nil))
    if script.end == .drops { return context.close(promise: nil) }
    guard frame.opcode == .connectionClose, script.end != .ignores else { return }
    let answer = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
    context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    seen.finish()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  static func configure(
    _ channel: any Channel, _ script: Script, seen: AsyncStream<SeenFrame>.Continuation
  ) throws {
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: 1 << 22,
      shouldUpgrade: { channel, head in
        channel.eventLoop.makeSucceededFuture(head.uri == "/refused" ? nil : HTTPHeaders())
      },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ScriptedPeer(script, seen: seen))
        }
      })
    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
      withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
  }
}

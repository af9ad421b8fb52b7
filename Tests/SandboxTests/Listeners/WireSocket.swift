import Expressions
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Operations

/// One frame from the server.
struct WireFrame: Sendable, Equatable {
  let opcode: WebSocketOpcode
  let data: [UInt8]

  var value: Value { (try? JSON.parse(data)) ?? .null }
}

/// The smallest WebSocket client that a test needs: frames out, frames in, one reader.
final class WireSocket {
  struct Closed: Error {}

  private let channel: any Channel
  private var frames: AsyncThrowingStream<WireFrame, any Error>.Iterator
  /// Messages that came while another was waited for.
  private var passed: [Value] = []

  private init(
    _ channel: any Channel, _ frames: AsyncThrowingStream<WireFrame, any Error>
  ) {
    self.channel = channel
    self.frames = frames.makeAsyncIterator()
  }

  static func open(_ url: String) async throws -> WireSocket {
    let parts = url.split(separator: ":")
    let (frames, continuation) = AsyncThrowingStream.makeStream(of: WireFrame.self)
    let upgraded = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: Int(parts.last ?? "") ?? 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try upgrade(channel, continuation).map { channel }
        }
      }
    let channel = try await upgraded.get()
    // A channel that was closed before the last handler was added says so to nobody else.
    channel.closeFuture.whenComplete { _ in continuation.finish() }
    return WireSocket(channel, frames)
  }

  private static func upgrade(
    _ channel: any Channel,
    _ continuation: AsyncThrowingStream<WireFrame, any Error>.Continuation
  ) throws -> EventLoopFuture<Void> {
    let upgrader = NIOTypedWebSocketClientUpgrader<Void>(
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(FrameCollector(continuation))
        }
      })
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: "/", headers: ["Host": "localhost"])
    return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
      configuration: .init(
        upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
          upgradeRequestHead: head, upgraders: [upgrader],
          notUpgradingCompletionHandler: { channel in
            continuation.finish(throwing: Closed())
            return channel.close()
          })))
  }

  func write(
    _ opcode: WebSocketOpcode, _ data: [UInt8], isFinal: Bool = true, isMasked: Bool = true
  ) async throws {
    let frame = WebSocketFrame(
      fin: isFinal, opcode: opcode, maskKey: isMasked ? [1, 2, 3, 4] : nil,
      data: ByteBuffer(bytes: data))
    try await channel.writeAndFlush(frame)
  }

  func next() async throws -> WireFrame {
    guard let frame = try await frames.next(isolation: nil) else { throw Closed() }
    return frame
  }

  /// The `data` of the message of that type with that id.
  func message(_ type: String, id: String) async throws -> Value {
    func fits(_ data: Value) -> Bool {
      data[field: "type"] == .string(type) && data[field: "id"] == .string(id)
    }
    if let found = passed.first(where: fits) { return found }
    while true {
      let data = try await next().value[field: "data"] ?? .null
      passed.append(data)
      if fits(data) { return data }
    }
  }

  func close() async throws {
    try await channel.close()
  }
}

private final class FrameCollector: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame

  private let continuation: AsyncThrowingStream<WireFrame, any Error>.Continuation

  init(_ continuation: AsyncThrowingStream<WireFrame, any Error>.Continuation) {
    self.continuation = continuation
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = Self.unwrapInboundIn(data)
    continuation.yield(
      WireFrame(opcode: frame.opcode, data: Array(frame.unmaskedData.readableBytesView)))
  }

  func channelInactive(context: ChannelHandlerContext) {
    continuation.finish()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    continuation.finish(throwing: error)
  }
}

@available(*, unavailable)
extension FrameCollector: Sendable {}

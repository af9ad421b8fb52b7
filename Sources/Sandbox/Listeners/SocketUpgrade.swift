import NIOCore
import NIOHTTP1
import NIOWebSocket
import Operations

/// The door of the WebSocket listener: plain HTTP until the client asks for more (RFC 6455 §4).
enum SocketUpgrade {
  /// Prepares a fresh connection.
  static func offer(
    on channel: any Channel, _ limits: VaultLimits, _ engine: SandboxEngine
  ) throws {
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: limits.messageLength,
      shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture { try begin(on: channel, limits, engine) }
      })
    let refusal = ExchangeHandler(endpoint: .api, bodyLimit: 1024) { _ in
      FaceAnswer(response: .failure(426, "this address speaks WebSocket only"))
    }
    let boundRefusal = NIOLoopBound(refusal, eventLoop: channel.eventLoop)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.configureHTTPServerPipeline(
      withServerUpgrade: (
        upgraders: [upgrader],
        completionHandler: { context in
          context.pipeline.syncOperations.removeHandler(boundRefusal.value, promise: nil)
        }
      ))
    try pipeline.addHandler(refusal)
  }

  private static func begin(
    on channel: any Channel, _ limits: VaultLimits, _ engine: SandboxEngine
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(ClientFrameGuard())
    try pipeline.addHandler(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024,
        maxAccumulatedFrameSize: limits.messageLength))
    try pipeline.addHandler(SocketHandler(engine))
  }
}

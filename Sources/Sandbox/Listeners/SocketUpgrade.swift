import NIOCore
import NIOHTTP1
import NIOWebSocket
import Operations

/// The door of the WebSocket listener: plain HTTP until the client asks for more (RFC 6455 §4).
enum SocketUpgrade {
  /// Prepares a fresh connection.
  static func offer(
    on channel: any Channel, _ configuration: SandboxConfiguration, _ engine: SandboxEngine
  ) throws {
    let watch = ConnectionWatch(configuration.connectionLimits, channel)
    let bytes = ByteWatch(watch)
    let heads = HeadWatch(watch)
    let refusal = refusal(configuration.localCallers)
    let plain = NIOLoopBound((bytes, heads, refusal), eventLoop: channel.eventLoop)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(bytes)
    try pipeline.configureHTTPServerPipeline(
      withServerUpgrade: (
        upgraders: [upgrader(configuration, engine)],
        completionHandler: { context in
          let pipeline = context.pipeline.syncOperations
          pipeline.removeHandler(plain.value.0, promise: nil)
          pipeline.removeHandler(plain.value.1, promise: nil)
          pipeline.removeHandler(plain.value.2, promise: nil)
        }
      ))
    try pipeline.addHandler(heads)
    try pipeline.addHandler(refusal)
  }

  private static func upgrader(
    _ configuration: SandboxConfiguration, _ engine: SandboxEngine
  ) -> NIOWebSocketServerUpgrader {
    let callers = configuration.localCallers
    return NIOWebSocketServerUpgrader(
      maxFrameSize: configuration.vault.limits.messageLength,
      shouldUpgrade: { channel, head in
        let headers = head.headers.map { HTTPField($0.name, $0.value) }
        return channel.eventLoop.makeSucceededFuture(
          callers.refusal(of: headers) == nil ? HTTPHeaders() : nil)
      },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture { try begin(on: channel, configuration, engine) }
      })
  }

  /// Answers what is no upgrade, or one that is refused.
  private static func refusal(_ callers: LocalCallers) -> ExchangeHandler {
    ExchangeHandler(endpoint: .api, bodyLimit: 1024) { request in
      FaceAnswer(
        response: callers.refusal(of: request.headers)
          ?? .failure(426, "this address speaks WebSocket only"))
    }
  }

  private static func begin(
    on channel: any Channel, _ configuration: SandboxConfiguration, _ engine: SandboxEngine
  ) throws {
    let limits = configuration.vault.limits
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(ClientFrameGuard())
    try pipeline.addHandler(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024,
        maxAccumulatedFrameSize: limits.messageLength))
    try pipeline.addHandler(
      SocketHandler(engine, ping: configuration.connectionLimits.ping))
  }
}

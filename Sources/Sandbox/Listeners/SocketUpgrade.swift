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
    let opening = NIOLoopBoundBox<OpeningFault?>(nil, eventLoop: channel.eventLoop)
    let refusal = refusal(configuration.localCallers, opening)
    let plain = NIOLoopBound((bytes, heads, refusal), eventLoop: channel.eventLoop)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(bytes)
    try pipeline.configureHTTPServerPipeline(
      withServerUpgrade: (
        upgraders: [upgrader(configuration, engine, opening)],
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
    _ configuration: SandboxConfiguration, _ engine: SandboxEngine,
    _ opening: NIOLoopBoundBox<OpeningFault?>
  ) -> NIOWebSocketServerUpgrader {
    let callers = configuration.localCallers
    return NIOWebSocketServerUpgrader(
      maxFrameSize: configuration.vault.limits.messageLength,
      shouldUpgrade: { channel, head in
        let headers = head.headers.map { HTTPField($0.name, $0.value) }
        guard callers.refusal(of: headers) == nil else {
          return channel.eventLoop.makeSucceededFuture(nil)
        }
        opening.value = engine.faultOfOpening()
        return admit(channel, under: opening.value)
      },
      upgradePipelineHandler: { channel, _ in
        if opening.value == .reset(.after) { channel.eventLoop.execute { channel.reset() } }
        return channel.eventLoop.makeCompletedFuture {
          try begin(on: channel, configuration, engine)
        }
      })
  }

  /// Lets a socket be opened, perhaps later; nil refuses it.
  private static func admit(
    _ channel: any Channel, under fault: OpeningFault?
  ) -> EventLoopFuture<HTTPHeaders?> {
    let loop = channel.eventLoop
    switch fault {
    case nil, .reset(.after): return loop.makeSucceededFuture(HTTPHeaders())
    case .refusal: return loop.makeSucceededFuture(nil)
    case .slow(let delay):
      return loop.scheduleTask(in: .nanoseconds(delay.wholeNanoseconds)) { HTTPHeaders() }
        .futureResult
    case .reset(.before):
      channel.reset()
      return loop.makeSucceededFuture(nil)
    }
  }

  /// Answers what is no upgrade, or one that is refused.
  private static func refusal(
    _ callers: LocalCallers, _ opening: NIOLoopBoundBox<OpeningFault?>
  ) -> ExchangeHandler {
    ExchangeHandler(endpoint: .api, bodyLimit: 1024) { request in
      if let refusal = callers.refusal(of: request.headers) { return FaceAnswer(response: refusal) }
      if case .refusal(let response) = opening.value { return FaceAnswer(response: response) }
      return FaceAnswer(response: .failure(426, "this address speaks WebSocket only"))
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

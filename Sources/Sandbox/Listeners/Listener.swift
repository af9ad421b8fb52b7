import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Operations

/// One of the four addresses that the engine has (protocol.md §1).
enum Listener: String, Sendable, CaseIterable {
  case api
  case webSocket = "WebSocket"
  case upstream
  case downstream

  /// Listens for this listener's connections; port 0 takes a free one.
  func bind(
    _ configuration: SandboxConfiguration, to port: Int, engine: SandboxEngine,
    connections: ConnectionBook, on loop: any EventLoop
  ) -> EventLoopFuture<any Channel> {
    ServerBootstrap(group: loop)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.backlog, value: 256)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 4 << 20))
      .childChannelInitializer { channel in
        guard connections.add(channel, at: self) else { return channel.close() }
        return channel.eventLoop.makeCompletedFuture {
          try prepare(channel, configuration, engine)
        }
      }
      .bind(host: configuration.host, port: port)
  }

  /// The port that is configured, 0 for any free one.
  func port(_ configuration: SandboxConfiguration) -> Int {
    switch self {
    case .api: configuration.apiPort
    case .webSocket: configuration.webSocketPort
    case .upstream: configuration.upstreamPort
    case .downstream: configuration.downstreamPort
    }
  }

  private func prepare(
    _ channel: any Channel, _ configuration: SandboxConfiguration, _ engine: SandboxEngine
  ) throws {
    let limits = configuration.vault.limits
    guard self != .webSocket else {
      return try SocketUpgrade.offer(on: channel, configuration, engine)
    }
    let pipeline = channel.pipeline.syncOperations
    try ConnectionWatch.install(configuration.connectionLimits, on: channel) {
      try pipeline.configureHTTPServerPipeline()
    }
    if let origin = configuration.allowedOrigin {
      try pipeline.addHandler(CrossOriginHandler(allowing: origin))
    }
    switch self {
    case .api:
      let callers = configuration.localCallers
      try serve(.api, limits, on: channel) { request in
        if request.path.hasPrefix(Vault.controlPath),
          let refusal = callers.refusal(of: request.headers)
        {
          return FaceAnswer(response: refusal)
        }
        return engine.answer(request)
      }
    case .upstream:
      let memoryLimit = configuration.memoryPayloadBytes
      try pipeline.addHandler(UploadHandler(engine, limits, memoryLimit: memoryLimit))
    case .downstream: try serve(.downstream, limits, on: channel) { engine.answer($0) }
    case .webSocket: break
    }
  }

  private func serve(
    _ endpoint: Endpoint, _ limits: VaultLimits, on channel: any Channel,
    _ answer: @escaping (APIRequest) -> FaceAnswer
  ) throws {
    try channel.pipeline.syncOperations.addHandler(
      ExchangeHandler(endpoint: endpoint, bodyLimit: limits.requestBytes, answer: answer))
  }
}

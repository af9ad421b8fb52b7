import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A receiver of notifications on a free port of 127.0.0.1, which responds as a script says.
final class ScriptedReceiver: Sendable {
  /// What it does with a request.
  enum Reaction: Sendable {
    case responds(HTTPResponseStatus, [String: String] = [:])
    /// It closes the connection without a response.
    case closes
    /// It reads the request, and does nothing.
    case hangs
  }

  /// A request as it came.
  struct Request: Sendable, Equatable {
    var method: HTTPMethod
    var target: String
    var headers: [String: String]
    var body: String
  }

  private let script: Mutex<[Reaction]>
  private let seen = Mutex<[Request]>([])

  init(_ script: [Reaction]) {
    self.script = Mutex(script)
  }

  var requests: [Request] { seen.withLock(\.self) }

  fileprivate func reaction(to request: Request) -> Reaction {
    seen.withLock { $0.append(request) }
    return script.withLock { $0.isEmpty ? .responds(.ok) : $0.removeFirst() }
  }

  /// Runs `body` with the receiver's origin.
  func listen<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(Handler(self))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body("http://127.0.0.1:\(server.localAddress?.port ?? 0)")
      try await server.close()
      return result
    } catch {
      try await server.close()
      throw error
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let receiver: ScriptedReceiver
    private var request = Request(method: .GET, target: "", headers: [:], body: "")

    init(_ receiver: ScriptedReceiver) {
      self.receiver = receiver
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        let headers = head.headers.map { ($0.name.lowercased(), $0.value) }
        request = Request(
          method: head.method, target: head.uri,
          headers: Dictionary(headers, uniquingKeysWith: { "\($0), \($1)" }), body: "")
      case .body(let buffer): request.body += String(buffer: buffer)
      case .end: react(context)
      }
    }

    private func react(_ context: ChannelHandlerContext) {
      switch receiver.reaction(to: request) {
      case .hangs: break
      case .closes: context.close(promise: nil)
      case .responds(let status, let fields):
        var headers = HTTPHeaders([("Content-Length", "2")])
        for (name, value) in fields { headers.add(name: name, value: value) }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "{}")))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}

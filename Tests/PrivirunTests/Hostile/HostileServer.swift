import NIOCore
import NIOPosix
import Synchronization

/// What a hostile server sends back, byte for byte; the connection is closed afterwards.
struct HostileAnswer: Sendable {
  let bytes: String

  /// These bytes and nothing else.
  static func bytes(_ bytes: String) -> HostileAnswer { HostileAnswer(bytes: bytes) }

  /// A whole answer.
  static func whole(
    _ status: Int, _ body: String, type: String = "application/json", headers: String = ""
  ) -> HostileAnswer {
    .bytes(
      "HTTP/1.1 \(status) Whatever\r\nContent-Type: \(type)\r\n\(headers)"
        + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
  }

  static func json(_ body: String) -> HostileAnswer { whole(200, body) }
}

/// An HTTP server on a free port of the loopback address that answers as a test wants it.
final class HostileServer: Sendable {
  /// Each request's method and path, in order.
  var requests: [String] { seen.withLock(\.self) }
  let port: Int
  private let seen: Mutex<[String]>

  var address: String { "http://127.0.0.1:\(port)" }

  /// How often a request came.
  func count(_ request: String) -> Int { requests.count { $0 == request } }

  private init(port: Int) {
    self.port = port
    seen = Mutex([])
  }

  fileprivate func saw(_ request: String) { seen.withLock { $0.append(request) } }

  /// Serves while `body` runs.
  ///
  /// `answer` gets a request's method and path; nil is silence.
  static func serving<Result>(
    _ answer: @escaping @Sendable (String) -> HostileAnswer?,
    body: (HostileServer) async throws -> Result
  ) async throws -> Result {
    let server = Mutex<HostileServer?>(nil)
    let channel = try await bind { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(
          HostileConnection { request in
            server.withLock { $0 }?.saw(request)
            return answer(request)
          })
      }
    }
    let started = HostileServer(port: channel.localAddress?.port ?? 0)
    server.withLock { $0 = started }
    do {
      let result = try await body(started)
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  /// A port where nobody listens any more.
  static func freePort() async throws -> Int {
    let channel = try await bind { $0.eventLoop.makeSucceededVoidFuture() }
    let port = channel.localAddress?.port ?? 0
    try await channel.close()
    return port
  }

  static func bind(
    _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer(initializer)
      .bind(host: "127.0.0.1", port: 0).get()
  }
}

/// Reads one request whole, answers it and closes.
private final class HostileConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let answer: @Sendable (String) -> HostileAnswer?
  private var received = ""

  init(answer: @escaping @Sendable (String) -> HostileAnswer?) {
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += String(buffer: unwrapInboundIn(data))
    // What TLS begins with is no request; a server that waited for its end would wait for ever.
    guard received.unicodeScalars.first != "\u{16}" else { return context.close(promise: nil) }
    guard isWhole else { return }
    let request = received.split(separator: " ").prefix(2).joined(separator: " ")
    received = ""
    guard let answer = answer(request) else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer.bytes)), promise: nil)
    context.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private var isWhole: Bool {
    guard let end = received.firstRange(of: "\r\n\r\n") else { return false }
    let head = received.lowercased()
    let length = head.firstRange(of: "content-length: ").flatMap {
      Int(head[$0.upperBound...].prefix { $0.isNumber })
    }
    return received[end.upperBound...].utf8.count >= length ?? 0
  }
}

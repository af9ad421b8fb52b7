import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server on a free port of the loopback address that answers as a test wants it.
final class HostileServer: Sendable {
  private struct Seen {
    var requests: [SeenRequest] = []
    var sentBytes = 0
  }

  let port: Int
  private let seen = Mutex(Seen())

  var address: String { "http://127.0.0.1:\(port)" }

  /// Each request's method and target, in order.
  var requests: [String] { seen.withLock { $0.requests.map(\.line) } }

  /// The heads of all requests.
  var heads: [String] { seen.withLock { $0.requests.map(\.head) } }

  /// How many bytes were taken off its hands.
  var sentBytes: Int { seen.withLock(\.sentBytes) }

  /// How often a request came.
  func count(_ request: String) -> Int { requests.count { $0 == request } }

  private init(port: Int) {
    self.port = port
  }

  /// Serves while `body` runs.
  ///
  /// `answer` gets a request's method and target; nil is silence.
  static func serving<Result>(
    _ answer: @escaping @Sendable (String) -> HostileAnswer?,
    body: (HostileServer) async throws -> Result
  ) async throws -> Result {
    try await heeding({ answer($0.line) }, body: body)
  }

  /// The same, for answers that depend on more of the request.
  static func heeding<Result>(
    _ answer: @escaping @Sendable (SeenRequest) -> HostileAnswer?,
    body: (HostileServer) async throws -> Result
  ) async throws -> Result {
    let server = Mutex<HostileServer?>(nil)
    let channel = try await bind { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(
          HostileConnection(
            answer: { request in
              server.withLock { $0 }?.saw(request)
              return answer(request)
            },
            sent: { count in server.withLock { $0 }?.sent(count) }))
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

  private func saw(_ request: SeenRequest) { seen.withLock { $0.requests.append(request) } }

  private func sent(_ count: Int) { seen.withLock { $0.sentBytes += count } }

  static func bind(
    _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer(initializer)
      .bind(host: "127.0.0.1", port: 0).get()
  }
}

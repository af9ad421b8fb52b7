import NIOCore
import NIOEmbedded
import NIOPosix
import NIOWebSocket
import Operations
import Testing

@testable import Sandbox

/// Clients that would hold a connection for nothing.
struct ConnectionLimitTests {
  private func withServer(
    _ path: WritableKeyPath<ConnectionLimits, Duration>? = nil, of limit: Duration = .zero,
    _ body: (SandboxAddresses) async throws -> Void
  ) async throws {
    var configuration = SandboxConfiguration(seed: 7)
    if let path { configuration.connectionLimits[keyPath: path] = limit }
    try await SandboxServer.withServer(configuration, body)
  }

  private static let listeners: [@Sendable (SandboxAddresses) -> String] = [
    { $0.api }, { $0.webSocket }, { $0.upstream }, { $0.downstream },
  ]

  @Test(arguments: 0..<4)
  func `a head that does not end is given up`(listener: Int) async throws {
    try await withServer(\.head, of: .milliseconds(50)) { addresses in
      let address = Self.listeners[listener](addresses)
      let answer = try? await RawConnection.exchange("GET / HTTP/1.1\r\nHost: loc", address)
      #expect(answer ?? "" == "")
    }
  }

  @Test(arguments: 0..<4)
  func `a connection on which nothing moves is closed`(listener: Int) async throws {
    try await withServer(\.idle, of: .milliseconds(50)) { addresses in
      let address = Self.listeners[listener](addresses)
      // It may be closed before the client has anything to say.
      let silent = try? await RawConnection.exchange("", address)
      #expect(silent ?? "" == "")
      let body = "POST /?auth=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf"
      let answer = try? await RawConnection.exchange(body, address)
      #expect(!(answer ?? "").contains(" 101 "))
    }
  }

  @Test func `a socket is pinged, and closed when it shows no sign of life`() throws {
    let channel = EmbeddedChannel()
    let engine = try SandboxEngine(SandboxConfiguration(seed: 7), on: channel.embeddedEventLoop)
    try channel.pipeline.syncOperations.addHandler(SocketHandler(engine, ping: .seconds(60)))
    channel.embeddedEventLoop.advanceTime(by: .seconds(59))
    #expect(try channel.readOutbound(as: WebSocketFrame.self) == nil)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(try channel.readOutbound(as: WebSocketFrame.self)?.opcode == .ping)
    let pong = WebSocketFrame(fin: true, opcode: .pong, data: ByteBuffer())
    try channel.writeInbound(pong)
    channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    #expect(try channel.readOutbound(as: WebSocketFrame.self)?.opcode == .ping)
    channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    #expect(try channel.readOutbound(as: WebSocketFrame.self) == nil)
    #expect(!channel.isActive)
    #expect(throws: ChannelError.alreadyClosed) { try channel.finish() }
  }

  @Test func `a client that reads nothing is read no further`() async throws {
    try await withServer { addresses in
      let sent = try await DeafClient.flood(
        "GET /__sandbox/dialect HTTP/1.1\r\nHost: localhost\r\n\r\n", addresses.api)
      #expect(sent < DeafClient.limit)
    }
  }

  @Test func `thousands of requests in one piece are answered one after another`() async throws {
    try await withServer { addresses in
      let request = "GET /__sandbox/dialect HTTP/1.1\r\nHost: localhost\r\n"
      let count = 20_000
      let all = String(repeating: request + "\r\n", count: count - 1)
      let answers = try await EagerClient.answers(
        to: all + request + "Connection: close\r\n\r\n", addresses.api)
      #expect(answers == count)
    }
  }
}

/// A client that sends everything at once and reads until the other side ends.
private enum EagerClient {
  /// How many answers of status 200 come.
  static func answers(to text: String, _ url: String) async throws -> Int {
    let port = Int(url.split(separator: ":").last ?? "") ?? 0
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let answers = loop.makePromise(of: Int.self)
    let channel = try await ClientBootstrap(group: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AnswerCounter(answers))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    return try await answers.futureResult.get()
  }
}

private final class AnswerCounter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let answers: EventLoopPromise<Int>
  private var text: [UInt8] = []

  init(_ answers: EventLoopPromise<Int>) { self.answers = answers }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    text += unwrapInboundIn(data).readableBytesView
  }

  func channelInactive(context: ChannelHandlerContext) {
    answers.succeed(text.ranges(of: Array("HTTP/1.1 200 OK".utf8)).count)
  }
}

/// A client that sends as long as the other side reads, and reads nothing itself.
enum DeafClient {
  /// Bytes after which it gives up; the buffers of both systems hold far less.
  static let limit = 64 << 20

  /// Sends `text` again and again; returns how many bytes were taken until none were for a while.
  static func flood(_ text: String, _ url: String) async throws -> Int {
    let port = Int(url.split(separator: ":").last ?? "") ?? 0
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelOption(.autoRead, value: false)
      .channelOption(.writeBufferWaterMark, value: .init(low: 1, high: 2))
      .connect(host: "127.0.0.1", port: port).get()
    let piece = ByteBuffer(string: String(repeating: text, count: 1000))
    var sent = 0
    while sent < limit {
      let write = channel.eventLoop.makePromise(of: Void.self)
      channel.writeAndFlush(piece, promise: write)
      let isStuck = channel.eventLoop.makePromise(of: Bool.self)
      let timer = channel.eventLoop.scheduleTask(in: .milliseconds(500)) { isStuck.succeed(true) }
      write.futureResult.whenComplete { _ in isStuck.succeed(false) }
      if try await isStuck.futureResult.get() { break }
      timer.cancel()
      sent += piece.readableBytes
    }
    try? await channel.close()
    return sent
  }
}

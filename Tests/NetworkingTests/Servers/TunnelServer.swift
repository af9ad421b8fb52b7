import NIOCore
import NIOPosix

/// A proxy that opens tunnels to 127.0.0.1, whatever host it is asked for.
final class TunnelServer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What it does with a request for a tunnel.
  enum Manner: Sendable {
    case opens
    /// Answers with these bytes.
    case answers(String)
    case closes
    case ignores
  }

  private let manner: Manner
  private let visits: Visits
  private var received = ""

  init(_ manner: Manner, visits: Visits) {
    self.manner = manner
    self.visits = visits
  }

  func channelActive(context: ChannelHandlerContext) {
    visits.connected()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += String(buffer: unwrapInboundIn(data))
    guard received.hasSuffix("\r\n\r\n") else { return }
    visits.asked(received)
    switch manner {
    case .opens: open(context)
    case .answers(let bytes):
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: bytes)), promise: nil)
    case .closes: context.close(promise: nil)
    case .ignores: break
    }
  }

  /// Connects to the requested port, and then passes on whatever either side sends.
  private func open(_ context: ChannelHandlerContext) {
    let target = received.split(separator: " ")[1]
    let port = target.split(separator: ":").last.flatMap { Int($0) } ?? 0
    let channel = context.channel
    ClientBootstrap(group: context.eventLoop)
      .channelInitializer { peer in
        peer.eventLoop.makeCompletedFuture {
          try peer.pipeline.syncOperations.addHandler(Relay(to: channel))
        }
      }
      .connect(host: "127.0.0.1", port: port)
      .flatMap { peer in
        channel.pipeline.addHandler(Relay(to: peer), position: .last)
          .flatMap { channel.pipeline.removeHandler(name: Self.name) }
          .flatMap {
            channel.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
          }
      }
      .whenFailure { _ in channel.close(promise: nil) }
  }

  private static let name = "tunnel"

  /// Runs `body` with the address of such a proxy and with what came to it.
  static func serve<Result>(
    _ manner: Manner, body: (_ address: String, Visits) async throws -> Result
  ) async throws -> Result {
    let visits = Visits()
    return try await Listener.listen { channel in
      try channel.pipeline.syncOperations.addHandler(
        TunnelServer(manner, visits: visits), name: Self.name)
    } body: { port in
      try await body("127.0.0.1:\(port)", visits)
    }
  }
}

extension TunnelServer: RemovableChannelHandler {}

/// Writes whatever comes in to another channel, and closes it with its own.
private final class Relay: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  private let other: any Channel

  init(to other: any Channel) { self.other = other }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    other.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    other.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

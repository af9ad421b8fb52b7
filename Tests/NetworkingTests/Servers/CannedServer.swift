import NIOCore
import Synchronization

/// What a canned server does with each request.
struct CannedAnswer: Sendable {
  var bytes: String
  /// Follow `bytes`, and need not be UTF-8.
  var body: [UInt8] = []
  var closes = false

  /// Writes `bytes` as they stand and keeps the connection.
  static func bytes(_ bytes: String) -> CannedAnswer { CannedAnswer(bytes: bytes) }

  /// Writes `bytes` as they stand, then closes the connection.
  static func closing(after bytes: String) -> CannedAnswer {
    CannedAnswer(bytes: bytes, closes: true)
  }

  /// A whole answer with a length.
  static func ok(_ body: String) -> CannedAnswer {
    .bytes("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nX-Test: 1\r\n\r\n\(body)")
  }

  /// A whole answer in that encoding.
  static func encoded(_ encoding: String, _ body: [UInt8]) -> CannedAnswer {
    let head =
      "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(body.count)\r\n\r\n"
    return CannedAnswer(bytes: head, body: body)
  }

  static let silence = CannedAnswer.bytes("")
}

/// What came to a server.
final class Visits: Sendable {
  private let state = Mutex((connections: 0, requests: [String]()))

  var connections: Int { state.withLock(\.connections) }
  /// The requests byte for byte.
  var requests: [String] { state.withLock(\.requests) }

  func connected() {
    state.withLock { $0.connections += 1 }
  }

  func asked(_ request: String) {
    state.withLock { $0.requests.append(request) }
  }
}

/// Answers each request with the same bytes, good HTTP or not.
final class CannedServer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let answer: CannedAnswer
  private let visits: Visits
  private var received = ""

  init(_ answer: CannedAnswer, visits: Visits) {
    self.answer = answer
    self.visits = visits
  }

  func channelActive(context: ChannelHandlerContext) {
    visits.connected()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += String(buffer: unwrapInboundIn(data))
    guard isWhole else { return }
    visits.asked(received)
    received = ""
    var bytes = ByteBuffer(string: answer.bytes)
    bytes.writeBytes(answer.body)
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    if answer.closes { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private var isWhole: Bool {
    guard let end = received.firstRange(of: "\r\n\r\n") else { return false }
    let length = received.lowercased().firstRange(of: "content-length: ").flatMap {
      Int(received.lowercased()[$0.upperBound...].prefix { $0.isNumber })
    }
    return received[end.upperBound...].utf8.count >= length ?? 0
  }
}

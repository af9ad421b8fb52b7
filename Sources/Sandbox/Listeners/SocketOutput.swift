import NIOCore
import NIOWebSocket

/// The way out of one open socket.
struct SocketOutput: Sendable {
  let channel: any Channel

  /// Sends a text message; a client that does not read 4 MiB of frames is cut off.
  func send(_ text: String) {
    writeOrCut(.text, channel.allocator.buffer(string: text))
  }

  /// Answers a ping with its own data (RFC 6455 §5.5.3).
  func pong(_ data: ByteBuffer) {
    writeOrCut(.pong, data)
  }

  /// Asks the client for a sign of life (RFC 6455 §5.5.2).
  func ping() {
    writeOrCut(.ping, channel.allocator.buffer(capacity: 0))
  }

  /// Ends the connection without the closing handshake.
  func cut() {
    channel.close(promise: nil)
  }

  private func writeOrCut(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
    guard channel.isWritable else { return channel.close(promise: nil) }
    write(opcode, data)
  }

  /// Begins or answers the closing handshake (RFC 6455 §7.1.2).
  @discardableResult
  func close(_ code: WebSocketErrorCode) -> EventLoopFuture<Void> {
    var data = channel.allocator.buffer(capacity: 2)
    data.write(webSocketErrorCode: code)
    return write(.connectionClose, data)
  }

  @discardableResult
  private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) -> EventLoopFuture<Void> {
    channel.writeAndFlush(WebSocketFrame(fin: true, opcode: opcode, data: data))
  }
}

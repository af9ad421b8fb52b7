import Machine
import NIOCore
import Running

/// A WebSocket over a channel that was upgraded.
struct LiveSocket: MessageSocket {
  let channel: any Channel
  let origin: Origin
  let options: WebSocketOptions
  let buffer: MessageBuffer

  func listen(_ receiver: MessageReceiver) { buffer.listen(receiver) }

  func send(_ text: String) throws(TransportFailure) {
    guard text.utf8.count <= options.messageLimit else {
      throw TransportFailure(
        .tooLarge, "a message to \(origin) is larger than \(options.messageLimit) bytes",
        mayHaveBeenSent: false)
    }
    guard channel.isActive else {
      throw TransportFailure(
        .broken, "the WebSocket to \(origin) is closed", mayHaveBeenSent: false)
    }
    channel.writeAndFlush(text, promise: nil)
  }

  func close() async {
    // Both fail only for a channel that is closed, which is what is wanted.
    try? await channel.triggerUserOutboundEvent(WebSocketCommand.close)
    try? await channel.closeFuture.get()
  }
}

import Machine
import NIOCore
import Running

/// A WebSocket over a channel that was upgraded.
struct LiveSocket: MessageSocket {
  let channel: any Channel
  let origin: Origin
  let options: WebSocketOptions
  let buffer: MessageBuffer

  var messages: AsyncThrowingStream<String, any Error> {
    let buffer = buffer
    return AsyncThrowingStream { try await buffer.next() }
  }

  func send(_ text: String) async throws(TransportFailure) {
    guard text.utf8.count <= options.messageLimit else {
      throw TransportFailure(
        .tooLarge, "a message to \(origin) is larger than \(options.messageLimit) bytes",
        mayHaveBeenSent: false)
    }
    do {
      try await channel.writeAndFlush(text)
    } catch ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed {
      throw TransportFailure(
        .broken, "the WebSocket to \(origin) is closed", mayHaveBeenSent: false)
    } catch {
      throw TransportFailure(error, at: "\(origin)")
    }
  }

  func close() async {
    // Both fail only for a channel that is closed, which is what is wanted.
    try? await channel.triggerUserOutboundEvent(WebSocketCommand.close)
    try? await channel.closeFuture.get()
  }
}

import Running

extension MessageSocket {
  /// What comes, with the failure that ended it; to be read once.
  var messages: AsyncThrowingStream<String, any Error> {
    let (messages, continuation) = AsyncThrowingStream.makeStream(
      of: String.self, throwing: (any Error).self)
    listen(
      MessageReceiver { text, _ in
        continuation.yield(text)
        return true
      } end: {
        continuation.finish(throwing: $0)
      })
    return messages
  }
}

import NIOCore
import NIOPosix
import Running

/// The pieces of a file as the body of a request, read when the network wants the next one.
struct PayloadBody: AsyncSequence, Sendable {
  typealias Element = ByteBuffer

  let source: PayloadSource
  let traffic: Traffic

  func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(source: source, traffic: traffic)
  }

  struct AsyncIterator: AsyncIteratorProtocol {
    let source: PayloadSource
    let traffic: Traffic

    func next() async throws -> ByteBuffer? {
      // The library below takes pieces for a while after an exchange was given up.
      guard !traffic.isStopped else { throw CancellationError() }
      traffic.moved()
      let source = source
      let piece = try await NIOThreadPool.singleton.runIfActive { try source.next() }
      return piece.map { ByteBuffer(bytes: $0) }
    }
  }
}

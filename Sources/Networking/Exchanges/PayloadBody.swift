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
    /// How many bytes may be on their way to the event loop of the connection.
    private static let window = 1 << 20

    let source: PayloadSource
    let traffic: Traffic
    private var onTheWay = 0

    init(source: PayloadSource, traffic: Traffic) {
      self.source = source
      self.traffic = traffic
    }

    mutating func next() async throws -> ByteBuffer? {
      // The library below takes pieces for a while after an exchange was given up.
      guard !traffic.isStopped else { throw CancellationError() }
      if onTheWay >= Self.window { try await letLoopsCatchUp() }
      traffic.moved()
      let source = source
      let piece = try await NIOThreadPool.singleton.runIfActive { try source.next() }
      onTheWay += piece?.count ?? 0
      return piece.map { ByteBuffer(bytes: $0) }
    }

    /// Returns once the pieces handed over so far have reached their channel.
    ///
    /// The library below queues each piece on the event loop and learns only there that the channel
    /// takes no more; a loop that is late would let a whole file into memory.
    private mutating func letLoopsCatchUp() async throws {
      for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
        try await loop.submit {}.get()
      }
      onTheWay = 0
    }
  }
}

import Machine
import NIOCore
import Networking
import Operations
import Running
import Synchronization
import Testing

/// Files over real sockets: moved no faster than the other side takes them, and only while they move.
@Suite struct TransferTests {
  /// A file of zeros that counts what was read of it.
  private final class Zeros: ReadableFile {
    let size: Int
    private let state = Mutex(0)

    init(_ size: Int) { self.size = size }

    var read: Int { state.withLock { $0 } }

    func read(_ count: Int) throws(LocalFailure) -> [UInt8] {
      let count = state.withLock { read in
        let count = min(count, size - read)
        read += count
        return count
      }
      return Array(repeating: 0, count: count)
    }
  }

  /// A file that keeps only how much was written, and fails when it is full.
  private final class Measure: WritableFile {
    private let state = Mutex((size: 0, fate: "open"))
    let limit: Int

    init(limit: Int = .max) { self.limit = limit }

    var size: Int { state.withLock(\.size) }
    var fate: String { state.withLock(\.fate) }

    func write(_ bytes: [UInt8]) throws(LocalFailure) {
      let size = state.withLock {
        $0.size += bytes.count
        return $0.size
      }
      guard size <= limit else { throw LocalFailure("`out` cannot be written: disk full") }
    }

    func commit() throws(LocalFailure) -> String? {
      state.withLock { $0.fate = "committed" }
      return nil
    }
    func discard() { state.withLock { $0.fate = "discarded" } }
  }

  private static let upload = APIRequest(endpoint: .upstream, method: "POST", path: "/")
  private static let download = APIRequest(endpoint: .downstream, method: "GET", path: "/")

  private static func source(_ file: any ReadableFile) throws -> PayloadTransfer {
    PayloadTransfer(source: try PayloadSource(file, path: "in", sealing: nil))
  }

  private static func sink(_ file: any WritableFile) throws -> PayloadTransfer {
    PayloadTransfer(sink: try PayloadSink(file, path: "out", opening: nil))
  }

  private static let impatient: TransportOptions = {
    var options = TransportOptions()
    options.idleTimeout = .milliseconds(200)
    return options
  }()

  @Test func `a server that does not read holds the file up, and is given up when nothing moves`()
    async throws
  {
    let file = Zeros(1 << 30)
    try await Listener.listen { channel in
      try channel.syncOptions?.setOption(.autoRead, value: false)
      // Otherwise the kernel may hold as much as the limit below.
      try channel.syncOptions?.setOption(.socketOption(.so_rcvbuf), value: 65_536)
    } body: { port in
      let origin = "http://127.0.0.1:\(port)"
      try await Scene.transport(http: origin, options: Self.impatient) { transport in
        let seen = await failure {
          _ = try await transport.exchange(Self.upload, moving: try Self.source(file))
        }
        #expect(
          seen
            == TransportFailure(
              .timedOut, "next to nothing moved between here and \(origin) for 0.2 seconds",
              mayHaveBeenSent: true))
      }
    }
    #expect(file.read < 32 << 20)
  }

  @Test func `a response that comes before the whole file ends the upload and its connection`()
    async throws
  {
    let file = Zeros(1 << 30)
    let visits = Visits()
    try await Listener.listen { channel in
      try channel.pipeline.syncOperations.addHandler(EarlyResponse(visits))
    } body: { port in
      try await Scene.transport(http: "http://127.0.0.1:\(port)") { transport in
        for _ in 1...2 {
          let answer = try await transport.exchange(Self.upload, moving: try Self.source(file))
          #expect(answer.status == 413)
        }
      }
    }
    #expect(visits.connections == 2)
    #expect(file.read < 64 << 20)
  }

  /// Refuses a request as soon as anything of it is there, and reads no more.
  private final class EarlyResponse: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let visits: Visits
    private var hasResponded = false

    init(_ visits: Visits) { self.visits = visits }

    func channelActive(context: ChannelHandlerContext) { visits.connected() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard !hasResponded else { return }
      hasResponded = true
      let response = ByteBuffer(string: "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
      context.writeAndFlush(wrapOutboundOut(response), promise: nil)
    }
  }

  @Test func `a download that stands still is given up`() async throws {
    let answer = CannedAnswer.bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12")
    let file = Measure()
    try await Scene.http(answering: answer, options: Self.impatient) { transport, _, origin in
      let seen = await failure {
        _ = try await transport.exchange(Self.download, moving: try Self.sink(file))
      }
      #expect(seen?.kind == .timedOut)
    }
    #expect(file.fate == "open")
  }

  @Test func `an exchange with a file server is not bound to the time of one with the API`()
    async throws
  {
    var options = TransportOptions()
    options.exchangeTimeout = .zero
    let file = Measure()
    try await Scene.http(answering: .ok("12345"), options: options) { transport, _, _ in
      let answer = try await transport.exchange(Self.download, moving: try Self.sink(file))
      #expect(answer.status == 200)
      #expect(answer.body == [])
    }
    #expect(file.size == 5)
  }

  @Test func `a disk that is full is reported as such`() async throws {
    try await Scene.http(answering: .ok("12345")) { transport, _, _ in
      let seen = await failure {
        _ = try await transport.exchange(
          Self.download, moving: try Self.sink(Measure(limit: 3)))
      }
      #expect(
        seen
          == TransportFailure(
            .localFile, "`out` cannot be written: disk full", mayHaveBeenSent: true))
    }
  }

  @Test func `a download larger than a file may be is refused`() async throws {
    var options = TransportOptions()
    options.fileLimit = 4
    try await Scene.http(answering: .ok("12345"), options: options) { transport, _, origin in
      let seen = await failure {
        _ = try await transport.exchange(Self.download, moving: try Self.sink(Measure()))
      }
      #expect(
        seen
          == TransportFailure(
            .tooLarge, "the answer of \(origin) is larger than 4 bytes", mayHaveBeenSent: true))
    }
  }

  @Test func `a refusal is read and not written`() async throws {
    let file = Measure()
    let answer = CannedAnswer.bytes(
      "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone")
    try await Scene.http(answering: answer) { transport, _, _ in
      let answer = try await transport.exchange(Self.download, moving: try Self.sink(file))
      #expect(answer.body == Array("gone".utf8))
    }
    #expect(file.size == 0)
  }

  @Test func `a file that shrinks ends the upload with its reason`() async throws {
    struct Shrunk: ReadableFile {
      let size = 10
      func read(_ count: Int) throws(LocalFailure) -> [UInt8] { [] }
    }
    try await Scene.http(answering: .ok("")) { transport, _, _ in
      let seen = await failure {
        _ = try await transport.exchange(Self.upload, moving: try Self.source(Shrunk()))
      }
      #expect(seen?.kind == .localFile)
      #expect(seen?.message == "`in` changed its size while it was read")
    }
  }
}

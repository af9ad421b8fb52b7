import Machine
import NIOCore
import Networking
import Operations
import Running
import Testing

@Suite(.timeLimit(.minutes(20))) struct EncodingTests {
  private let request = APIRequest(method: "GET", path: "/")
  /// `{"a":1}`.
  private static let small: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 84, 178, 50, 172, 5, 0, 175,
    172, 27, 86, 7, 0, 0, 0,
  ]
  /// 17 bytes.
  private static let large: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 139, 54, 212, 65, 129, 177, 0, 157, 238, 251,
    123, 17, 0, 0, 0,
  ]

  @Test func `a response that was compressed is decoded`() async throws {
    try await Scene.http(answering: .encoded("gzip", Self.small)) { transport, _, _ in
      for _ in 1...2 {
        let answer = try await transport.exchange(request)
        #expect(answer.body == Array("{\"a\":1}".utf8))
      }
    }
  }

  @Test func `the limit counts what is decoded`() async throws {
    var options = TransportOptions()
    options.answerLimit = 16
    try await Scene.http(
      answering: .encoded("gzip", Array(Self.large)), options: options
    ) { transport, _, _ in
      let seen = await failure { _ = try await transport.exchange(request) }
      #expect(seen?.kind == .tooLarge)
    }
  }

  @Test func `a compressed response that is damaged is named`() async throws {
    try await Scene.http(answering: .encoded("gzip", Array("{\"a\":1}".utf8))) {
      transport, _, origin in
      let seen = await failure { _ = try await transport.exchange(request) }
      #expect(
        seen
          == TransportFailure(
            .protocolViolation,
            "\(origin) sent a compressed response that cannot be decompressed",
            mayHaveBeenSent: true))
    }
  }

  @Test(arguments: ["br", "zstd", "x-secret"])
  func `another encoding is named`(encoding: String) async throws {
    try await Scene.http(answering: .encoded(encoding, [1, 2, 3])) { transport, _, origin in
      let seen = await failure { _ = try await transport.exchange(request) }
      #expect(
        seen
          == TransportFailure(
            .protocolViolation,
            "\(origin) sent a response in the encoding `\(encoding)`, which was not requested",
            mayHaveBeenSent: true,
            hint: "make the server, or the gateway in front of it, obey `Accept-Encoding`"))
    }
  }

  @Test func `a connection that is never made does not hold the end`() async throws {
    var options = TransportOptions()
    options.connectTimeout = .seconds(50)
    options.exchangeTimeout = .milliseconds(50)
    options.shutdownTimeout = .milliseconds(50)
    let visits = Visits()
    let clock = ContinuousClock()
    try await Listener.listen { channel in
      try channel.pipeline.syncOperations.addHandler(CannedServer(.silence, visits: visits))
    } body: { port in
      let time = try await clock.measure {
        try await Scene.transport(http: "https://127.0.0.1:\(port)", options: options) {
          transport in
          let seen = await failure { _ = try await transport.exchange(request) }
          #expect(seen?.kind == .timedOut)
        }
      }
      #expect(time < .seconds(40))
    }
  }
}

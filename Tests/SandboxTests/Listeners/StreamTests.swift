import Expressions
import FoundationEssentials
import NIOCore
import NIOHTTP1
import Operations
import Sandbox
import Synchronization
import Testing

/// Payloads of some size over real sockets.
struct StreamTests {
  private static let piece = 64 << 10

  private func configuration() -> SandboxConfiguration {
    var configuration = SandboxConfiguration(seed: 7)
    configuration.vault.delay = .zero
    configuration.payloadFolder =
      FileManager.default.temporaryDirectory.appending(
        path: "privirun-blobs-\(UInt64.random(in: 0 ... .max))"
      ).path
    return configuration
  }

  private func withServer(
    _ configuration: SandboxConfiguration,
    _ body: (SandboxAddresses) async throws -> Void
  ) async throws {
    let folder = configuration.payloadFolder
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: nil)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await SandboxServer.withServer(configuration, body)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }

  /// The files of a server, those in its own folder.
  private func files(_ configuration: SandboxConfiguration) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: configuration.payloadFolder)
      .filter { $0.contains("/") && !$0.hasSuffix("/lock") }
  }

  private struct Body: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    let count: Int

    struct AsyncIterator: AsyncIteratorProtocol {
      var rest: Int
      var next: UInt8 = 0

      mutating func next() async -> ByteBuffer? {
        guard rest > 0 else { return nil }
        let count = Swift.min(rest, StreamTests.piece)
        rest -= count
        next &+= 1
        return ByteBuffer(repeating: next, count: count)
      }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: count) }
  }

  private func upload(
    _ count: Int, to url: String, announced: Bool = true
  ) async throws -> Int {
    let head = try await WireExchange.perform(
      .POST, url, body: Body(count: count), length: announced ? count : nil)
    return Int(head.status.code)
  }

  /// Whether what comes down is what `Body` of that size sends, without holding it.
  private func downloadMatches(_ count: Int, _ url: String) async throws -> Bool {
    var (offset, isSame) = (0, true)
    let head = try await WireExchange.perform(.GET, url, body: Body(count: 0), length: 0) { part in
      for byte in part.readableBytesView {
        isSame = isSame && byte == UInt8(truncatingIfNeeded: offset / Self.piece + 1)
        offset += 1
      }
    }
    return isSame && offset == count
      && head.headers.first(name: "content-length") == String(count)
  }

  @Test(arguments: [0, 1, 64 << 10, (64 << 10) + 1, 5_000_001])
  func `a payload of any size comes down as it went up`(_ count: Int) async throws {
    let configuration = configuration()
    try await withServer(configuration) { addresses in
      var client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      try await client.provision(socket)
      try await client.enrolStore(socket)
      let space = try await client.reserve(socket)
      let status = try await upload(
        count, to: space[field: "stream"]?.text ?? "", announced: count.isMultiple(of: 2))
      #expect(status == 200)
      #expect(try files(configuration).count == (count > configuration.memoryPayloadBytes ? 1 : 0))
      let token = space[field: "token"]?.text ?? ""
      let answer = try await client.post("/data-token/request-data", ["token": token])
      let id = answer.header("x-dpt-cab-request-id") ?? ""
      let message = try await socket.message("X-DPT-CAB-REQUEST-ID", id: id)
      #expect(try await downloadMatches(count, message[field: "body"]?.text ?? ""))
      try await client.command("/data-token/delete-data", ["token": token], socket)
      #expect(try files(configuration) == [])
      try await socket.close()
    }
  }

  @Test(arguments: [true, false])
  func `an upload over the limit is refused and leaves nothing`(_ announced: Bool) async throws {
    var configuration = configuration()
    configuration.vault.limits.uploadBytes = 1 << 20
    try await withServer(configuration) { addresses in
      var client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      try await client.provision(socket)
      try await client.enrolStore(socket)
      let url = try await client.reserve(socket)[field: "stream"]?.text ?? ""
      #expect(try await upload(3 << 20, to: url, announced: announced) == 413)
      #expect(try files(configuration) == [])
      #expect(try await upload(1 << 20, to: url) == 200)
      try await socket.close()
    }
  }

  @Test(arguments: [true, false])
  func `an upload that nobody asked for is read past and refused`(_ announced: Bool) async throws {
    let configuration = configuration()
    try await withServer(configuration) { addresses in
      let status = try await upload(
        8 << 20, to: "\(addresses.upstream)/?auth=nobody", announced: announced)
      #expect(status == 401)
      #expect(try files(configuration) == [])
    }
  }

  @Test(arguments: ["Content-Length: 100000000", "Content-Length: 10\r\nExpect: 100-continue"])
  func `a long upload that nobody asked for is refused before it comes`(
    _ header: String
  ) async throws {
    let configuration = configuration()
    try await withServer(configuration) { addresses in
      let answer = try await RawConnection.exchange(
        "POST /?auth=nobody HTTP/1.1\r\nHost: x\r\n\(header)\r\n\r\n", addresses.upstream,
        until: "invalid stream authorization\"}")
      #expect(answer.hasPrefix("HTTP/1.1 401"))
      #expect(answer.contains("Connection: close"))
    }
  }

  @Test func `all files together are bounded`() async throws {
    var configuration = configuration()
    configuration.filedBytes = 1 << 20
    try await withServer(configuration) { addresses in
      var client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      try await client.provision(socket)
      try await client.enrolStore(socket)
      let url = try await client.reserve(socket)[field: "stream"]?.text ?? ""
      #expect(try await upload(2 << 20, to: url) == 503)
      #expect(try await upload(1 << 20, to: url) == 200)
      try await socket.close()
    }
  }

  @Test func `an upload that breaks off leaves nothing`() async throws {
    let configuration = configuration()
    try await withServer(configuration) { addresses in
      var client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      try await client.provision(socket)
      try await client.enrolStore(socket)
      let url = try await client.reserve(socket)[field: "stream"]?.text ?? ""
      let path = url.dropFirst(addresses.upstream.count)
      let half = String(repeating: "a", count: 200_000)
      let answer = try await RawConnection.exchange(
        "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n\(half)",
        addresses.upstream, closingAfterwards: true)
      #expect(answer == "" || answer.hasPrefix("HTTP/1.1 400"))
      while try !files(configuration).isEmpty { await Task.yield() }
      #expect(try await upload(10, to: url) == 200)
      try await socket.close()
    }
  }
}

import NIOCore
import NIOHTTP1
import NIOPosix

/// One HTTP exchange on a connection of its own, which knows nothing of the client that users have.
enum WireExchange {
  /// Sends a request to an `http` address of this machine; `receive` gets the body of the response, piece by
  /// piece.
  static func perform(
    _ method: HTTPMethod, _ url: String, _ headers: HTTPHeaders = [:],
    body: some AsyncSequence<ByteBuffer, Never> & Sendable, length: Int?,
    receiving receive: (ByteBuffer) throws -> Void = { _ in }
  ) async throws -> HTTPResponseHead {
    let address = url.dropFirst("http://".count)
    let authority = address.prefix { $0 != "/" }
    var head = HTTPRequestHead(
      version: .http1_1, method: method, uri: String(address[authority.endIndex...]),
      headers: headers)
    head.headers.add(name: "Host", value: String(authority))
    if let length {
      if length > 0 || method == .POST {
        head.headers.add(name: "Content-Length", value: "\(length)")
      }
    } else {
      head.headers.add(name: "Transfer-Encoding", value: "chunked")
    }
    return try await connect(to: authority).executeThenClose { inbound, outbound in
      try await withThrowingTaskGroup { [head] group in
        group.addTask {
          try await outbound.write(.head(head))
          for await piece in body { try await outbound.write(.body(.byteBuffer(piece))) }
          try await outbound.write(.end(nil))
        }
        defer { group.cancelAll() }
        var response: HTTPResponseHead?
        for try await part in inbound {
          switch part {
          case .head(let head): response = head
          case .body(let piece): try receive(piece)
          case .end: if let response { return response }
          }
        }
        throw ChannelError.eof
      }
    }
  }

  /// The same with a body in memory, and a response of at most 1 MiB.
  static func perform(
    _ method: HTTPMethod, _ url: String, _ headers: HTTPHeaders = [:], body: [UInt8] = []
  ) async throws -> (head: HTTPResponseHead, body: [UInt8]) {
    var received: [UInt8] = []
    let pieces = AsyncStream { stream in
      if !body.isEmpty { stream.yield(ByteBuffer(bytes: body)) }
      stream.finish()
    }
    let head = try await perform(method, url, headers, body: pieces, length: body.count) {
      received += $0.readableBytesView
      guard received.count <= 1 << 20 else { throw TooLarge() }
    }
    return (head, received)
  }

  private struct TooLarge: Error {}

  private static func connect(
    to authority: Substring
  ) async throws -> NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart> {
    let port = Int(authority.split(separator: ":").last ?? "") ?? 0
    return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
        }
      }
  }
}

import Glibc
import NIOCore
import NIOPosix
import Serving

/// A connection that sends bytes and keeps what comes back.
struct StatusClient {
  private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// Connects to `address`.
  static func connect(to address: StatusAddress) async throws -> StatusClient {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(host: address.host, port: address.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return StatusClient(channel: channel)
  }

  /// Sends the pieces one after another, and returns everything up to the end of the connection.
  ///
  /// A connection that is closed before everything is sent ends with a reset.
  func exchange(_ pieces: [String]) async throws -> String {
    try await channel.executeThenClose { inbound, outbound in
      for piece in pieces {
        // The server may have closed the connection already.
        try? await outbound.write(ByteBuffer(string: piece))
      }
      var answer = ""
      do {
        for try await buffer in inbound { answer += String(buffer: buffer) }
      } catch let error as IOError where error.errnoCode == ECONNRESET {}
      return answer
    }
  }

  /// Sends `text`, and returns everything that comes back until `isComplete` says so; runs `body` then.
  func exchange(
    _ text: String, until isComplete: (String) -> Bool, then body: () async throws -> Void
  ) async throws -> String {
    try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: text))
      var answer = ""
      for try await buffer in inbound {
        answer += String(buffer: buffer)
        if isComplete(answer) { break }
      }
      try await body()
      return answer
    }
  }
}

extension StatusServer {
  /// What comes back for `pieces` on a connection of their own.
  func exchange(_ pieces: String...) async throws -> String {
    try await StatusClient.connect(to: address).exchange(pieces)
  }

  /// What comes back for one request after which the connection is closed.
  func answer(_ method: String, _ target: String) async throws -> String {
    try await exchange("\(method) \(target) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
  }
}

import Machine
import Operations
import Running
import Synchronization

/// A service in this process that answers at once, so that nothing but the host takes time.
final class InstantService: Transport {
  private let count = Atomic(0)

  /// How many requests came.
  var requestCount: Int { count.load(ordering: .relaxed) }

  func exchange(
    _ request: APIRequest, moving transfer: PayloadTransfer
  ) async throws(TransportFailure) -> APIResponse {
    count.add(1, ordering: .relaxed)
    return APIResponse(status: 200, body: Array(Self.body(of: request.path).utf8))
  }

  func connect() async throws(TransportFailure) -> any MessageSocket { JoiningSocket() }

  private static func body(of path: String) -> String {
    switch path {
    case "/profile/authenticate":
      #"{"authorizationToken": "token", "expiresAt": "2099-01-01T00:00:00Z"}"#
    case "/voting/create": #"{"poolId": "poll"}"#
    case _: #"{"status": "ok"}"#
    }
  }
}

/// A socket that is joined as soon as that is requested, and silent otherwise.
struct JoiningSocket: MessageSocket {
  let messages: AsyncThrowingStream<String, any Error>
  private let continuation: AsyncThrowingStream<String, any Error>.Continuation

  init() {
    (messages, continuation) = AsyncThrowingStream.makeStream()
  }

  func send(_ text: String) async throws(TransportFailure) {
    let isJoin = text.contains("joinChannel")
    let message = isJoin ? "ok" : "Successfully left profile channel."
    continuation.yield(
      #"{"status": 200, "data": {"channelId": "channel", "message": "\#(message)"}}"#)
  }

  func close() async { continuation.finish() }
}

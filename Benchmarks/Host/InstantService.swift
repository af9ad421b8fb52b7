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
final class JoiningSocket: MessageSocket {
  private let receiver = Mutex<MessageReceiver?>(nil)

  func listen(_ receiver: MessageReceiver) { self.receiver.withLock { $0 = receiver } }

  func send(_ text: String) {
    let isJoin = text.contains("joinChannel")
    let message = isJoin ? "ok" : "Successfully left profile channel."
    let answer = #"{"status": 200, "data": {"channelId": "channel", "message": "\#(message)"}}"#
    _ = receiver.withLock { $0 }?.receive(answer) {}
  }

  func close() async { receiver.withLock { $0.take() }?.end(nil) }
}

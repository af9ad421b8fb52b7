package import Events
import Expressions
package import Machine
package import Operations

/// Traces HTTP and WebSocket traffic for debugging: requests, statuses, kinds of messages, times.
///
/// Polls and logins, of which there are no events, are included. Headers, queries, fields and
/// payloads are not, and a secret in a path or an address is masked.
package struct WireTrace: Sendable {
  private let write: @Sendable (String) -> Void
  private let service: ServiceOrigins?
  private var began: Moment?
  private var sentAt: [RequestID: Moment] = [:]

  /// A trace of the traffic with `service`, line by line to `write`.
  package init(service: ServiceOrigins?, write: @escaping @Sendable (String) -> Void) {
    self.service = service
    self.write = write
  }

  /// What came.
  package mutating func take(_ input: RunInput, hiding scrubber: SecretScrubber, at now: Moment) {
    switch input {
    case .answered(let id, let response):
      let type = response.header("content-type").map { " \($0)" } ?? ""
      trace("#\(id.number) HTTP \(response.status)\(type)\(took(id, now))", scrubber, now)
    case .exchangeFailed(let id, let failure):
      trace("#\(id.number) \(failure.message)\(took(id, now))", scrubber, now)
    case .connected(let socket): trace("socket \(socket.number) is open", scrubber, now)
    case .connectFailed(let socket, let failure):
      trace("socket \(socket.number): \(failure.message)", scrubber, now)
    case .received(let socket, let text):
      for message in ServiceMessage.all(in: text) {
        trace(
          "socket \(socket.number) says \(Self.kind(of: message))", scrubber,
          now)
      }
    case .disconnected(let socket, let failure):
      let reason = failure.map { ": \($0.message)" } ?? ""
      trace("socket \(socket.number) is closed\(reason)", scrubber, now)
    case .start, .performed, .performFailed, .tick, .cancel, .decide, .voteSlotGranted,
      .voteSlotAwaited:
      break
    }
  }

  /// What leaves.
  package mutating func take(
    _ actions: [RunAction], hiding scrubber: SecretScrubber, at now: Moment
  ) {
    for action in actions {
      switch action {
      case .exchange(let id, let request):
        sentAt[id] = now
        trace("#\(id.number) \(request.method) \(address(of: request))", scrubber, now)
      case .abandon(let id):
        guard sentAt[id] != nil else { break }
        trace("#\(id.number) is not waited for any more\(took(id, now))", scrubber, now)
      case .connect(let socket):
        let address = service.map { " to \($0.webSocket)" } ?? ""
        trace("socket \(socket.number) opens\(address)", scrubber, now)
      case .send(let socket, let text):
        trace("socket \(socket.number) is sent \(Self.action(of: text))", scrubber, now)
      case .disconnect(let socket): trace("socket \(socket.number) is being closed", scrubber, now)
      case .record, .perform, .performDry, .requestVoteSlot, .releaseVoteSlot, .finish, .fail: break
      }
    }
  }

  private mutating func trace(_ text: String, _ scrubber: SecretScrubber, _ now: Moment) {
    let start = began ?? now
    began = start
    let milliseconds = (now - start) / .milliseconds(1)
    write("wire \(Int(milliseconds)) ms: \(scrubber.scrub(text))")
  }

  private mutating func took(_ id: RequestID, _ now: Moment) -> String {
    sentAt.removeValue(forKey: id).map { ", after \(Int((now - $0) / .milliseconds(1))) ms" } ?? ""
  }

  private func address(of request: APIRequest) -> String {
    switch request.endpoint {
    case .api: (service?.api ?? "") + request.path
    case .upstream: (service?.upstream ?? "upstream ") + request.path
    case .downstream: (service?.downstream ?? "downstream ") + request.path
    case .url: "an address that the service named"
    }
  }

  private static func kind(of message: ServiceMessage) -> String {
    switch message {
    case .joined: "that it is joined"
    case .joinRefused(_, let status, _):
      "that the join is refused" + (status.map { " with \($0)" } ?? "")
    case .left: "that it has left"
    case .commandStatus(let id, let state, _): "that command \(id) is \(Self.word(for: state))"
    case .requestData(let id, _, let type, _):
      "data of request \(id)" + (type.map { ", output type \($0)" } ?? "")
    case .streamReady(let id, _): "that a stream is ready" + (id.map { " for request \($0)" } ?? "")
    case .ignored: "something that is passed over"
    }
  }

  private static func word(for state: CommandState) -> String {
    switch state {
    case .pending: "pending"
    case .succeeded: "done"
    case .failed: "refused"
    case .unknown(let word): "`\(word)`"
    }
  }

  private static func action(of text: String) -> String {
    (try? JSON.parse(text.utf8))?[field: "action"]?.text ?? "a message"
  }
}

import NIOCore
import NIOWebSocket

/// Joins the frames of a server into text messages, and says what each asks for.
///
/// It performs nothing. Whatever the protocol forbids ends it; after its end every frame is ignored.
struct MessageReader {
  /// What a frame asks for.
  enum Event: Hashable {
    case none
    case message(String)
    /// The other side pings: the same bytes are due in a pong (RFC 6455 §5.5.2).
    case ping(ByteBuffer)
    case closed(CloseStatus)
    case violation(WebSocketViolation)
  }

  private enum State {
    /// Exits: `text` and `binary` by a first fragment, `ended`.
    case betweenMessages
    /// Exits: `betweenMessages` by the last fragment, `ended`.
    case text(ByteBuffer)
    /// The fragments of a binary message, nil once they are too many. Exits: as for `text`.
    case binary(ByteBuffer?)
    /// No exit.
    case ended
  }

  /// The largest message in bytes.
  private let limit: Int
  private var state = State.betweenMessages

  init(limit: Int) {
    self.limit = limit
  }

  mutating func read(_ frame: WebSocketFrame) -> Event {
    if case .ended = state { return .none }
    let event = event(of: frame)
    switch event {
    case .closed, .violation: state = .ended
    case .none, .message, .ping: break
    }
    return event
  }

  private mutating func event(of frame: WebSocketFrame) -> Event {
    // RFC 6455 §5.1: a client fails the connection when a frame of the server is masked.
    guard frame.maskKey == nil else { return .violation(.maskedFrame) }
    // RFC 6455 §5.2: no extension was agreed on that could give these bits a meaning.
    guard !frame.rsv1 || frame.rsv2 || frame.rsv3 else { return .violation(.compressed) }
    guard !frame.rsv2, !frame.rsv3 else { return .violation(.reservedBits) }
    switch frame.opcode {
    case .text: return first(frame, opening: .text(ByteBuffer()))
    case .binary: return first(frame, opening: .binary(ByteBuffer()))
    case .continuation: return continuation(frame)
    case .ping: return .ping(frame.data)
    case .pong: return .none
    case .connectionClose: return close(frame.data)
    default: return .violation(.unknownOpcode)
    }
  }

  private mutating func first(_ frame: WebSocketFrame, opening next: State) -> Event {
    // RFC 6455 §5.4: fragments of different messages are not interleaved.
    guard case .betweenMessages = state else { return .violation(.fragmentOrder) }
    state = next
    return continuation(frame)
  }

  private mutating func continuation(_ frame: WebSocketFrame) -> Event {
    switch state {
    case .betweenMessages, .ended:
      return .violation(.fragmentOrder)
    case .binary(let collected):
      return binary(frame, after: collected)
    case .text(var collected):
      state = .betweenMessages
      guard frame.data.readableBytes <= limit - collected.readableBytes else {
        return .violation(.messageTooLarge)
      }
      collected.writeImmutableBuffer(frame.data)
      guard !frame.fin else { return message(collected) }
      state = .text(collected)
      return .none
    }
  }

  /// Some servers put their JSON into binary frames; what is no UTF-8 or too large is skipped.
  private mutating func binary(_ frame: WebSocketFrame, after collected: ByteBuffer?) -> Event {
    var collected = collected
    if let count = collected?.readableBytes, frame.data.readableBytes <= limit - count {
      collected?.writeImmutableBuffer(frame.data)
    } else {
      collected = nil
    }
    state = frame.fin ? .betweenMessages : .binary(collected)
    guard frame.fin, let collected,
      let text = String(validating: collected.readableBytesView, as: UTF8.self)
    else { return .none }
    return .message(text)
  }

  private func message(_ bytes: ByteBuffer) -> Event {
    guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
      return .violation(.invalidText)
    }
    return .message(text)
  }

  private func close(_ body: ByteBuffer) -> Event {
    CloseStatus(body).map(Event.closed) ?? .violation(.closeFrame)
  }
}

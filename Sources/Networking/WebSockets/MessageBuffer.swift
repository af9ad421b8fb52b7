import Machine
import NIOCore
import Running
import Synchronization

/// The messages that came and were not yet handed over, between an event loop and one receiver.
///
/// It says when it is full, and asks for more when half of it was handed over; between the two the socket
/// is not read, so that a slow receiver slows the sender instead of filling the memory.
final class MessageBuffer: Sendable {
  private struct State {
    var messages = CircularBuffer<String>(initialCapacity: 0)
    /// The bytes of all `messages`.
    var size = 0
    var isPaused = false
    var end: Result<Void, TransportFailure>?
    /// From `listen` to the end of the messages.
    var receiver: MessageReceiver?
    /// Messages are being handed over, or the receiver wants none for now: others wait behind them.
    var isBusy = false
  }

  private let limit: Int
  private let askForMore: @Sendable () -> Void
  private let state = Mutex(State())

  /// `limit` is in bytes; `askForMore` is called outside any lock, from any thread.
  init(limit: Int, askForMore: @escaping @Sendable () -> Void) {
    self.limit = limit
    self.askForMore = askForMore
  }

  /// Whether nothing more shall be read from the socket for now.
  var isFull: Bool { state.withLock(\.isPaused) }

  /// Hands the messages to `receiver`, and then the end; to be called once.
  func listen(_ receiver: MessageReceiver) {
    state.withLock { state in
      state.receiver = receiver
      state.isBusy = true
    }
    proceed()
  }

  /// Adds a message; after the end it is dropped.
  func put(_ message: String) {
    let receiver = state.withLock { state -> MessageReceiver? in
      guard state.end == nil else { return nil }
      if let receiver = state.receiver, !state.isBusy {
        state.isBusy = true
        return receiver
      }
      state.messages.append(message)
      state.size += message.utf8.count
      if state.size >= limit { state.isPaused = true }
      return nil
    }
    guard let receiver, receiver.receive(message, { [self] in proceed() }) else { return }
    proceed()
  }

  /// Ends the messages, after those that wait; only the first end counts.
  func end(_ end: Result<Void, TransportFailure>) {
    let mayHandOver = state.withLock { state in
      guard state.end == nil else { return false }
      state.end = end
      state.isPaused = false
      guard state.receiver != nil, !state.isBusy else { return false }
      state.isBusy = true
      return true
    }
    if mayHandOver { proceed() }
  }

  /// Hands over what waits, until the receiver wants no more.
  private func proceed() {
    while true {
      let (next, wantsMore) = state.withLock { Self.take(from: &$0, limit) }
      if wantsMore { askForMore() }
      switch next {
      case .message(let message, let receiver):
        guard receiver.receive(message, { [self] in proceed() }) else { return }
      case .end(let end, let receiver): return receiver.end(end.failure)
      case nil: return
      }
    }
  }

  private enum Next {
    case message(String, MessageReceiver)
    case end(Result<Void, TransportFailure>, MessageReceiver)
  }

  /// What is handed over next; nil when that is still to come.
  private static func take(from state: inout State, _ limit: Int) -> (Next?, wantsMore: Bool) {
    guard let receiver = state.receiver else { return (nil, false) }
    if let message = state.messages.popFirst() {
      state.size -= message.utf8.count
      let wantsMore = state.isPaused && state.size <= limit / 2
      if wantsMore { state.isPaused = false }
      return (.message(message, receiver), wantsMore)
    }
    state.isBusy = false
    guard let end = state.end else { return (nil, false) }
    state.receiver = nil
    return (.end(end, receiver), false)
  }
}

extension Result<Void, TransportFailure> {
  fileprivate var failure: TransportFailure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}

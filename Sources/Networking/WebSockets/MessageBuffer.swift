import Machine
import NIOCore
import Running
import Synchronization

/// The messages that came and were not yet taken, between an event loop and one reader.
///
/// It says when it is full, and asks for more when half of it was taken; between the two the socket
/// is not read, so that a slow reader slows the sender instead of filling the memory.
final class MessageBuffer: Sendable {
  private struct State {
    var messages = CircularBuffer<String>()
    /// The bytes of all `messages`.
    var size = 0
    var isPaused = false
    var isCancelled = false
    var end: Result<Void, TransportFailure>?
    var reader: CheckedContinuation<String?, any Error>?
  }

  private let limit: Int
  private let askForMore: @Sendable () -> Void
  private let state = Mutex(State())

  /// `limit` is in bytes; `askForMore` is called outside any lock, from the reader.
  init(limit: Int, askForMore: @escaping @Sendable () -> Void) {
    self.limit = limit
    self.askForMore = askForMore
  }

  /// Whether nothing more shall be read from the socket for now.
  var isFull: Bool { state.withLock(\.isPaused) }

  /// Adds a message; after the end it is dropped.
  func put(_ message: String) {
    let reader = state.withLock { state -> CheckedContinuation<String?, any Error>? in
      guard state.end == nil else { return nil }
      if let reader = state.reader.take() { return reader }
      state.messages.append(message)
      state.size += message.utf8.count
      if state.size >= limit { state.isPaused = true }
      return nil
    }
    reader?.resume(returning: message)
  }

  /// Ends the messages, after those that wait; only the first end counts.
  func end(_ end: Result<Void, TransportFailure>) {
    let reader = state.withLock { state -> CheckedContinuation<String?, any Error>? in
      guard state.end == nil else { return nil }
      state.end = end
      state.isPaused = false
      return state.reader.take()
    }
    guard let reader else { return }
    switch end {
    case .success: reader.resume(returning: nil)
    case .failure(let failure): reader.resume(throwing: failure)
    }
  }

  /// The next message, nil at a clean end.
  ///
  /// Throws the failure that ended the messages, or `CancellationError`. To be called by one reader.
  func next() async throws -> String? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { reader in
        let (result, wantsMore) = state.withLock { Self.take(from: &$0, limit, for: reader) }
        if let result { reader.resume(with: result) }
        if wantsMore { askForMore() }
      }
    } onCancel: {
      let reader = state.withLock { state in
        state.isCancelled = true
        return state.reader.take()
      }
      reader?.resume(throwing: CancellationError())
    }
  }

  /// What the reader gets at once, or nil when it has to wait.
  private static func take(
    from state: inout State, _ limit: Int, for reader: CheckedContinuation<String?, any Error>
  ) -> (Result<String?, any Error>?, wantsMore: Bool) {
    if state.isCancelled { return (.failure(CancellationError()), false) }
    if let message = state.messages.popFirst() {
      state.size -= message.utf8.count
      let wantsMore = state.isPaused && state.size <= limit / 2
      if wantsMore { state.isPaused = false }
      return (.success(message), wantsMore)
    }
    switch state.end {
    case .success?: return (.success(nil), false)
    case .failure(let failure)?: return (.failure(failure), false)
    case nil:
      // A second reader finds nothing: the messages are iterated once.
      guard state.reader == nil else { return (.success(nil), false) }
      state.reader = reader
      return (nil, false)
    }
  }
}

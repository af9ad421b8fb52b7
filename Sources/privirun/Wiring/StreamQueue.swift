import Dispatch
import Synchronization

/// Text on its way to a standard stream, written by a thread of its own, so that a reader who stops
/// reading holds nothing up.
final class StreamQueue: Sendable {
  /// The most bytes that wait for a reader.
  static let capacity = 32 << 20

  private struct State {
    var waiting = 0
    var written = 0
  }

  private let capacity: Int
  private let write: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "privirun.output")
  private let group = DispatchGroup()
  private let state = Mutex(State())

  /// A queue for `stream`; `write` may block.
  init(
    _ stream: StandardStream, capacity: Int = StreamQueue.capacity,
    write: (@Sendable (String) -> Void)? = nil
  ) {
    self.capacity = capacity
    self.write = write ?? { stream.writeNow($0) }
  }

  /// Whether the reader is far behind: a view that only redraws itself should wait.
  var isBehind: Bool { state.withLock { $0.waiting > 64 << 10 } }

  /// Adds `text`; returns false, and adds nothing, when too much is waiting already.
  func add(_ text: String) -> Bool {
    let size = text.utf8.count
    let fits = state.withLock { state in
      guard state.waiting + size <= capacity else { return false }
      state.waiting += size
      return true
    }
    guard fits else { return false }
    queue.async(group: group) { [self] in
      write(text)
      state.withLock { state in
        state.waiting -= size
        state.written += 1
      }
    }
    return true
  }

  /// Waits until nothing is waiting; returns false when nothing was written for `patience` meanwhile.
  ///
  /// Nil waits without a limit.
  func drain(within patience: Duration?) -> Bool {
    guard let patience else {
      group.wait()
      return true
    }
    while true {
      let before = state.withLock { $0.written }
      let limit =
        DispatchTime.now()
        + .nanoseconds(
          Int(patience.components.seconds * 1_000_000_000)
            + Int(patience.components.attoseconds / 1_000_000_000))
      if group.wait(timeout: limit) == .success { return true }
      if state.withLock({ $0.written }) == before { return false }
    }
  }
}

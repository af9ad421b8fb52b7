import Synchronization

/// How a daemon stops a rollout that it prepares or drives.
package final class RolloutControl: Sendable {
  /// What stops a rollout that is driven; the functions must not wait.
  package struct Handle: Sendable {
    /// Requests an orderly stop.
    package var cancel: @Sendable () -> Void
    /// Lets no further tenant begin, and lets the rollout be left after those in progress.
    package var drain: @Sendable () -> Void

    /// A handle of these functions.
    package init(cancel: @escaping @Sendable () -> Void, drain: @escaping @Sendable () -> Void) {
      self.cancel = cancel
      self.drain = drain
    }
  }

  private struct State: Sendable {
    var handle: Handle?
    var isCancelled = false
    var isDrained = false
  }

  private let state = Mutex(State())

  /// A control of a rollout that is not driven yet.
  package init() {}

  /// The rollout is driven from now on, and stopped by `handle`; false where it is not to begin any more.
  package func attach(_ handle: Handle) -> Bool {
    let isCancelled: Bool? = state.withLock { state in
      guard !state.isDrained else { return nil }
      state.handle = handle
      return state.isCancelled
    }
    guard let isCancelled else { return false }
    if isCancelled { handle.cancel() }
    return true
  }

  /// The rollout is driven no more.
  package func detach() { state.withLock { $0.handle = nil } }

  /// Stops it cleanly: now, or once it is driven.
  package func cancel() {
    let handle = state.withLock { state in
      state.isCancelled = true
      return state.handle
    }
    handle?.cancel()
  }

  /// Lets it be left, and not begin where it has not begun.
  package func drain() {
    let handle = state.withLock { state in
      state.isDrained = true
      return state.handle
    }
    handle?.drain()
  }

  /// Whether it is driven.
  package var isDriven: Bool { state.withLock { $0.handle != nil } }

  /// Whether it is to be stopped cleanly.
  package var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Whether it is not to begin any more.
  package var isDrained: Bool { state.withLock { $0.isDrained } }
}

import DequeModule
import Machine
import Operations
import Synchronization

/// Where everything that happens is put; read in batches by the one loop that drives the host, so
/// that what came together is recorded together.
final class HostInbox: Sendable {
  /// How many messages of sockets may wait to be handled.
  private static let messageLimit = 4096
  /// How many signals are taken at once: the disk has what they lead to while further ones are handled.
  private static let batchLimit = 128

  fileprivate struct Entry: Sendable {
    let signal: Signal
    /// Whether it is a message of a socket.
    var isMessage = false
  }

  fileprivate struct State: Sendable {
    /// The ends of commits, which come first: requests wait for them.
    var commitEnds: [Signal] = []
    var entries = Deque<Entry>()
    var messages = 0
    /// What goes on when messages were handled.
    var waiting: [@Sendable () -> Void] = []
    var isClosed = false
    /// A request to stop every run is among the signals: a second one says no more.
    var hasCancellation = false
  }

  /// What comes from outside the loop.
  enum Signal: Sendable {
    case input(HostInput)
    /// The sleeper that was set for that instant is done.
    case woke(Moment)
  }

  private let state = Mutex(State())
  private let signal: AsyncStream<Void>.Continuation

  /// Yields whenever something may be there; ends when the task is cancelled.
  let signals: AsyncStream<Void>

  init() {
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Whether everything that was put has been taken.
  var isEmpty: Bool { state.withLock { $0.commitEnds.isEmpty && $0.entries.isEmpty } }

  func put(_ input: HostInput) { put(.input(input)) }

  func put(_ message: Signal) {
    state.withLock { state in
      if message.isCommitEnd {
        state.commitEnds.append(message)
      } else {
        state.entries.append(Entry(signal: message))
      }
    }
    signal.yield()
  }

  /// Puts a request to stop every run, unless there is one already.
  func putCancellation() {
    let isFirst = state.withLock { state in
      defer { state.hasCancellation = true }
      guard !state.hasCancellation else { return false }
      state.entries.append(Entry(signal: .input(.cancelAll)))
      return true
    }
    if isFirst { signal.yield() }
  }

  /// Puts a message of a socket, and returns whether there is room for the next one; where there is none,
  /// `proceed` is called once there is.
  func putMessage(_ input: HostInput, _ proceed: @escaping @Sendable () -> Void) -> Bool {
    let hasRoom = state.withLock { state in
      state.entries.append(Entry(signal: .input(input), isMessage: true))
      state.messages += 1
      guard state.messages > Self.messageLimit, !state.isClosed else { return true }
      state.waiting.append(proceed)
      return false
    }
    signal.yield()
    return hasRoom
  }

  /// The ends of commits alone; everything else stays, and whoever waits for room waits on.
  func takeCommitEnds() -> [Signal] { state.withLock { $0.takeCommitEnds() } }

  /// The ends of commits, and what was put first of everything else, in order; who waits for room has it when
  /// half of it is free.
  func take() -> [Signal] {
    let (signals, waiting) = state.withLock {
      state -> ([Signal], [@Sendable () -> Void]) in
      var signals = state.takeCommitEnds()
      for entry in state.entries.prefix(Self.batchLimit) {
        if entry.isMessage { state.messages -= 1 }
        if case .input(.cancelAll) = entry.signal { state.hasCancellation = false }
        signals.append(entry.signal)
      }
      state.entries.removeFirst(min(Self.batchLimit, state.entries.count))
      guard state.messages <= Self.messageLimit / 2 else { return (signals, []) }
      defer { state.waiting = [] }
      return (signals, state.waiting)
    }
    for proceed in waiting { proceed() }
    return signals
  }

  /// Nobody reads any more: nobody waits for room, either.
  func close() {
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      state.isClosed = true
      return state.waiting
    }
    for proceed in waiting { proceed() }
  }

  /// Reads once more, though nothing came.
  func wake() { signal.yield() }
}

extension HostInbox.State {
  fileprivate mutating func takeCommitEnds() -> [HostInbox.Signal] {
    defer { commitEnds = [] }
    return commitEnds
  }
}

extension HostInbox.Signal {
  /// Whether it says how a commit ended.
  fileprivate var isCommitEnd: Bool {
    if case .input(.commitEnded) = self { true } else { false }
  }
}

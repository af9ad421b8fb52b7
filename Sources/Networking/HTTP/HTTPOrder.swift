import Machine
import NIOCore
import NIOHTTP1
import Operations
import Running
import Synchronization

/// A request that is to be sent on a route, what its response may be, and who receives it.
struct HTTPOrder: Sendable {
  /// Receives the response, or why there is none: once, on the event loop of the connection.
  typealias Reply = @Sendable (Result<APIResponse, TransportFailure>) -> Void

  let route: ConnectionRoute
  let head: HTTPRequestHead
  var body: [UInt8] = []
  /// The files that go out as the body, and that a successful body goes into.
  var transfer = PayloadTransfer()
  let rules: ResponseRules
  let reply: Reply
  /// The instant after which it must not leave any more; nil for any time.
  var leavesBy: ContinuousClock.Instant?
}

/// How long a response may take, how large it may be, and how much of it is wanted.
struct ResponseRules: Sendable {
  /// What runs out when a response does not come.
  enum Patience: Sendable {
    /// The time from the order until the reply, the same for all of a pool.
    case whole
    /// The time in which less than 1 KiB moves.
    case standstill(Duration)
  }

  /// How much of a response is handed over.
  enum Extent: Sendable {
    case whole
    /// The head, and the body where it is no larger than `bodyLimit` and ends in that time; otherwise the
    /// body is empty.
    case head(bodyTimeout: Duration)
  }

  var patience = Patience.whole
  var extent = Extent.whole
  /// The most bytes of a body in memory.
  let bodyLimit: Int
  /// The most bytes of a body that goes into a file.
  let fileLimit: Int
}

/// Gives up a request; may be called from any thread, before and after the request is sent.
final class HTTPTicket: Sendable {
  private enum State: Sendable {
    /// Exits: `armed`, `cancelled`.
    case new
    /// Exit: `cancelled`.
    case armed(@Sendable () -> Void)
    /// No exit.
    case cancelled
  }

  private let state = Mutex(State.new)

  /// Calls `action` when the request is given up, which may be now.
  func arm(_ action: @escaping @Sendable () -> Void) {
    let isCancelled = state.withLock { state in
      if case .cancelled = state { return true }
      state = .armed(action)
      return false
    }
    if isCancelled { action() }
  }

  /// Gives up the request, once.
  func cancel() {
    let action = state.withLock { state -> (@Sendable () -> Void)? in
      defer { state = .cancelled }
      return if case .armed(let action) = state { action } else { nil }
    }
    action?()
  }
}

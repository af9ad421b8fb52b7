import Machine
import Synchronization

/// The sockets of a run, each with what is still to be done on it, in order.
final class OpenSockets: Sendable {
  /// One thing to do on a socket.
  enum Command: Sendable {
    case text(String)
    case close
  }

  private let queues = Mutex<[SocketID: AsyncStream<Command>.Continuation]>([:])

  /// What is to be done on the socket, until it is closed.
  func open(_ id: SocketID) -> AsyncStream<Command> {
    let (commands, queue) = AsyncStream.makeStream(of: Command.self)
    queues.withLock { $0[id] = queue }
    return commands
  }

  func send(_ command: Command, to id: SocketID) {
    _ = queues.withLock { $0[id] }?.yield(command)
  }

  /// Nothing more is to be done on the socket.
  func forget(_ id: SocketID) {
    queues.withLock { $0.removeValue(forKey: id) }?.finish()
  }

  func closeAll() {
    for queue in queues.withLock({ Array($0.values) }) { queue.yield(.close) }
  }
}

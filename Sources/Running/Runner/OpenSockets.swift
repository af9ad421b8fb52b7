import Machine
import Synchronization

/// The sockets of a run that are open, or being opened.
final class OpenSockets: Sendable {
  private enum State {
    /// Exits: `open`, `abandoned`, or gone.
    case opening
    /// Exit: gone.
    case open(any MessageSocket)
    /// It is closed as soon as it is open. Exit: gone.
    case abandoned
  }

  private let states = Mutex<[SocketID: State]>([:])

  func begin(_ id: SocketID) { states.withLock { $0[id] = .opening } }

  /// The socket is open; returns false, and keeps nothing, where it is to be closed again.
  func opened(_ socket: any MessageSocket, _ id: SocketID) -> Bool {
    states.withLock { states in
      guard case .opening? = states[id] else {
        states[id] = nil
        return false
      }
      states[id] = .open(socket)
      return true
    }
  }

  /// The socket, while it is open.
  func open(_ id: SocketID) -> (any MessageSocket)? {
    guard case .open(let socket)? = states.withLock({ $0[id] }) else { return nil }
    return socket
  }

  /// Nothing more is to be done on the socket: it is returned to be closed, unless it is not open yet.
  func abandon(_ id: SocketID) -> (any MessageSocket)? {
    states.withLock { Self.abandon(id, of: &$0) }
  }

  /// The same for all of them.
  func abandonAll() -> [any MessageSocket] {
    states.withLock { states in
      Array(states.keys).compactMap { Self.abandon($0, of: &states) }
    }
  }

  /// The socket was not opened, or has ended.
  func forget(_ id: SocketID) { states.withLock { $0[id] = nil } }

  private static func abandon(
    _ id: SocketID, of states: inout [SocketID: State]
  ) -> (any MessageSocket)? {
    switch states[id] {
    case .opening?: states[id] = .abandoned
    case .open(let socket)?:
      states[id] = nil
      return socket
    case .abandoned?, nil: break
    }
    return nil
  }
}

import Expressions
import Operations

/// Names one session of a run.
struct SessionID: Sendable, Hashable {
  let number: Int
}

/// What tells one session from another.
struct SessionIdentity: Sendable, Hashable {
  let username: String
  let password: Secret
}

/// An authenticated profile: its token and its one joined socket.
struct Session: Sendable {
  let identity: SessionIdentity
  /// The username, masked where it was computed from a secret.
  let shownName: String
  var token = TokenState.none
  /// Counts the tokens held so far, so that a late 401 does not throw away a newer token.
  var tokenGeneration = 0
  var channel = ChannelState.closed
  var hasBeenJoined = false
  /// How often in a row the socket could not be opened again.
  var reconnects = 0
  /// Calls that wait for a token.
  var waitingForToken: [NodeID] = []
  /// Calls that wait for the join.
  var waitingForJoin: [NodeID] = []

  /// Exits: `none` → `requested`; `requested` → `held` or `none`; `held` → `none` (401).
  enum TokenState: Sendable {
    case none
    case requested(RequestID)
    case held(Secret)
  }

  /// Exits: `closed` → `connecting`; `connecting` → `opened`, `closed` or `lost`; `opened` →
  /// `joining`, `closed` or `lost`; `joining` → `joined`, `closed` or `lost`; `joined` → `lost`,
  /// `closed` or `leaving`; `lost` → `connecting` or `closed`; `leaving` → `closed`.
  enum ChannelState: Sendable {
    case closed
    case connecting(SocketID)
    /// Open, and not joined yet for want of a token.
    case opened(SocketID)
    case joining(SocketID, correlationID: String)
    case joined(SocketID, channelID: String)
    case lost
    case leaving(SocketID)
  }

  var socket: SocketID? {
    switch channel {
    case .closed, .lost: nil
    case .connecting(let socket), .opened(let socket), .joining(let socket, _),
      .joined(let socket, _),
      .leaving(let socket):
      socket
    }
  }

  var isJoined: Bool {
    if case .joined = channel { true } else { false }
  }

  var heldToken: Secret? {
    if case .held(let token) = token { token } else { nil }
  }
}

import Expressions
import Operations

/// Names one session of a run.
struct SessionID: Sendable, Hashable, Comparable {
  let number: Int

  static func < (left: SessionID, right: SessionID) -> Bool { left.number < right.number }
}

/// The identity of a session.
enum SessionIdentity: Sendable, Hashable {
  /// A profile that logs in.
  case profile(username: String, password: Secret)
  /// An application, by the access token it was first given.
  case application(accessToken: Secret)
}

/// How a session comes by a token.
enum TokenSource: Sendable {
  case login(username: String, password: Secret)
  /// By the latest pair of tokens; without a refresh token there is no other token to be had.
  case refresh(accessToken: Secret, refreshToken: Secret?)
}

/// An authenticated profile or application: its token and its one joined socket.
struct Session: Sendable {
  let identity: SessionIdentity
  /// What people read: the username, masked where it was computed from a secret.
  let shownName: String
  var token: TokenSupply
  var channel = Channel()
  var waiting = Waiting()
  var revocation = Revocation.unwanted
  /// The frames that use the session; it ends with the last of them.
  var users: Set<ScopeID> = []
  /// Nobody uses it any more: it is being closed.
  var isEnding = false

  init(_ identity: SessionIdentity, shownName: String, token: TokenSupply) {
    self.identity = identity
    self.shownName = shownName
    self.token = token
  }

  /// The token of a session and where the next one comes from.
  struct TokenSupply: Sendable {
    var source: TokenSource
    var state = TokenState.none
    /// Counts the tokens held so far, so that a late 401 does not throw away a newer token.
    var generation = 0
    /// The passwords that were refused since the latest token, the one that is on its way included.
    var tried: [Secret] = []
  }

  /// The socket of a session.
  struct Channel: Sendable {
    var state = ChannelState.closed
    var hasBeenJoined = false
    /// Whether the events say that it is joined or lost, and not that it was closed since.
    var isReportedOpen = false
    /// Whether the one renewal of a token that a refused join may cause is spent.
    var hasReplayedJoin = false
    /// How often in a row the socket could not be opened again.
    var reconnects = 0
  }

  /// The steps that wait for something of a session.
  struct Waiting: Sendable {
    /// Calls that wait for a token.
    var token: [NodeID] = []
    /// Calls that wait for the join.
    var join: [NodeID] = []
    /// Steps whose command is polled as soon as there is a token.
    var poll: [NodeID] = []
  }

  /// Exits: `none` → `requested`; `requested` → `held` or `none`; `held` → `requested` (near its
  /// end) or `none` (401).
  enum TokenState: Sendable {
    case none
    /// A new one is on its way; the one it replaces, if any, can still be used.
    case requested(RequestID, replacing: HeldToken?)
    case held(HeldToken)
  }

  /// Exits: `closed` → `connecting`; `connecting` → `opened`, `closed` or `lost`; `opened` →
  /// `joining`, `closed` or `lost`; `joining` → `joined`, `connecting` (401), `closed` or `lost`;
  /// `joined` → `lost`, `closed` or `leaving`; `lost` → `connecting` or `closed`; `leaving` →
  /// `closed`.
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

  /// What happens to the token when the session ends.
  ///
  /// Exits: `wanted` → `requested` or `over`; `requested` → `over`.
  enum Revocation: Sendable {
    case unwanted
    case wanted
    case requested(RequestID)
    case over
  }
}

/// What it can do now.
extension Session {
  /// Whose it is; nil for that of an application.
  var username: String? {
    if case .profile(let username, _) = identity { username } else { nil }
  }

  var socket: SocketID? {
    switch channel.state {
    case .closed, .lost: nil
    case .connecting(let socket), .opened(let socket), .joining(let socket, _),
      .joined(let socket, _),
      .leaving(let socket):
      socket
    }
  }

  var isJoined: Bool {
    if case .joined = channel.state { true } else { false }
  }

  /// What can be presented now, be it about to be replaced or not.
  var usableToken: Secret? {
    switch token.state {
    case .none: nil
    case .requested(_, let replaced): replaced?.value
    case .held(let token): token.value
    }
  }

  /// The token that a new one takes the place of, or would.
  var replacedToken: HeldToken? {
    switch token.state {
    case .none: nil
    case .requested(_, let replaced): replaced
    case .held(let token): token
    }
  }

  /// Whether it is worth waiting for another token at `now`.
  func isTokenOnItsWay(at now: Moment) -> Bool {
    switch token.state {
    case .none: false
    case .requested: true
    case .held(let token): token.isDue(at: now)
    }
  }

  /// Whether a request or join may leave with the token as it is at `now`.
  func hasFreshToken(at now: Moment) -> Bool {
    if case .held(let token) = token.state { !token.isDue(at: now) } else { false }
  }

  /// Whether it waits only for a token to be revoked, or for the answer to that.
  var isRevoking: Bool {
    switch (revocation, token.state) {
    case (.requested, _), (.wanted, .requested): true
    case (.unwanted, _), (.over, _), (.wanted, .none), (.wanted, .held): false
    }
  }

  /// What of it nobody may see.
  var secrets: Value {
    let own =
      switch token.source {
      case .login(_, let password): [password]
      case .refresh(let access, let refresh): [access] + (refresh.map { [$0] } ?? [])
      }
    return .list((own + (usableToken.map { [$0] } ?? [])).map { .secret($0) })
  }
}

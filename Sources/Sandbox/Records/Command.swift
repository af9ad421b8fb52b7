import Operations

/// A write that was accepted and is settled later (protocol.md §2).
struct Command: Sendable, Codable {
  enum State: Sendable, Hashable, Codable {
    /// Exits: all others.
    case submitted
    /// A vote decides on it. Exits: `parked`, `succeeded`, `rejected`.
    case held(PollID)
    /// There is no storage device to complete it. Exits: `succeeded`, `rejected`.
    case parked
    case succeeded(String)
    /// The reason, a key or a sentence.
    case rejected(String)
  }

  /// Who hears of the outcome.
  enum Audience: Sendable, Hashable, Codable {
    case profile(ProfileID)
    /// No channel exists, or the operation has no command id: an upload.
    case nobody
  }

  let id: CommandID
  let operation: String
  /// The profile on whose behalf it acts; nil for a registration.
  let owner: ProfileID?
  let audience: Audience
  /// What it is to do; nil once it is settled.
  var effect: CommandEffect?
  var state = State.submitted
  /// The request that brought it; nil in older states.
  var request: VaultRequestNumber?
  /// When a poll of it was last answered.
  var polledAt: Moment?
  /// The policies whose vote it was put to, or did not need.
  var passed: Set<PolicyID> = []
}

/// The fate of an effect.
enum EffectFate: Sendable, Hashable {
  /// Something changed; the sentence goes to the client.
  case done(String)
  /// It was so already.
  case unchanged(String)
  case refused(String)
  /// It changed something, and is done when the vote is.
  case held(PollID)
  /// It cannot complete before something else happens, and may never.
  case waits
}

/// What a command does once it is settled, by the section of the API.
enum CommandEffect: Sendable, Codable {
  case profile(ProfileEffect)
  case registerKey(String)
  case device(DeviceEffect)
  case storage(StorageEffect)
  case dataToken(DataTokenEffect)
  case authenticator(AuthenticatorEffect)
  case policy(PolicyEffect)
  case openPoll(PollRequest)
  case application(ApplicationEffect)

  /// Whether it may come before the join: a profile's key does (protocol.md §4).
  var precedesJoin: Bool { if case .registerKey = self { true } else { false } }

  /// The payload it brings along.
  var payload: Payload? {
    switch self {
    case .dataToken(.store(let payload, in: _)): payload
    case .dataToken(.update(_, let change)): change.payload
    case .dataToken, .profile, .registerKey, .device, .storage, .authenticator, .policy, .openPoll,
      .application:
      nil
    }
  }
}

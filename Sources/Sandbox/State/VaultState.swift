import Operations
import OrderedCollections
import Randomness

/// Everything of a vault that outlives its process; not its sockets, its ledger, its settings.
///
/// The groups are the vault's own. In the state file their fields stand side by side in one object:
/// a field can move to another group, and none may take a name that another has.
struct VaultState: Sendable {
  /// The public key that the engine shows.
  var engineKey: String
  /// Where identifiers, tokens and keys come from.
  var generator: SplitMix
  var time = VaultTime()
  var records = VaultRecords()
  var work = VaultWork()
  var passes = VaultPasses()
}

/// What time it is, and what is due.
struct VaultTime: Sendable, Codable {
  /// The latest instant seen.
  private(set) var clock = Moment(nanoseconds: 0)
  var wakeups = WakeupQueue()
  private(set) var wakeupCount = 0

  /// Lets the clock reach an instant; it never goes back.
  mutating func reach(_ now: Moment) {
    clock = max(clock, now)
  }

  /// Has `kind` happen after `delay`.
  mutating func schedule(_ kind: Wakeup.Kind, after delay: Duration) {
    wakeupCount += 1
    wakeups.insert(Wakeup(at: clock + max(delay, .zero), order: wakeupCount, kind: kind))
  }
}

/// What profiles have and reads show, some time later under a read lag.
struct VaultRecords: Sendable, Codable {
  var profiles: [ProfileID: Profile] = [:]
  var devices: [DeviceID: Device] = [:]
  var reservations: [ReservationID: Reservation] = [:]
  var dataTokens: [DataTokenID: DataToken] = [:]
  /// In the order they were registered.
  var applications: OrderedDictionary<ApplicationID, OAuthApplication> = [:]
}

/// Commands in progress, and the outcomes of those that are over.
struct VaultWork: Sendable, Codable {
  var commands: [CommandID: Command] = [:]
  /// Commands that wait for a storage device, by the profile that needs one.
  var parked: [ProfileID: [CommandID]] = [:]
  var polls: [PollID: Poll] = [:]
}

/// What opens something for whoever shows it.
struct VaultPasses: Sendable, Codable {
  var tokens: [String: AuthorizationToken] = [:]
  /// Refresh tokens, to the access token they renew.
  var refreshTokens: [String: String] = [:]
  var codeRequests: [CommandID: AuthorizationCode] = [:]
  /// Codes that can still be changed for a token, to the command that asked for them.
  var codes: [String: CommandID] = [:]
  var uploads: [String: ReservationID] = [:]
  var usedUploads: Set<String> = []
  var downloads: [String: DownloadPass] = [:]
}

extension VaultState: Codable {
  private enum Key: String, CodingKey {
    case engineKey, generator
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      engineKey: try container.decode(String.self, forKey: .engineKey),
      generator: try container.decode(SplitMix.self, forKey: .generator),
      time: try VaultTime(from: decoder), records: try VaultRecords(from: decoder),
      work: try VaultWork(from: decoder), passes: try VaultPasses(from: decoder))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(engineKey, forKey: .engineKey)
    try container.encode(generator, forKey: .generator)
    try time.encode(to: encoder)
    try records.encode(to: encoder)
    try work.encode(to: encoder)
    try passes.encode(to: encoder)
  }
}

extension VaultState {
  /// The payloads that are kept outside the vault, with their sizes.
  var blobs: [BlobID: Int] {
    let payloads =
      records.dataTokens.values.map(\.payload) + work.commands.values.compactMap(\.effect?.payload)
    var blobs: [BlobID: Int] = [:]
    for case .stored(let blob, let byteCount) in payloads { blobs[blob] = byteCount }
    return blobs
  }
}

extension Vault {
  /// Changes whenever something happens that the state holds.
  var revision: [Int] { [ledger.effectCount, state.time.wakeupCount, state.time.wakeups.count] }

  /// Goes on where another vault was; what can be derived is derived.
  mutating func resume(_ state: VaultState) {
    self.state = state
    index = VaultIndex(of: state)
  }
}

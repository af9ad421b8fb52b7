import HeapModule
import Operations
import OrderedCollections

/// The sandbox's engine: the whole of Privicore as far as a client can observe, as a value.
///
/// It performs nothing: requests, messages and the passing of time go in, answers and messages to
/// sockets come out. The same seed and the same inputs give the same bytes. Time never runs
/// backwards: an earlier instant counts as the latest one seen.
///
///     var vault = Vault(configuration: VaultConfiguration(), seed: 1)
///     let reaction = vault.receive(APIRequest(method: "GET", path: "/health"), at: now)
///     // reaction.response is sent, then reaction.emissions; at vault.nextDeadline
///     // vault.advance(to:) returns what is to be sent then.
package struct Vault: Sendable {
  private(set) var configuration: VaultConfiguration
  var engineKey: String
  var generator: SeededGenerator
  /// What is spoken at the moment; a mixed dialect changes from answer to answer.
  var dialect: Dialect
  /// Chance of its own, so that a mixed dialect has no part in what identifiers become.
  var dialectRandom: SeededGenerator
  /// The latest instant seen.
  var clock = Moment(nanoseconds: 0)
  var wakeups = Heap<Wakeup>()
  var wakeupCount = 0
  var outbox: [VaultEmission] = []
  /// The blob that is the body of the answer being made.
  var outgoing: BlobID?

  /// What clients did and what came of it.
  package internal(set) var ledger = Ledger()

  var profiles: [ProfileID: Profile] = [:]
  var profileNames: [String: ProfileID] = [:]
  /// The first registration of a name that is in progress.
  var registrations: [String: CommandID] = [:]
  var tokens: [String: AuthorizationToken] = [:]
  var channels: [ProfileID: ProfileChannel] = [:]
  var sockets: [ConnectionID: Socket] = [:]
  var commands: [CommandID: Command] = [:]
  /// Commands that wait for a storage device, by the profile that needs one.
  var parked: [ProfileID: [CommandID]] = [:]
  var devices: [DeviceID: Device] = [:]
  var deviceRequests: [CommandID: DeviceID] = [:]
  var reservations: [ReservationID: Reservation] = [:]
  var reservationRequests: [CommandID: ReservationID] = [:]
  var uploads: [String: ReservationID] = [:]
  var usedUploads: Set<String> = []
  var dataTokens: [DataTokenID: DataToken] = [:]
  /// Permanent tokens, to what they stand for.
  var permanentTokens: [String: DataTokenID] = [:]
  var downloads: [String: DownloadPass] = [:]
  /// Bytes of all payloads that the vault itself holds.
  var storedBytes = 0
  var polls: [PollID: Poll] = [:]
  /// What reads may still see, oldest first; empty without a read lag.
  var past: [PastRecords] = []
  /// In the order they were registered.
  var applications: OrderedDictionary<ApplicationID, OAuthApplication> = [:]
  var applicationClients: [String: ApplicationID] = [:]
  var codeRequests: [CommandID: AuthorizationCode] = [:]
  /// Codes that can still be changed for a token, to the command that asked for them.
  var codes: [String: CommandID] = [:]
  /// Refresh tokens, to the access token they renew.
  var refreshTokens: [String: String] = [:]

  /// Starts an empty engine whose identifiers, tokens and keys follow from `seed`.
  package init(configuration: VaultConfiguration, seed: UInt64) {
    self.configuration = configuration
    generator = SeededGenerator(seed: seed)
    dialect = configuration.dialect
    dialectRandom = SeededGenerator(seed: ~seed)
    engineKey =
      Self.keyPair(from: &generator, tag: configuration.dialect.keyTag.own)?.publicKey ?? ""
    settleDialect()
  }

  /// From now on clients are directed to upload and download there.
  package mutating func locateStreams(upstream: StreamAddress, downstream: StreamAddress) {
    configuration.upstream = upstream
    configuration.downstream = downstream
  }
}

extension Vault: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Never what is inside: it is full of other people's secrets.
  package var description: String { "Vault" }
  /// The same as `description`, so that a debugger shows no secret.
  package var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows no secret.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

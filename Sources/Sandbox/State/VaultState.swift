import HeapModule
import Operations
import OrderedCollections

/// Everything of a vault that outlives its process; not its sockets, its ledger, its settings.
struct VaultState: Sendable, Codable {
  let engineKey: String
  let generator: SeededGenerator
  let clock: Moment
  let wakeups: [Wakeup]
  let wakeupCount: Int
  let profiles: [ProfileID: Profile]
  let tokens: [String: AuthorizationToken]
  let commands: [CommandID: Command]
  let parked: [ProfileID: [CommandID]]
  let devices: [DeviceID: Device]
  let reservations: [ReservationID: Reservation]
  let uploads: [String: ReservationID]
  let usedUploads: Set<String>
  let dataTokens: [DataTokenID: DataToken]
  let downloads: [String: DownloadPass]
  let polls: [PollID: Poll]
  let applications: OrderedDictionary<ApplicationID, OAuthApplication>
  let codeRequests: [CommandID: AuthorizationCode]
  let codes: [String: CommandID]
  let refreshTokens: [String: String]
}

extension VaultState {
  /// The payloads that are kept outside the vault, with their sizes.
  var blobs: [BlobID: Int] {
    let payloads = dataTokens.values.map(\.payload) + commands.values.compactMap(\.effect?.payload)
    var blobs: [BlobID: Int] = [:]
    for case .stored(let blob, let byteCount) in payloads { blobs[blob] = byteCount }
    return blobs
  }
}

extension Vault {
  /// Changes whenever something happens that the state holds.
  var revision: [Int] { [ledger.effectCount, wakeupCount, wakeups.count] }

  var state: VaultState {
    VaultState(
      engineKey: engineKey, generator: generator, clock: clock, wakeups: wakeups.unordered,
      wakeupCount: wakeupCount, profiles: profiles, tokens: tokens, commands: commands,
      parked: parked, devices: devices, reservations: reservations, uploads: uploads,
      usedUploads: usedUploads, dataTokens: dataTokens, downloads: downloads, polls: polls,
      applications: applications, codeRequests: codeRequests, codes: codes,
      refreshTokens: refreshTokens)
  }

  /// Goes on where another vault was; what can be derived is derived.
  mutating func resume(_ state: VaultState) {
    engineKey = state.engineKey
    generator = state.generator
    clock = state.clock
    wakeups = Heap(state.wakeups)
    wakeupCount = state.wakeupCount
    profiles = state.profiles
    tokens = state.tokens
    commands = state.commands
    parked = state.parked
    devices = state.devices
    reservations = state.reservations
    uploads = state.uploads
    usedUploads = state.usedUploads
    dataTokens = state.dataTokens
    downloads = state.downloads
    polls = state.polls
    applications = state.applications
    codeRequests = state.codeRequests
    codes = state.codes
    refreshTokens = state.refreshTokens
    index()
  }

  private mutating func index() {
    for profile in profiles.values { profileNames[profile.username] = profile.id }
    for command in commands.values {
      if case .profile(.register(let username, _))? = command.effect {
        registrations[username] = command.id
      }
    }
    for device in devices.values { deviceRequests[device.request] = device.id }
    for reservation in reservations.values {
      reservationRequests[reservation.request] = reservation.id
    }
    for token in dataTokens.values {
      if let permanent = token.permanent { permanentTokens[permanent] = token.id }
    }
    for application in applications.values {
      applicationClients[application.clientID] = application.id
    }
    let payloads = dataTokens.values.map(\.payload) + commands.values.compactMap(\.effect?.payload)
    storedBytes = payloads.reduce(0) { $0 + $1.memoryCount }
  }
}

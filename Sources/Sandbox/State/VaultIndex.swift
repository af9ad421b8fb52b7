import OrderedCollections

/// What a vault's state implies, ready to be looked up; it is not saved.
///
/// Whoever changes the state changes this along, in the same words as `init(of:)`.
struct VaultIndex: Sendable, Hashable {
  private(set) var profileNames: [String: ProfileID] = [:]
  /// The first registration of a name that is in progress.
  private(set) var registrations: [String: CommandID] = [:]
  private(set) var deviceRequests: [CommandID: DeviceID] = [:]
  private(set) var reservationRequests: [CommandID: ReservationID] = [:]
  /// Permanent tokens, to what they stand for.
  private(set) var permanentTokens: [String: DataTokenID] = [:]
  private(set) var applicationClients: [String: ApplicationID] = [:]
  /// Bytes of all payloads that the vault itself holds.
  private(set) var storedBytes = 0
}

extension VaultIndex {
  /// Identifiers go with time, so that the first registration of a name comes first.
  init(of state: VaultState) {
    for profile in state.records.profiles.values { add(profile) }
    for device in state.records.devices.values { add(device) }
    for reservation in state.records.reservations.values { add(reservation) }
    for token in state.records.dataTokens.values {
      add(token)
      add(token.payload)
    }
    for application in state.records.applications.values { add(application) }
    let unsettled = state.work.commands.values.filter { $0.effect != nil }
    for command in unsettled.sorted(by: { $0.id.text < $1.id.text }) { add(command) }
  }

  mutating func add(_ profile: Profile) {
    profileNames[profile.username] = profile.id
  }

  mutating func add(_ device: Device) {
    deviceRequests[device.request] = device.id
  }

  mutating func remove(_ device: Device) {
    deviceRequests[device.request] = nil
  }

  mutating func add(_ reservation: Reservation) {
    reservationRequests[reservation.request] = reservation.id
  }

  mutating func remove(_ reservation: Reservation) {
    reservationRequests[reservation.request] = nil
  }

  mutating func add(_ token: DataToken) {
    if let permanent = token.permanent { permanentTokens[permanent] = token.id }
  }

  mutating func remove(_ token: DataToken) {
    if let permanent = token.permanent { permanentTokens[permanent] = nil }
  }

  mutating func add(_ application: OAuthApplication) {
    applicationClients[application.clientID] = application.id
  }

  /// Takes note of a command that is not settled.
  mutating func add(_ command: Command) {
    if case .profile(.register(let username, _))? = command.effect, registrations[username] == nil {
      registrations[username] = command.id
    }
    if let payload = command.effect?.payload { add(payload) }
  }

  mutating func removeRegistration(of username: String) {
    registrations[username] = nil
  }

  /// Counts a payload; it stays counted while it goes from a command to a data token.
  mutating func add(_ payload: Payload) {
    storedBytes += payload.memoryCount
  }

  mutating func remove(_ payload: Payload) {
    storedBytes -= payload.memoryCount
  }
}

import Operations
import OrderedCollections

/// What reads look at.
struct VisibleRecords: Sendable {
  let profiles: [ProfileID: Profile]
  let devices: [DeviceID: Device]
  let deviceRequests: [CommandID: DeviceID]
  let reservations: [ReservationID: Reservation]
  let reservationRequests: [CommandID: ReservationID]
  let dataTokens: [DataTokenID: DataToken]
  let permanentTokens: [String: DataTokenID]
  let applications: OrderedDictionary<ApplicationID, OAuthApplication>
}

/// Records as they were until an instant.
struct PastRecords: Sendable {
  let until: Moment
  let records: VisibleRecords
}

extension Vault {
  /// How many past states are kept; older effects are then seen sooner.
  private static let maximumPast = 1000

  private var visible: VisibleRecords {
    VisibleRecords(
      profiles: profiles, devices: devices, deviceRequests: deviceRequests,
      reservations: reservations, reservationRequests: reservationRequests,
      dataTokens: dataTokens, permanentTokens: permanentTokens, applications: applications)
  }

  /// Does something, and keeps what was there before for reads that lag behind (protocol.md §2,
  /// "Eventual consistency").
  mutating func remembering<Result>(_ body: (inout Vault) -> Result) -> Result {
    guard configuration.readLag > .zero else { return body(&self) }
    let earlier = visible
    let effects = ledger.effectCount
    let result = body(&self)
    if ledger.effectCount != effects {
      past.append(PastRecords(until: clock, records: earlier))
    }
    past.removeAll { $0.until + configuration.readLag <= clock }
    if past.count > Self.maximumPast { past.removeFirst() }
    return result
  }

  /// The vault as reads see it: with the records of a read lag ago.
  var seenByReads: Vault {
    guard let records = past.first(where: { $0.until + configuration.readLag > clock })?.records
    else { return self }
    var vault = self
    vault.profiles = records.profiles
    vault.devices = records.devices
    vault.deviceRequests = records.deviceRequests
    vault.reservations = records.reservations
    vault.reservationRequests = records.reservationRequests
    vault.dataTokens = records.dataTokens
    vault.permanentTokens = records.permanentTokens
    vault.applications = records.applications
    return vault
  }
}

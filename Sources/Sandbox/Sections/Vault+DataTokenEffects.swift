import Expressions
import Operations
import OrderedCollections

/// The data token section's commands.
enum DataTokenEffect: Sendable, Codable {
  case reserve(context: String, lifetime: Duration)
  /// Fills a reservation, by an exchange or an upload.
  case store(Payload, in: ReservationID)
  case request(DataTokenID, request: String)
  case update(String, DataTokenChange)
  case delete(String)
}

/// What an update replaces; what it does not name stays as it is (protocol.md §7).
struct DataTokenChange: Sendable, Codable {
  var payload: Payload?
  var file: ValueMap?
  var risk: ValueMap?
  var data: ValueMap?
  var context: String?
}

extension Vault {
  mutating func perform(_ effect: DataTokenEffect, of command: Command) -> EffectFate {
    switch effect {
    case .reserve(let context, let lifetime): reserve(context, lifetime, of: command)
    case .store(let payload, let reservation): store(payload, in: reservation)
    case .request(let token, _): release(token, to: command)
    case .update(let text, let change): update(text, change, of: command)
    case .delete(let text): delete(text, of: command)
    }
  }

  private mutating func reserve(
    _ context: String, _ lifetime: Duration, of command: Command
  ) -> EffectFate {
    guard let owner = command.owner else { return .refused("profile.not_found") }
    let reservation = Reservation(
      id: ReservationID(text: newIdentifier()), owner: owner, request: command.id,
      context: context, uploadValue: newSecret(), expiresAt: clock + lifetime)
    state.records.reservations[reservation.id] = reservation
    index.add(reservation)
    state.passes.uploads[reservation.uploadValue] = reservation.id
    state.time.schedule(.reservation(reservation.id), after: lifetime)
    return .done("Token space reserved.")
  }

  /// Ends a reservation's life; a command that wants to fill it may still do so while a vote is
  /// held on it.
  mutating func expire(_ id: ReservationID) {
    guard let reservation = state.records.reservations[id] else { return }
    switch reservation.state {
    case .open, .filled: forget(reservation)
    case .claimed(let command):
      guard state.work.commands[command]?.state == .parked else { return }
      settle(command, .rejected("data_token.reservation_expired"))
    }
  }

  private mutating func forget(_ reservation: Reservation) {
    state.records.reservations[reservation.id] = nil
    index.remove(reservation)
    state.passes.uploads[reservation.uploadValue] = nil
  }

  /// Reserves what a command is going to use up; returns why it cannot.
  ///
  /// An exchange claims its reservation before a vote is held on it, so that neither the end of
  /// the reservation's life nor another exchange comes in between. An upload has claimed its own
  /// already.
  mutating func claim(for command: Command) -> String? {
    guard case .dataToken(.store(_, let id)) = command.effect else { return nil }
    guard let reservation = state.records.reservations[id] else {
      return "data_token.reservation_not_found"
    }
    guard reservation.owner == command.owner else { return Refusal.notAnOwner.key }
    switch reservation.state {
    case .claimed(command.id): return nil
    case .claimed, .filled: return "data_token.reservation_used"
    case .open:
      guard reservation.expiresAt > clock else { return "data_token.reservation_not_found" }
      state.records.reservations[id]?.state = .claimed(command.id)
      return nil
    }
  }

  /// Gives a reservation back that a settled command had claimed and not filled.
  mutating func conclude(_ id: ReservationID, for command: CommandID) {
    guard var reservation = state.records.reservations[id] else { return }
    if reservation.state == .claimed(command) { reservation.state = .open }
    state.records.reservations[id] = reservation
    if reservation.expiresAt <= clock { forget(reservation) }
  }

  /// Stores with every storage device of the owner; without one it never completes.
  private mutating func store(_ payload: Payload, in id: ReservationID) -> EffectFate {
    guard let reservation = state.records.reservations[id] else {
      return .refused("data_token.reservation_not_found")
    }
    let holders = storageDevices(of: reservation.owner)
    guard !holders.isEmpty else {
      return reservation.expiresAt > clock ? .waits : .refused("data_token.reservation_expired")
    }
    let token = DataTokenID(text: id.text)
    state.records.dataTokens[token] = DataToken(
      id: token, owner: reservation.owner, createdAt: clock, context: reservation.context,
      payload: payload, holders: OrderedSet(holders))
    state.records.profiles[reservation.owner]?.dataTokens.append(token)
    state.records.reservations[id]?.state = .filled
    return .done("Data exchanged.")
  }

  private mutating func update(
    _ text: String, _ change: DataTokenChange, of command: Command
  ) -> EffectFate {
    switch ownedToken(text, of: command.owner) {
    case .failure(let refusal): return .refused(refusal.key)
    case .success(var token):
      if let payload = change.payload {
        let holders = storageDevices(of: token.owner)
        guard !holders.isEmpty else { return .waits }
        release(token.payload)
        token.payload = payload
        token.holders = OrderedSet(holders)
      }
      token.context = change.context ?? token.context
      token.file.merge(change.file)
      token.risk.merge(change.risk)
      token.data.merge(change.data)
      state.records.dataTokens[token.id] = token
      return .done("Data token updated.")
    }
  }

  private mutating func delete(_ text: String, of command: Command) -> EffectFate {
    switch ownedToken(text, of: command.owner) {
    case .failure(let refusal): return .refused(refusal.key)
    case .success(let token):
      release(token.payload)
      state.records.dataTokens[token.id] = nil
      state.records.profiles[token.owner]?.dataTokens.remove(token.id)
      index.remove(token)
      return .done("Data deleted.")
    }
  }

  private func ownedToken(_ text: String, of owner: ProfileID?) -> Result<DataToken, Refusal> {
    guard let token = dataToken(text) else {
      return .failure(Refusal(key: "data_token.not_found"))
    }
    return token.owner == owner ? .success(token) : .failure(.notAnOwner)
  }
}

extension ValueMap {
  fileprivate mutating func merge(_ other: ValueMap?) {
    for name in other?.names ?? [] { self[name] = other?[name] }
  }
}

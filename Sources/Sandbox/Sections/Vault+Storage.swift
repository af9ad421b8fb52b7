import Expressions
import Operations
import OrderedCollections

/// The storage section's commands.
enum StorageEffect: Sendable, Codable {
  case register(DeviceID)
  case synchronize(DeviceID)
  case remove(DeviceID)
}

extension VaultRoute {
  static let storage: [VaultRoute] = [
    VaultRoute(
      "storage.register-storage-device", "POST", "/storage/register", .form,
      .full { $0.command($1, $2, on: { .storage(.register($0)) }) }),
    VaultRoute(
      "storage.list-storage-devices", "GET", "/storage/list-storage-devices", .none,
      .read { vault, _, caller in vault.listDevices(of: caller, having: .storage) }),
    VaultRoute(
      "storage.synchronize-device", "POST", "/storage/sync-device", .form,
      .full { $0.command($1, $2, on: { .storage(.synchronize($0)) }) }),
    VaultRoute(
      "storage.remove-storage", "POST", "/storage/remove", .form,
      .full { $0.command($1, $2, on: { .storage(.remove($0)) }) }),
  ]
}

extension Vault {
  mutating func perform(_ effect: StorageEffect, of command: Command) -> EffectFate {
    switch effect {
    case .register(let id):
      return give(.storage, to: id, of: command, "Storage device registered.")
    case .remove(let id):
      return take(.storage, from: id, of: command, "Storage device removed.")
    case .synchronize(let id):
      switch role(.storage, of: id, command) {
      case .failure(let refusal): return .refused(refusal.key)
      case .success(let device):
        return device.isReachable
          ? synchronize(id, of: command) : .refused(Refusal.deviceOffline.key)
      }
    }
  }

  /// Gives a role to an approved device; giving it twice changes nothing (protocol.md §15).
  mutating func give(
    _ role: Device.Role, to id: DeviceID, of command: Command, _ sentence: String
  ) -> EffectFate {
    switch ownedDevice(id, of: command.owner) {
    case .failure(let refusal): return .refused(refusal.key)
    case .success(let device):
      guard device.status == .approved else { return .refused(Refusal.deviceNotApproved.key) }
      guard !device.roles.contains(role) else {
        return switch dialect.repeatedRole {
        case .unchanged: .unchanged(sentence)
        case .refused: .refused("\(role.key).already_registered")
        }
      }
      if role == .storage,
        configuration.offlineDevices.holds(storageAfter: storageDevices(of: device.owner).count)
      {
        state.records.devices[id]?.isOnline = false
      }
      state.records.devices[id]?.roles.insert(role)
      if role == .authenticator { state.records.profiles[device.owner]?.authenticators.append(id) }
      return .done(sentence)
    }
  }

  /// Takes a role away; the device stays (protocol.md §8).
  mutating func take(
    _ role: Device.Role, from id: DeviceID, of command: Command, _ sentence: String
  ) -> EffectFate {
    switch self.role(role, of: id, command) {
    case .failure(let refusal): return .refused(refusal.key)
    case .success(let device):
      state.records.devices[id]?.roles.remove(role)
      if role == .authenticator { state.records.profiles[device.owner]?.authenticators.remove(id) }
      return .done(sentence)
    }
  }

  private func role(
    _ role: Device.Role, of id: DeviceID, _ command: Command
  ) -> Result<Device, Refusal> {
    ownedDevice(id, of: command.owner).flatMap { device in
      device.roles.contains(role)
        ? .success(device) : .failure(Refusal(key: "\(role.key).not_found"))
    }
  }

  /// The device gets every payload of its owner that another storage device still holds.
  private mutating func synchronize(_ id: DeviceID, of command: Command) -> EffectFate {
    for token in command.owner.flatMap({ state.records.profiles[$0]?.dataTokens }) ?? [] {
      guard let stored = state.records.dataTokens[token], !liveHolders(of: stored).isEmpty else {
        continue
      }
      state.records.dataTokens[token]?.holders.append(id)
    }
    return .done("Storage device synchronized.")
  }

  /// The storage devices of a profile, in the order they were requested.
  func storageDevices(of owner: ProfileID) -> [DeviceID] {
    devices(of: owner).filter { $0.roles.contains(.storage) }.map(\.id)
  }

  /// The devices that hold a payload, are still storage devices and can be reached.
  func liveHolders(of token: DataToken) -> [DeviceID] {
    token.holders.filter { holder in
      state.records.devices[holder].map { $0.roles.contains(.storage) && $0.isReachable } ?? false
    }
  }

  /// A new holder may complete what waited for one.
  mutating func resumeParked(of owner: ProfileID) {
    for id in state.work.parked.removeValue(forKey: owner) ?? []
    where state.work.commands[id]?.state == .parked {
      complete(id)
    }
  }
}

extension Device.Role {
  /// What reasons call it.
  fileprivate var key: String {
    switch self {
    case .storage: "storage"
    case .authenticator: "verified_authenticator"
    }
  }
}

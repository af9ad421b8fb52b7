import Expressions
import Operations
import OrderedCollections

/// The device section's commands.
enum DeviceEffect: Sendable, Codable {
  /// Without a name it is called by its identifier.
  case request(name: String?)
  case configure(DeviceID, name: String?, meta: ValueMap)
  case approve(DeviceID)
  case reject(DeviceID)
  case remove(DeviceID)
}

extension VaultRoute {
  static let device: [VaultRoute] = [
    VaultRoute(
      "device.request-unique-identifier", "POST", "/device/request-unique-identifier", .form,
      .full { $0.requestDevice($1, $2) }),
    VaultRoute(
      "device.retrieve-unique-identifier", "POST", "/device/retrieve-unique-identifier", .form,
      .full { $0.retrieveDevice($1, $2) }),
    VaultRoute(
      "device.retrieve-profile-devices", "GET", "/device/retrieve-profile-devices", .none,
      .read { vault, _, caller in vault.listDevices(of: caller, having: nil) }),
    VaultRoute(
      "device.retrieve-profile-devices", "POST", "/device/retrieve-profile-devices", .form,
      .read { vault, _, caller in vault.listDevices(of: caller, having: nil) }),
    VaultRoute(
      "device.configure-device-meta", "POST", "/device/configure-meta", .form,
      .full { $0.configureDevice($1, $2) }),
    VaultRoute(
      "device.approve-device", "POST", "/device/approve-device", .form,
      .full { $0.command($1, $2, on: { .device(.approve($0)) }) }),
    VaultRoute(
      "device.reject-device", "POST", "/device/reject-device", .form,
      .full { $0.command($1, $2, on: { .device(.reject($0)) }) }),
    VaultRoute(
      "device.remove-device", "POST", "/device/remove", .form,
      .full { $0.command($1, $2, on: { .device(.remove($0)) }) }),
    VaultRoute(
      "device.retrieve-device-configuration", "GET", "/device/retrieve-device-configuration/",
      .none, .full { $0.fetchConfiguration(DeviceID(text: $1.parameter), $2) }, from: .official),
    VaultRoute(
      "device.retrieve-device-configuration", "POST", "/device/download-device-configuration",
      .form, .full { $0.downloadDeviceConfiguration($1, $2) }, from: .observed),
    VaultRoute(
      "device.retrieve-device-configuration", "GET", "/device/download-device-configuration/",
      .none, .full { $0.fetchConfigurationFile(DeviceID(text: $1.parameter), $2) }, from: .observed),
  ]
}

extension FormCheck {
  /// The device that a command is about, under any of its names (protocol.md §13).
  mutating func device() -> DeviceID {
    DeviceID(text: text("deviceIdentifier", "deviceId", "device_unique_identifier"))
  }
}

extension Vault {
  /// Accepts a command that is about one device and nothing else.
  mutating func command(
    _ call: VaultCall, _ caller: Caller, on effect: (DeviceID) -> CommandEffect
  ) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let device = form.device()
    return form.refusal ?? accept(effect(device), call, of: caller)
  }

  /// The reason why `caller` may not touch a device, or the device.
  func ownedDevice(_ id: DeviceID, of owner: ProfileID?) -> Result<Device, Refusal> {
    guard let device = state.records.devices[id] else { return .failure(.deviceNotFound) }
    return device.owner == owner ? .success(device) : .failure(.notAnOwner)
  }

  /// The devices of a profile, in the order they were requested.
  func devices(of owner: ProfileID) -> [Device] {
    (state.records.profiles[owner]?.devices ?? []).compactMap { state.records.devices[$0] }
  }

  fileprivate mutating func requestDevice(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let isStrict = dialect.requiredFields == .official
    let name = isStrict ? form.text("deviceName") : form.optionalText("deviceName")
    return form.refusal ?? accept(.device(.request(name: name)), call, of: caller)
  }

  /// The identifier that a command asked for; from now on the device gets to its key.
  fileprivate mutating func retrieveDevice(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let request = CommandID(text: form.text("id"))
    if let refusal = form.refusal { return refusal }
    guard let device = deviceSeenByRead(request, of: caller) else {
      return .failure(404, "no such request")
    }
    if state.records.devices[device.id]?.keyAt == nil {
      state.records.devices[device.id]?.keyAt = state.time.clock + configuration.deviceKeyDelay
    }
    let id = Value.string(device.id.text)
    return switch dialect.deviceAnswer {
    case .both: .json(["deviceIdentifier": id, "deviceUniqueIdentifier": id])
    case .named: .json(["deviceIdentifier": id])
    case .string: .json(id)
    case .older: .json(["deviceUniqueIdentifier": id])
    }
  }

  /// The device that a command asked for.
  ///
  /// What a read sees is released at its end: all devices would be copied when one changes meanwhile.
  private mutating func deviceSeenByRead(_ request: CommandID, of caller: Caller) -> Device? {
    let seen = seenByRead()
    guard let id = seen.index.deviceRequests[request], let device = seen.state.records.devices[id],
      device.owner == caller.profile
    else { return nil }
    return device
  }

  fileprivate mutating func configureDevice(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let device = form.device()
    let name = form.optionalText("name", "displayName")
    if let refusal = form.refusal { return refusal }
    let meta = call.fields.rest(without: [
      "deviceIdentifier", "deviceId", "device_unique_identifier", "name", "displayName",
    ])
    return accept(.device(.configure(device, name: name, meta: meta)), call, of: caller)
  }

  /// The caller's devices, or those with a role, in the order they were requested.
  func listDevices(of caller: Caller, having role: Device.Role?) -> APIResponse {
    let own = devices(of: caller.profile).filter { device in
      role.map(device.roles.contains) ?? true
    }
    return list(own.map { ($0.id.text, $0.record(dialect)) })
  }

  mutating func perform(_ effect: DeviceEffect, of command: Command) -> EffectFate {
    switch effect {
    case .request(let name): registerDevice(name, of: command)
    case .configure(let id, let name, let meta): configure(id, name, meta, of: command)
    case .approve(let id): approve(id, of: command)
    case .reject(let id): drop(id, of: command, only: .pending)
    case .remove(let id): drop(id, of: command, only: nil)
    }
  }

  private mutating func registerDevice(_ name: String?, of command: Command) -> EffectFate {
    guard let owner = command.owner, let profile = state.records.profiles[owner] else {
      return .refused("profile.not_found")
    }
    guard profile.devices.count < configuration.limits.devices else {
      return .refused("device.too_many")
    }
    guard dialect.sameName == .usual || !devices(of: owner).contains(where: { $0.name == name })
    else { return .refused("device.name_taken") }
    let id = DeviceID(text: newIdentifier())
    let name = name ?? id.text
    let credentials = Device.EngineAccess(
      clientID: newIdentifier(), clientSecret: KeptSecret(newSecret()), queueUser: newIdentifier(),
      queuePassword: KeptSecret(newSecret()))
    let device = Device(
      id: id, owner: owner, request: command.id, createdAt: clock, credentials: credentials,
      name: name, isOnline: !configuration.offlineDevices.holds(name: name),
      awaitsConfiguration: dialect.deviceOnline == .afterConfiguration)
    state.records.devices[id] = device
    index.add(device)
    state.records.profiles[owner]?.devices.append(id)
    return .done("Device identifier created.")
  }

  private mutating func configure(
    _ id: DeviceID, _ name: String?, _ meta: ValueMap, of command: Command
  ) -> EffectFate {
    switch ownedDevice(id, of: command.owner) {
    case .failure(let refusal): return .refused(refusal.key)
    case .success(var device):
      device.name = name ?? device.name
      for key in meta.names { device.meta[key] = meta[key] }
      state.records.devices[id] = device
      return .done("Device configured.")
    }
  }

  private mutating func approve(_ id: DeviceID, of command: Command) -> EffectFate {
    switch ownedDevice(id, of: command.owner) {
    case .failure(let refusal): return .refused(refusal.key)
    case .success(let device) where device.status == .approved:
      return .unchanged("Device is approved already.")
    case .success(let device):
      guard hasKey(device) else { return .refused("device.public_key_missing") }
      state.records.devices[id]?.status = .approved
      return .done("Device approved.")
    }
  }

  /// Whether a device has registered its own key, where that counts.
  private func hasKey(_ device: Device) -> Bool {
    switch dialect.deviceKey {
    case .no: true
    case .yes: device.keyAt.map { $0 <= clock } ?? false
    case .never: false
    }
  }

  private mutating func drop(
    _ id: DeviceID, of command: Command, only status: Device.Status?
  ) -> EffectFate {
    switch ownedDevice(id, of: command.owner) {
    case .failure(let refusal): return .refused(refusal.key)
    case .success(let device) where status.map { $0 != device.status } ?? false:
      return .refused("device.already_approved")
    case .success(let device):
      state.records.devices[id] = nil
      index.remove(device)
      state.records.profiles[device.owner]?.devices.remove(id)
      state.records.profiles[device.owner]?.authenticators.remove(id)
      return .done(status == nil ? "Device removed." : "Device rejected.")
    }
  }
}

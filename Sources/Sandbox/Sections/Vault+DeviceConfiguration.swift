import Expressions
import Operations

/// What a device needs to connect, in each of its forms.
extension Vault {
  private func deviceConfiguration(_ id: DeviceID, _ caller: Caller) -> APIResponse {
    switch ownedDevice(id, of: caller.profile) {
    case .success(let device): .json(device.configuration)
    case .failure(.notAnOwner): .failure(403, Refusal.notAnOwner.key)
    case .failure(let refusal): .failure(404, refusal.key)
    }
  }

  /// Returns the configuration as reads see it; the device is online from now on.
  mutating func fetchConfiguration(_ id: DeviceID, _ caller: Caller) -> APIResponse {
    let answer = seenByRead().deviceConfiguration(id, caller)
    if answer.status == 200 { configured(id) }
    return answer
  }

  mutating func fetchConfigurationFile(_ id: DeviceID, _ caller: Caller) -> APIResponse {
    let answer = seenByRead().deviceFile(id, caller)
    if answer.status == 200 { configured(id) }
    return answer
  }

  /// Brings a device online that waited for its configuration; what waited for it proceeds.
  private mutating func configured(_ id: DeviceID) {
    guard state.records.devices[id]?.awaitsConfiguration == true,
      let owner = state.records.devices[id]?.owner
    else { return }
    state.records.devices[id]?.awaitsConfiguration = nil
    resumeParked(of: owner)
  }

  /// The configuration as a file, in the older engine's form (operations.yaml).
  private func deviceFile(_ id: DeviceID, _ caller: Caller) -> APIResponse {
    guard case .success(let device) = ownedDevice(id, of: caller.profile) else {
      return deviceConfiguration(id, caller)
    }
    let fields = device.configuration.fields ?? ValueMap()
    let lines = fields.names.map { "\($0): \(fields[$0]?.plainText ?? "")\n" }
    return .json([
      "name": .string("\(id.text).yaml"), "file": .string(Base64.encode(lines.joined().utf8)),
    ])
  }

  mutating func downloadDeviceConfiguration(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let device = form.device()
    return form.refusal ?? fetchConfiguration(device, caller)
  }
}

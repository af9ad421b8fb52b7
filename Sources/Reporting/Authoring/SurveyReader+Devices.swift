import Expressions
import Operations
import OrderedCollections
import Playbooks

/// The key and the devices.
extension SurveyReader {
  mutating func readPublicKey() {
    let answer = answer("publicKey") ?? [:]
    guard let key = answer["publicKey"]?.openText,
      calls.unchanged("public-key.register-public-key", ["publicKey": .string(key)], in: [answer])
        != nil
    else { return note(TenantGap(.publicKey, .notShown)) }
    snapshot.publicKey = key
  }

  mutating func readDevices() {
    guard let devices = records("devices", "devices", of: .devices) else { return }
    let holders = identifiers("storageDevices", "devices", .storageDevices)
    let voters = identifiers("authenticators", "authenticators", .authenticators)
    var (doubled, unclear, unapproved) = ([String](), [String](), 0)
    for (name, group) in named(devices, .devices) {
      let listed: ValueMap = ["devices": .list(group.map { .map($0) })]
      let record = calls.unchanged(
        "device.request-unique-identifier", ["deviceName": .string(name)], in: [listed],
        match: .newest)
      guard let record, let id = record["deviceIdentifier"]?.openText else {
        unclear.append(name)
        continue
      }
      if group.count > 1 { doubled.append(name) }
      let approval = approval(of: id, record)
      if approval == nil { unapproved += 1 }
      var roles: [TenantSnapshot.Device.Role] = []
      if holders.contains(id) { roles.append(.storage) }
      if voters.contains(id) { roles.append(.authenticator) }
      snapshot.devices.append(
        TenantSnapshot.Device(name: name, isApproved: approval ?? false, roles: roles))
      deviceNames[id] = name
    }
    noteDoubled(doubled, .devices)
    note(.devices, .unclear, unclear)
    if unapproved > 0 { note(TenantGap(.approvals, .notShown)) }
    noteUnknown(holders, .storageDevices, among: devices)
    noteUnknown(voters, .authenticators, among: devices)
  }

  /// The identifiers of the devices that have a role.
  private mutating func identifiers(
    _ output: String, _ list: String, _ part: TenantPart
  ) -> OrderedSet<String> {
    let records = records(output, list, of: part) ?? []
    return OrderedSet(records.compactMap { $0["deviceIdentifier"]?.openText })
  }

  private mutating func noteUnknown(
    _ ids: OrderedSet<String>, _ part: TenantPart, among devices: [ValueMap]
  ) {
    let known = Set(devices.compactMap { $0["deviceIdentifier"]?.openText })
    note(part, .unknownDevice, ids.filter { !known.contains($0) })
  }

  /// Whether a device is approved; nil when the service does not show it.
  private func approval(of id: String, _ record: ValueMap) -> Bool? {
    let standing = calls.standing(
      "device.approve-device", ["deviceIdentifier": .string(id)],
      in: [["devices": [.map(record)]]])
    switch standing {
    case .same?: return true
    case .different?: return false
    case .absent?, .several?, .unreadable?, nil: return nil
    }
  }
}

import Expressions
import Operations

extension Vault {
  /// The beginning of the paths that are the sandbox's own.
  static let controlPath = "/__sandbox/"

  /// Answers a call that is the sandbox's own, under `/__sandbox/`, without a token.
  mutating func control(_ request: APIRequest) -> APIResponse {
    let segments = request.path.split(separator: "/", omittingEmptySubsequences: true)
      .dropFirst().compactMap { PercentDecoding.component($0) }
    switch (segments.first, segments.count) {
    case ("ledger", 1): return request.method == "GET" ? .json(ledgerRecord) : .wrongMethod
    case ("dialect", 1): return request.method == "GET" ? .json(dialectRecord) : .wrongMethod
    case ("devices", 1): return request.method == "GET" ? .json(deviceStates) : .wrongMethod
    case ("devices", 3):
      guard let isOnline = ["online": true, "offline": false][segments[2]] else { break }
      return request.method == "POST" ? turn(segments[1], isOnline: isOnline) : .wrongMethod
    default: break
    }
    return .failure(404, "not found")
  }

  /// What was received, and which faults were injected if any are to be.
  private var ledgerRecord: Value {
    guard !faults.spec.isEmpty, var record = ledger.wire.fields else { return ledger.wire }
    record["faults"] = faults.wire
    return .map(record)
  }

  /// What is spoken at the moment.
  private var dialectRecord: Value {
    var record = ValueMap()
    for variant in DialectVariant.all {
      record[variant.name] = .string(variant.choice(of: dialect))
    }
    return .map(record)
  }

  /// Every device of every profile, oldest first, without anything secret.
  private var deviceStates: Value {
    .list(
      state.records.devices.values.sorted {
        ($0.createdAt, $0.id.text) < ($1.createdAt, $1.id.text)
      }.map(\.state)
    )
  }

  /// Switches devices on or off, by identifier or by name; what waited for one continues.
  private mutating func turn(_ text: String, isOnline: Bool) -> APIResponse {
    let found = state.records.devices.values.filter { $0.id.text == text || $0.name == text }
    guard !found.isEmpty else { return .failure(404, "no such device") }
    for device in found {
      state.records.devices[device.id]?.isOnline = isOnline
      if isOnline { state.records.devices[device.id]?.awaitsConfiguration = nil }
    }
    if isOnline {
      for owner in Set(found.map(\.owner)) { resumeParked(of: owner) }
    }
    return .json(.list(found.compactMap { state.records.devices[$0.id]?.state }))
  }
}

extension Device {
  fileprivate var state: Value {
    let roles = Role.allCases.filter(roles.contains).map { Value.string($0.rawValue) }
    return [
      "deviceIdentifier": .string(id.text), "name": .string(name), "roles": .list(roles),
      "online": .bool(isReachable),
    ]
  }
}

extension APIResponse {
  fileprivate static let wrongMethod = failure(405, "method not allowed")
}

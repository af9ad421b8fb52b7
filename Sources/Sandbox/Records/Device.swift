import Expressions
import Operations

/// A device of a profile, from the request of its identifier on.
struct Device: Sendable, Codable {
  enum Role: String, Sendable, CaseIterable, Codable {
    case storage
    case authenticator
  }

  enum Status: String, Sendable, Codable {
    /// Exits: `approved`, or the record is dropped.
    case pending
    case approved
  }

  /// What the device itself needs to reach the engine.
  struct EngineAccess: Sendable, Codable {
    let clientID: String
    let clientSecret: KeptSecret
    let queueUser: String
    let queuePassword: KeptSecret
  }

  let id: DeviceID
  let owner: ProfileID
  /// The command that asked for the identifier.
  let request: CommandID
  let createdAt: Moment
  let credentials: EngineAccess
  var name: String
  var status = Status.pending
  var roles: Set<Role> = []
  /// Whether it is switched on; only storage needs that.
  var isOnline = true
  /// Whether it cannot be reached until its configuration is fetched; nil in older states.
  var awaitsConfiguration: Bool?
  /// When it has registered its own key; nil until its identifier was retrieved.
  var keyAt: Moment?
  /// Everything else that was configured, by name.
  var meta = ValueMap()
}

extension Device {
  /// Whether it can be reached.
  var isReachable: Bool { isOnline && awaitsConfiguration != true }

  func record(_ dialect: Dialect) -> Value {
    let roles = Role.allCases.filter(roles.contains).map { Value.string($0.rawValue) }
    var record = ValueMap()
    record[dialect.deviceName.rawValue] = .string(id.text)
    record["name"] = .string(name)
    record["status"] = .string(status.rawValue)
    record["roles"] = .list(roles)
    record["createdAt"] = .string(createdAt.text(dialect))
    record["meta"] = .map(meta)
    return .map(record)
  }

  /// The configuration with the dashed names of the official page; secret material.
  var configuration: Value {
    [
      "device-identifier": .string(id.text), "client-id": .string(credentials.clientID),
      "client-secret": credentials.clientSecret.reveal(),
      "rabbit-user": .string(credentials.queueUser),
      "rabbit-pass": credentials.queuePassword.reveal(),
      "rabbit-host": "queue.invalid", "rabbit-port": 5672,
    ]
  }
}

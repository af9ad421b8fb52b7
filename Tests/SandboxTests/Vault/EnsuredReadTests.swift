import Expressions
import Operations
import Sandbox
import Testing

/// What the reads of ensured calls show in every dialect.
@Suite struct EnsuredReadTests {
  /// A preset, and variants that are fixed beside it.
  struct Speech: Sendable, CustomTestStringConvertible {
    let preset: DialectPreset
    var choices: [String] = []

    var testDescription: String { ([preset.rawValue] + choices).joined(separator: " ") }
  }

  static let speeches =
    DialectPreset.allCases.map { Speech(preset: $0) }
    + [
      "lists=array", "lists=items", "lists=keyed", "rows=meta", "rows=flat",
      "device-name=device-identifier", "device-name=id", "policy-voting-key=configurationId",
      "permanent-token=string", "permanent-token=command", "missing-key=unauthorized",
      "timestamps=zulu", "templates=array", "taken-username=conflict",
    ].map { Speech(preset: .own, choices: [$0]) }

  private static func tenant(_ speech: Speech) throws -> EnsuredTenant {
    var tenant = try EnsuredTenant { configuration in
      configuration.speak(speech.preset)
      configuration.speak(speech.choices)
      // An acknowledgement before its effect would show nothing yet.
      configuration.fix(
        DialectVariant.all.first { $0.name == "ack-time" } ?? DialectVariant.all[0], "settled")
    }
    try tenant.provision()
    return tenant
  }

  @Test(arguments: speeches)
  func `devices, their approval and roles read as they were made`(speech: Speech) throws {
    var tenant = try Self.tenant(speech)
    let store = try tenant.device("store")
    let voter = try tenant.device("voter")
    let stored: ValueMap = ["deviceIdentifier": store]
    let voting: ValueMap = ["deviceIdentifier": voter]
    _ = try tenant.make("storage.register-storage-device", stored)
    _ = try tenant.make("verified-authenticator.register-authenticator", voting)
    _ = try tenant.make(
      "device.configure-device-meta", ["deviceIdentifier": store, "name": "vault"])
    try tenant.remove("storage.remove-storage", stored)
    try tenant.remove("verified-authenticator.remove-authenticator", voting)
    try tenant.remove("device.remove-device", stored)
    let pending = try tenant.make("device.request-unique-identifier", ["deviceName": "late"])
    try tenant.remove(
      "device.reject-device", ["deviceIdentifier": pending["deviceIdentifier"] ?? .null])
  }

  @Test(arguments: speeches)
  func `voting configurations and policies read as they were made`(speech: Speech) throws {
    var tenant = try Self.tenant(speech)
    let voter = try tenant.device("voter")
    _ = try tenant.make(
      "verified-authenticator.register-authenticator", ["deviceIdentifier": voter])
    var voting: ValueMap = [
      "name": "v", "timeLimit": 60, "strategy": "minimum_percentage", "percentageRequired": 66,
      "deviceIdentifiers": .list([voter]),
    ]
    let configuration = try tenant.make(
      "verified-authenticator.register-voting-configuration", voting)
    voting["timeLimit"] = 30
    voting["percentageRequired"] = 51
    voting["deviceIdentifiers"] = []
    #expect(
      try tenant.differences("verified-authenticator.register-voting-configuration", voting)
        == ["timeLimit", "percentageRequired", "deviceIdentifiers"])
    voting["id"] = configuration["id"]
    _ = try tenant.make("verified-authenticator.update-voting-configuration", voting)

    let list = try tenant.answer("policy.list-policy-templates")["templates"]?.revealed
    guard case .list(let templates) = list, let template = templates.first?.fields,
      case .list(let events) = template["events"]?.revealed, let event = events.first?.fields
    else {
      Issue.record("no templates: \(list ?? .null)")
      return
    }
    var policy: ValueMap = [
      "name": "p", "policyTemplateId": template["id"] ?? .null,
      "applyingEventIds": .list([event["id"] ?? .null]),
      "configuration": ["classification": "internal", "label": "l", "handling": "h"],
      "configurationId": configuration["id"] ?? .null,
    ]
    let registered = try tenant.make("policy.register-policy", policy)
    policy["configuration"] = ["label": "m"]
    #expect(try tenant.differences("policy.register-policy", policy) == ["configuration"])
    let id: ValueMap = ["policyId": registered["id"] ?? .null]
    _ = try tenant.make("policy.activate-policy", id)
    try tenant.remove("policy.deactivate-policy", id)
    try tenant.remove("policy.delete-policy", id)
  }

  @Test(arguments: speeches)
  func `settings of the profile read as they were made, or not at all`(speech: Speech) throws {
    var tenant = try Self.tenant(speech)
    let settings: [(String, ValueMap)] = [
      ("set-quorum-size", ["size": 2]),
      ("set-quorum-strategy", ["strategy": "minimum_percentage", "strategy_params": 66]),
      ("set-voting-time-limit", ["timeLimit": 90]),
      ("set-maximum-voting-attempts", ["numberOfAttempts": 3]),
    ]
    for (name, arguments) in settings {
      let id = "verified-authenticator.\(name)"
      let before = try tenant.standing(id, arguments)
      // Some services list the strategies that there are, others choose what they answer.
      if before == .unreadable || speech.preset == .mixed { continue }
      _ = try tenant.make(id, arguments)
    }
  }

  @Test(arguments: speeches)
  func `applications and stored data read as they were made`(speech: Speech) throws {
    var tenant = try Self.tenant(speech)
    let application: ValueMap = [
      "name": "app", "redirectUri": "https://app.invalid", "scopes": ["b", "a"],
    ]
    _ = try tenant.make("oauth-application.register-oauth-application", application)

    let store = try tenant.device("store")
    _ = try tenant.make("storage.register-storage-device", ["deviceIdentifier": store])
    let space: ValueMap = ["context": "contracts", "fileName": "contract.txt"]
    #expect(try tenant.standing("data-token.reserve-token-space", space) == .absent)
    let reserved = try tenant.answer("data-token.reserve-token-space", space)
    let temporary = try tenant.answer(
      "data-token.retrieve-temporary-data-token", ["commandId": reserved["commandId"] ?? .null])
    let token = try #require(temporary["token"])
    _ = try tenant.make(
      "data-token.exchange-data-for-token", ["temporaryTokenSpace": token, "data": "c2VjcmV0"])
    var file: ValueMap = [
      "token": token, "fileName": "contract.txt", "extension": "txt", "context": "contracts",
      "size": 6, "path": "/",
    ]
    let described = try tenant.make("data-token.configure-file-meta", file)
    file["token"] = described["token"]
    file["size"] = 7
    #expect(try tenant.differences("data-token.configure-file-meta", file) == ["size"])
    _ = try tenant.make(
      "data-token.configure-information-security-risk-meta",
      [
        "token": described["token"] ?? .null, "classification": "internal", "label": "l",
        "handling": "h",
      ])
    #expect(try tenant.standing("data-token.reserve-token-space", space).isSame)
    try tenant.remove("data-token.delete-data", ["token": described["token"] ?? .null])
  }
}

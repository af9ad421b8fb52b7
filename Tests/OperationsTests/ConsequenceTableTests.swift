import Operations
import OrderedCollections
import Testing

/// What the embedded description says that each operation does at the service.
@Suite struct ConsequenceTableTests {
  /// A line for each operation: its effect, whether that is final, and the events that it raises.
  ///
  /// An operation that is added is thought about here, too.
  private static let table = """
    utility.check-server-health: none
    utility.request-command-id-status: none
    profile.register-new-profile: create
    profile.authenticate: none
    profile.retrieve-profile-id: none
    profile.change-password: change
    profile.generate-qr-token-for-authorization: create
    profile.reauthorize-authorization-token: change
    profile.revoke-authorization-token: remove, final
    profile.retrieve-token-expiry: none
    oauth-application.register-oauth-application: create
    oauth-application.retrieve-oauth-app-configuration: change, final
    oauth-application.request-oauth-app-authorization-code: create
    oauth-application.retrieve-oauth-app-authorization-code: none
    oauth-application.obtain-oauth-app-access-token: create
    oauth-application.oauth-application-list: none
    oauth-application.retrieve-oauth-application-scope: none
    oauth-application.refresh-oauth-app-access-token: change, final
    public-key.generate-your-private-and-public-keys: create
    public-key.register-public-key: create
    public-key.retrieve-public-key: none
    public-key.retrieve-cab-public-key: none
    data-token.reserve-token-space: create
    data-token.retrieve-temporary-data-token: none
    data-token.exchange-data-for-token: create, data_token.data_exchanged
    data-token.upstream-file-via-stream-auth: create, data_token.data_exchanged
    data-token.download-data: none
    data-token.request-data-via-token: none, data_token.data_retrieved
    data-token.configure-information-security-risk-meta: change
    data-token.configure-file-meta: change
    data-token.list-data-tokens: none
    data-token.update-data-token: change, final, data_token.data_updated
    data-token.delete-data: remove, final, data_token.data_deleted
    device.request-unique-identifier: create
    device.retrieve-unique-identifier: change
    device.retrieve-profile-devices: none
    device.configure-device-meta: change
    device.approve-device: change, device.device_approved
    device.reject-device: remove, final
    device.retrieve-device-configuration: change
    device.remove-device: remove, final, device.device_removed
    storage.register-storage-device: create
    storage.list-storage-devices: none
    storage.synchronize-device: change
    storage.remove-storage: remove, storage.storage_removed
    verified-authenticator.register-authenticator: create
    verified-authenticator.list-verified-authenticators: none
    verified-authenticator.retrieve-voting-strategy: none
    verified-authenticator.set-quorum-size: change
    verified-authenticator.set-quorum-strategy: change
    verified-authenticator.set-voting-time-limit: change
    verified-authenticator.set-maximum-voting-attempts: change
    verified-authenticator.remove-authenticator: remove
    verified-authenticator.register-voting-configuration: create
    verified-authenticator.update-voting-configuration: change
    verified-authenticator.list-voting-configurations: none
    verified-authenticator.retrieve-voting-configuration: none
    policy.list-policy-templates: none
    policy.register-policy: create
    policy.list-active-policies: none
    policy.list-inactive-policies: none
    policy.activate-policy: change
    policy.deactivate-policy: change
    policy.delete-policy: remove, final
    policy.list-registered-policies: none
    policy.retrieve-registered-policy: none
    voting.create-voting: create
    voting.check-pool-status: none
    """

  private static func line(of operation: Operations.Operation) -> String {
    let words =
      [operation.effect.rawValue] + (operation.isFinal ? ["final"] : []) + operation.causes
    return "\(operation.id): \(words.joined(separator: ", "))"
  }

  @Test func `the effect of every operation has been thought about`() throws {
    let operations = try Embedded.description().operations.values
    #expect(operations.map(Self.line) == Self.table.split(separator: "\n").map { String($0) })
  }

  @Test func `effects show in other sections where these show the same thing`() throws {
    let others = try Embedded.description().operations.values.filter { !$0.showsIn.isEmpty }
    #expect(
      others.map { "\($0.id): \($0.showsIn.sorted().joined(separator: " "))" } == [
        "public-key.register-public-key: data-token device oauth-application policy profile "
          + "storage verified-authenticator voting",
        "device.configure-device-meta: storage verified-authenticator",
        "device.remove-device: storage verified-authenticator",
        "storage.register-storage-device: device verified-authenticator",
        "storage.remove-storage: device verified-authenticator",
        "verified-authenticator.register-authenticator: device storage",
        "verified-authenticator.remove-authenticator: device storage",
      ])
  }

  @Test func `reads with a side effect are not quiet`() throws {
    let safe = try Embedded.description().operations.values.filter { $0.repetition == .safe }
    #expect(
      safe.filter { !$0.isQuiet }.map(\.id) == [
        "public-key.generate-your-private-and-public-keys", "device.retrieve-unique-identifier",
        "device.retrieve-device-configuration",
      ])
  }

  @Test func `what a policy can hold raises an event, and nothing else does`() throws {
    for operation in try Embedded.description().operations.values {
      #expect(operation.isGated == !operation.causes.isEmpty, "\(operation.id)")
    }
  }

  @Test func `a vote that is created asks by a voting configuration`() throws {
    let asking = try Embedded.description().operations.values.filter { $0.asks != nil }
    #expect(asking.map(\.id) == ["voting.create-voting"])
    #expect(
      asking.map(\.asks)
        == [.init(by: "votingConfigurationId", except: "skipAuthenticatorDevices")])
  }

  @Test func `a reserved space lives as long as its field says, until it is filled`() throws {
    let lives = try Embedded.description().operations.values.compactMap(\.lives)
    #expect(
      lives == [
        .init(
          field: "ttl", unit: .seconds(60), default: 5,
          until: [
            "data-token.exchange-data-for-token", "data-token.upstream-file-via-stream-auth",
          ])
      ])
    let reserve = try Embedded.operation("data-token.reserve-token-space")
    #expect(reserve.fields["ttl"]?.defaultText == "5")
  }

  @Test func `what removes a thing, and what an ensured call removes it by, is no creation`() throws
  {
    let description = try Embedded.description()
    for operation in description.operations.values {
      for removal in operation.lookup?.remedies.removal ?? [] {
        let effect = description.operations[removal.operation]?.effect
        #expect(effect == .remove || effect == .change, "\(operation.id)")
      }
      guard case .other(let correction)? = operation.lookup?.remedies.correction else { continue }
      #expect(description.operations[correction.operation]?.effect == .change, "\(operation.id)")
    }
  }
}

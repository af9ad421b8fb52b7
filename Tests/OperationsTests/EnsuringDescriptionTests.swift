import Expressions
import Operations
import OrderedCollections
import Testing

/// What the embedded description says for ensured calls.
@Suite struct EnsuringDescriptionTests {
  /// What can be ensured by reading it back, each with what removes it.
  private static let ensurable: [(String, [String])] = [
    ("profile.register-new-profile", []),
    ("profile.change-password", []),
    ("public-key.register-public-key", []),
    ("device.request-unique-identifier", ["device.remove-device"]),
    ("device.configure-device-meta", []),
    ("device.approve-device", []),
    ("storage.register-storage-device", ["storage.remove-storage"]),
    (
      "verified-authenticator.register-authenticator",
      [
        "verified-authenticator.remove-authenticator"
      ]
    ),
    ("verified-authenticator.register-voting-configuration", []),
    ("verified-authenticator.update-voting-configuration", []),
    ("verified-authenticator.set-quorum-size", []),
    ("verified-authenticator.set-quorum-strategy", []),
    ("verified-authenticator.set-voting-time-limit", []),
    ("verified-authenticator.set-maximum-voting-attempts", []),
    ("policy.register-policy", ["policy.deactivate-policy", "policy.delete-policy"]),
    ("policy.activate-policy", ["policy.deactivate-policy"]),
    ("oauth-application.register-oauth-application", []),
    ("data-token.reserve-token-space", ["data-token.delete-data"]),
    ("data-token.configure-file-meta", []),
    ("data-token.configure-information-security-risk-meta", []),
  ]

  @Test(arguments: ensurable)
  func `everything that can be read back can be ensured`(id: String, removal: [String]) throws {
    let operation = try Embedded.operation(id)
    let lookup = try #require(operation.lookup)
    let read = try Embedded.operation(lookup.operation)
    #expect(lookup.suffices(for: read))
    #expect(lookup.expects == .present)
    #expect(lookup.remedies.removal.map(\.operation) == removal)
    #expect(read.repetition.isRepeatable)
  }

  @Test(arguments: [
    "device.remove-device", "device.reject-device", "storage.remove-storage",
    "verified-authenticator.remove-authenticator", "policy.deactivate-policy",
    "policy.delete-policy", "data-token.delete-data",
  ])
  func `everything that removes can be ensured to be gone`(id: String) throws {
    let lookup = try #require(try Embedded.operation(id).lookup)
    #expect(lookup.suffices(for: try Embedded.operation(lookup.operation)))
    #expect(lookup.expects == .absent)
  }

  @Test(arguments: [
    ("device.approve-device", ["deviceIdentifier"], true),
    ("device.configure-device-meta", ["deviceIdentifier", "name"], true),
    ("verified-authenticator.update-voting-configuration", ["name", "timeLimit"], true),
    ("verified-authenticator.update-voting-configuration", ["id", "name"], false),
    ("verified-authenticator.register-voting-configuration", ["name", "timeLimit"], false),
    ("verified-authenticator.set-quorum-size", ["size"], false),
    ("data-token.configure-file-meta", ["token", "size"], false),
    ("data-token.configure-information-security-risk-meta", ["token", "label"], false),
    ("policy.activate-policy", ["policyId"], false),
    ("storage.register-storage-device", ["deviceIdentifier"], false),
    ("profile.change-password", ["newPassword"], false),
  ])
  func `some calls only set something of what the list shows`(
    id: String, given: [String], isSo: Bool
  ) throws {
    let lookup = try #require(try Embedded.operation(id).lookup)
    var arguments = ValueMap()
    for name in given { arguments[name] = "x" }
    #expect(lookup.setsExisting(in: arguments) == isSo)
  }

  @Test func `only a key that differs must fail`() throws {
    let ids = try Embedded.description().operations.values
      .filter { $0.lookup?.remedies.mustFail ?? false }.map(\.id)
    #expect(ids == ["public-key.register-public-key"])
  }

  @Test func `what corrects or removes gets every field that it requires`() throws {
    for operation in try Embedded.description().operations.values {
      guard let remedies = operation.lookup?.remedies else { continue }
      for removal in remedies.removal {
        let removing = try Embedded.operation(removal.operation)
        let required = removing.fields.filter(\.value.isRequired).map(\.key)
        #expect(Set(required).isSubset(of: removal.fields.keys), "\(operation.id)")
      }
      guard case .other(let correction)? = remedies.correction else { continue }
      let required = try Embedded.operation(correction.operation).fields
        .filter(\.value.isRequired).map(\.key)
      let known = Set(correction.fields.keys).union(operation.fields.keys)
      #expect(Set(required).isSubset(of: known), "\(operation.id)")
    }
  }

  @Test func `what is corrected by itself may be sent again`() throws {
    for operation in try Embedded.description().operations.values
    where operation.lookup?.remedies.correction == .itself {
      #expect(operation.repetition.isRepeatable, "\(operation.id)")
    }
  }
}

import Expressions
import Operations
import Sandbox
import Testing

struct DeviceTests {
  @Test func `a device goes from its request to a role and to its removal`() {
    var client = VaultClient.provisioned()
    let device = client.device("store", role: "storage")
    let record = client.get("/device/retrieve-profile-devices").value
    #expect(
      record == [
        [
          "deviceIdentifier": .string(device), "name": "store", "status": "approved",
          "roles": ["storage"], "createdAt": "2026-09-21T14:13:22+00:00", "meta": [:],
        ]
      ])
    _ = client.post("/verified-authenticator/register", ["deviceIdentifier": device])
    client.settle()
    let roles = client.get("/verified-authenticator/list-verified-authenticator").value
    #expect("\(roles)".contains("authenticator"))
    _ = client.post("/storage/remove", ["deviceIdentifier": device])
    client.settle()
    #expect(client.get("/storage/list-storage-devices").value == [])
    _ = client.post("/device/remove", ["deviceIdentifier": device])
    client.settle()
    #expect(client.get("/device/retrieve-profile-devices").value == [])
    #expect(client.get("/verified-authenticator/list-verified-authenticators").value == [])
  }

  @Test func `an identifier cannot be retrieved before its request is settled`() {
    var client = VaultClient.provisioned { $0.delay = .milliseconds(20) }
    let id = client.post("/device/request-unique-identifier", ["deviceName": "d"]).commandID
    #expect(client.post("/device/retrieve-unique-identifier", ["id": id]).status == 404)
    client.settle()
    #expect(client.post("/device/retrieve-unique-identifier", ["id": id]).status == 200)
  }

  @Test(arguments: ["deviceIdentifier", "deviceId", "device_unique_identifier"])
  func `a device is known by any of its field's names`(name: String) {
    var client = VaultClient.provisioned()
    let device = client.device("d", role: nil)
    let answer = client.post("/storage/register", form: [HTTPField(name, device)])
    #expect(client.outcome(of: answer.commandID) == "2 Storage device registered.")
  }

  @Test(arguments: [
    "/device/approve-device", "/device/reject-device", "/device/remove", "/device/configure-meta",
    "/storage/register", "/storage/remove", "/storage/sync-device",
    "/verified-authenticator/register", "/verified-authenticator/remove",
  ])
  func `a command about a device is refused for a stranger and for one that is not there`(
    path: String
  ) {
    var client = VaultClient.provisioned()
    let device = client.device("d", role: nil)
    let unknown = client.post(path, ["deviceIdentifier": "nobody"])
    #expect(client.outcome(of: unknown.commandID) == "3 device.not_found")
    client.provision("b@example.com", on: ConnectionID(2))
    let foreign = client.post(path, ["deviceIdentifier": device])
    #expect(client.outcome(of: foreign.commandID) == "3 profile.not_an_owner")
    #expect(client.post(path).status == 422)
  }

  @Test func `a device without approval gets no role`() {
    var client = VaultClient.provisioned()
    let id = client.post("/device/request-unique-identifier", ["deviceName": "d"]).commandID
    let answer = client.post("/device/retrieve-unique-identifier", ["id": id]).value
    let device = answer[field: "deviceIdentifier"]?.text ?? ""
    let role = client.post("/storage/register", ["deviceIdentifier": device])
    #expect(client.outcome(of: role.commandID) == "3 device.not_approved")
    let rejected = client.post("/device/reject-device", ["deviceIdentifier": device])
    #expect(client.outcome(of: rejected.commandID) == "2 Device rejected.")
    let late = client.post("/device/approve-device", ["deviceIdentifier": device])
    #expect(client.outcome(of: late.commandID) == "3 device.not_found")
  }

  @Test func `an approved device is not rejected any more`() {
    var client = VaultClient.provisioned()
    let device = client.device("d", role: nil)
    let answer = client.post("/device/reject-device", ["deviceIdentifier": device])
    #expect(client.outcome(of: answer.commandID) == "3 device.already_approved")
  }

  @Test func `approving and giving a role twice succeed without effect`() {
    var client = VaultClient.provisioned()
    let device = client.device("d", role: "storage")
    for path in ["/device/approve-device", "/storage/register"] {
      let answer = client.post(path, ["deviceIdentifier": device])
      #expect(client.outcome(of: answer.commandID)?.first == "2")
    }
    #expect(
      client.count(of: "device.approve-device") == Ledger.Count(received: 2, effects: 1))
    #expect(
      client.count(of: "storage.register-storage-device")
        == Ledger.Count(received: 2, effects: 1))
  }

  @Test func `a strict vault approves no device without a key of its own`() {
    var client = VaultClient.provisioned { $0.dialect.deviceKey = .never }
    _ = client.device("d", role: nil)
    #expect(client.count(of: "device.approve-device")?.effects == 0)
  }

  @Test func `a device registers its own key some time after its identifier was retrieved`() {
    var client = VaultClient.provisioned {
      $0.dialect.deviceKey = .yes
      $0.deviceKeyDelay = .seconds(600)
    }
    let device = client.device("d", role: nil)
    #expect(client.count(of: "device.approve-device")?.effects == 0)
    client.wait(.seconds(300))
    let early = client.post("/device/approve-device", ["deviceIdentifier": device])
    #expect(client.outcome(of: early.commandID) == "3 device.public_key_missing")
    client.wait(.seconds(300))
    let later = client.post("/device/approve-device", ["deviceIdentifier": device])
    #expect(client.outcome(of: later.commandID)?.first == "2")
  }

  @Test func `a device may come online only after its configuration was fetched`() {
    var client = VaultClient.provisioned { $0.dialect.deviceOnline = .afterConfiguration }
    let device = client.device("d", role: "storage")
    let early = client.post("/storage/sync-device", ["deviceIdentifier": device])
    #expect(client.outcome(of: early.commandID) == "3 device.offline")
    #expect(client.get("/device/retrieve-device-configuration/\(device)").status == 200)
    let later = client.post("/storage/sync-device", ["deviceIdentifier": device])
    #expect(client.outcome(of: later.commandID)?.first == "2")
  }

  @Test func `a role that is not there cannot be taken away`() {
    var client = VaultClient.provisioned()
    let device = client.device("d", role: nil)
    let storage = client.post("/storage/remove", ["deviceIdentifier": device])
    #expect(client.outcome(of: storage.commandID) == "3 storage.not_found")
    let other = client.post("/verified-authenticator/remove", ["deviceIdentifier": device])
    #expect(client.outcome(of: other.commandID) == "3 verified_authenticator.not_found")
  }

  @Test func `a name and everything else that is configured is kept`() {
    var client = VaultClient.provisioned()
    let device = client.device("d", role: nil)
    _ = client.post(
      "/device/configure-meta", ["deviceIdentifier": device, "name": "new", "place": "cellar"])
    let devices = client.get("/device/retrieve-profile-devices").value
    guard case .list(let records) = devices else {
      Issue.record("no list")
      return
    }
    #expect(records[0][field: "name"] == "new")
    #expect(records[0][field: "meta"] == ["place": "cellar"])
  }

  @Test func `a configuration is for the owner, by both ways the same`() {
    var client = VaultClient.provisioned()
    let device = client.device("d", role: nil)
    let path = "/device/retrieve-device-configuration"
    let official = client.get("\(path)/\(device)").value
    #expect(
      official.fields?.names == [
        "device-identifier", "client-id", "client-secret", "rabbit-user", "rabbit-pass",
        "rabbit-host", "rabbit-port",
      ])
    let other = client.post(
      "/device/download-device-configuration", ["deviceIdentifier": device])
    #expect(other.value == official)
    client.provision("b@example.com", on: ConnectionID(2))
    #expect(client.get("\(path)/\(device)").status == 403)
    #expect(client.get("\(path)/nobody").status == 404)
  }

  @Test(arguments: Dialect.ListForm.allCases)
  func `a list comes in the dialect's form`(form: Dialect.ListForm) {
    var client = VaultClient.provisioned { $0.dialect.lists = form }
    let device = client.device("d", role: nil)
    let list = client.get("/device/retrieve-profile-devices").value
    switch form {
    case .paged, .array:
      guard case .list(let records) = list else {
        Issue.record("no list")
        return
      }
      #expect(records.map { $0[field: "deviceIdentifier"]?.text } == [device])
    case .items: #expect(list[field: "meta"] == ["count": 1])
    case .keyed: #expect(list.fields?.names == [device])
    }
  }
}

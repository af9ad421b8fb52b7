import Expressions
import Operations
import Sandbox
import Testing

/// People and devices that a sandbox imitates, and how long news takes.
struct SimulatedWorldTests {
  @Test(arguments: [
    ([Voter.yes, .yes, .no], "resolved"), ([.yes, .no, .no], "rejected"),
    ([.late, .late, .yes], "resolved"), ([.late, .absent, .no], "rejected"),
    ([.late], "expired"),
  ])
  func `authenticators vote in the order of their registration, and late votes never count`(
    voters: [Voter], expected: String
  ) {
    var client = VaultClient.provisioned { $0.voters = voters }
    for number in voters.indices {
      _ = client.device("voter \(number)", role: "verified-authenticator")
    }
    let id = client.post("/voting/create", json: ["title": "t", "question": "q?"]).commandID
    client.wait(.seconds(120))
    let record = client.get("/voting/check-pool-status/\(id)").value
    #expect(record[field: "status"] == .string(expected))
    let timely = voters.count { $0 == .yes || $0 == .no }
    let ballots = record[field: "ballots"]
    let answered = [ballots?[field: "yes"], ballots?[field: "no"]].map { $0?.plainText ?? "" }
    #expect(answered.compactMap { Int($0) }.reduce(0, +) <= timely)
  }

  @Test func `late votes do not count in a later attempt either`() {
    var client = VaultClient.provisioned { $0.voters = [.late] }
    _ = client.device("voter", role: "verified-authenticator")
    _ = client.post(
      "/verified-authenticator/set-maximum-voting-attempts", ["numberOfAttempts": "3"])
    let id = client.post("/voting/create", json: ["title": "t", "question": "q?"]).commandID
    client.wait(.seconds(300))
    let record = client.get("/voting/check-pool-status/\(id)").value
    #expect(record[field: "status"] == "expired")
    #expect(record[field: "attempt"] == 3)
    #expect(record[field: "ballots"] == ["sent": 1, "yes": 0, "no": 0, "pending": 1])
  }

  private func states(_ client: VaultClient) -> [String] {
    var copy = client
    guard case .list(let devices) = copy.get("/__sandbox/devices").value else { return [] }
    return devices.map { "\($0.text("name")) \($0[field: "online"]?.plainText ?? "")" }
  }

  @Test(arguments: [
    (OfflineDevices.first(0), ["a true", "b true"]), (.first(1), ["a false", "b true"]),
    (.first(2), ["a false", "b false"]), (.named(["b"]), ["a true", "b false"]),
  ])
  func `storage devices are off as the configuration says`(
    offline: OfflineDevices, expected: [String]
  ) {
    var client = VaultClient.provisioned { $0.offlineDevices = offline }
    for name in ["a", "b"] { _ = client.device(name, role: "storage") }
    #expect(states(client) == expected)
  }

  @Test func `requested data waits until a device that holds it is switched on`() {
    var client = VaultClient.provisioned { $0.offlineDevices = .first(1) }
    _ = client.device("store", role: "storage")
    let token = client.stored("hello")
    let id = client.post("/data-token/request-data", ["token": token]).commandID
    client.wait(.seconds(3600))
    #expect(client.status(of: id) == "started")
    #expect(client.messages("X-DPT-CAB-REQUEST-ID").isEmpty)
    let answer = client.post("/__sandbox/devices/store/online")
    #expect(answer.status == 200)
    #expect(client.outcome(of: id) == "2 Data requested.")
    #expect(client.messages("X-DPT-CAB-REQUEST-ID").count == 1)
  }

  @Test func `requested data is refused without a holder where the dialect says so`() {
    var client = VaultClient.provisioned {
      $0.offlineDevices = .first(1)
      $0.dialect.missingHolder = .refused
    }
    _ = client.device("store", role: "storage")
    let token = client.stored("hello")
    let id = client.post("/data-token/request-data", ["token": token]).commandID
    #expect(client.outcome(of: id) == "3 storage.offline")
  }

  @Test func `a device that is off cannot be synchronized, and one that is on can`() {
    var client = VaultClient.provisioned { $0.offlineDevices = .named(["store"]) }
    let device = client.device("store", role: "storage")
    for (state, outcome) in [
      ("offline", "3 device.offline"), ("online", "2 Storage device synchronized."),
    ] {
      _ = client.post("/__sandbox/devices/\(device)/\(state)")
      let id = client.post("/storage/sync-device", ["deviceIdentifier": device]).commandID
      #expect(client.outcome(of: id) == outcome)
    }
  }

  @Test(arguments: [
    ("POST", "/__sandbox/devices/none/online", 404), ("POST", "/__sandbox/devices/a/asleep", 404),
    ("GET", "/__sandbox/devices/a/online", 405), ("POST", "/__sandbox/devices", 405),
    ("GET", "/__sandbox/nothing", 404), ("GET", "/__sandbox/dialect", 200),
  ])
  func `an unknown control call is refused`(method: String, path: String, status: Int) {
    var client = VaultClient.provisioned()
    _ = client.device("a", role: "storage")
    #expect(client.send(client.request(method, path, type: nil, body: [])).status == status)
  }

  @Test func `a message comes as much later as configured, while polling answers at once`() {
    var client = VaultClient.provisioned { $0.acknowledgementDelay = .seconds(5) }
    client.wait(.seconds(10))
    client.received = []
    let id = client.post("/device/request-unique-identifier", ["deviceName": "d"]).commandID
    client.wait(.milliseconds(4999))
    #expect(client.status(of: id) == "succeeded")
    #expect(client.outcome(of: id) == nil)
    client.wait(.milliseconds(1))
    #expect(client.outcome(of: id) == "2 Device identifier created.")
  }

  @Test func `a read shows an effect as much later as configured`() {
    var client = VaultClient.provisioned { $0.readLag = .seconds(5) }
    client.wait(.seconds(10))
    let path = "/device/retrieve-profile-devices"
    for name in ["a", "b"] {
      let before = client.get(path).value
      let id = client.post("/device/request-unique-identifier", ["deviceName": name]).commandID
      #expect(client.status(of: id) == "succeeded")
      client.wait(.milliseconds(4999))
      #expect(client.get(path).value == before)
      #expect(client.post("/device/retrieve-unique-identifier", ["id": id]).status == 404)
      client.wait(.milliseconds(1))
      #expect(client.get(path).value != before)
      #expect(client.post("/device/retrieve-unique-identifier", ["id": id]).status == 200)
    }
  }

  @Test func `reads that lag lose nothing that is written meanwhile`() {
    var client = VaultClient.provisioned { $0.readLag = .milliseconds(500) }
    client.wait(.seconds(10))
    _ = client.device("store", role: "storage")
    let token = client.stored("hello")
    #expect(!token.isEmpty)
    client.wait(.seconds(1))
    let rows = client.get("/data-token/list-data-tokens").value
    #expect(rows[field: "meta"]?[field: "count"] == 1)
    #expect(client.count(of: "data-token.exchange-data-for-token")?.effects == 1)
  }
}

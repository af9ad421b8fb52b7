import Expressions
import Operations
import Sandbox
import Testing

struct LedgerTests {
  @Test func `the ledger is answered as JSON`() {
    var client = VaultClient()
    _ = client.get("/health")
    _ = client.get("/profile/retrieve-profile-id")
    #expect(
      client.get("/__sandbox/ledger").value == [
        "operations": [
          "utility.check-server-health": ["received": 1, "effects": 0],
          "profile.retrieve-profile-id": ["received": 1, "effects": 0],
        ],
        "violations": [
          [
            "kind": "call-without-token", "operation": "profile.retrieve-profile-id",
            "at": "2026-09-21T14:13:20+00:00",
            "detail": "A protected call came without a token.",
          ]
        ],
        "violationCount": 1,
      ])
  }

  @Test func `reading the ledger changes nothing`() {
    var client = VaultClient()
    let first = client.get("/__sandbox/ledger")
    #expect(client.get("/__sandbox/ledger") == first)
  }

  @Test func `violations are bounded and counted all the same`() {
    var client = VaultClient()
    for _ in 0..<1001 { _ = client.get("/profile/retrieve-profile-id") }
    #expect(client.vault.ledger.violations.count == 1000)
    #expect(client.vault.ledger.violationCount == 1001)
  }

  @Test func `no secret is in the ledger, nor in what a vault prints`() {
    var client = VaultClient.provisioned()
    _ = client.device("store", role: "storage")
    _ = client.stored("hello")
    client.join(ConnectionID(1))
    let ledger = String(decoding: client.get("/__sandbox/ledger").body, as: UTF8.self)
    var dumped = ""
    dump(client.vault, to: &dumped)
    let emission = VaultEmission.send(client.token ?? "", to: ConnectionID(1))
    dump(emission, to: &dumped)
    for text in [ledger, dumped, "\(client.vault)", "\(client.vault.ledger)", "\(emission)"] {
      #expect(!text.contains(VaultClient.password))
      #expect(!text.contains(client.token ?? "none"))
      #expect(!text.contains(Base64.encode("hello".utf8)))
      #expect(!text.contains("a@example.com"))
    }
  }

  @Test func `the same seed gives the same bytes, another seed others`() {
    func story(_ seed: UInt64) -> [String] {
      var client = VaultClient.provisioned(seed: seed)
      _ = client.device("store", role: "storage")
      _ = client.stored("hello")
      let devices = client.get("/device/retrieve-profile-devices").body
      return client.received.map(\.text) + [String(decoding: devices, as: UTF8.self)]
    }
    #expect(story(1) == story(1))
    #expect(story(1) != story(2))
  }
}

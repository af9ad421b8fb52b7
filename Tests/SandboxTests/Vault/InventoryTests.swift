import Operations
import Sandbox
import Testing

struct InventoryTests {
  /// A tenant with a device that stores a document.
  private static func tenant(seed: UInt64, pausing pause: Duration = .zero) -> VaultClient {
    var client = VaultClient.provisioned(seed: seed)
    client.wait(pause)
    _ = client.device("store", role: "storage")
    _ = client.stored("hello")
    return client
  }

  @Test func `neither the seed nor the timing shows in an inventory`() {
    let first = Self.tenant(seed: 1).vault.inventory
    let second = Self.tenant(seed: 2, pausing: .seconds(3600)).vault.inventory
    #expect(first == second)
    #expect(first.differences(from: second) == [])
    #expect(
      first.lines == [
        "data contracts of a@example.com: 5 bytes, held by [\"<device store>\"], file "
          + "{\"fileName\":\"contract.txt\",\"extension\":\"txt\",\"context\":\"contracts\","
          + "\"size\":5,\"path\":\"/\"}, risk {}, data {}",
        "device store of a@example.com: approved [storage] online {}",
        "profile a@example.com: a key, consensus 51 quorum 1 limit 60.0 seconds attempts 1",
      ])
  }

  @Test func `a second thing of the same name, and a thing that is missing, are differences`() {
    let expected = Self.tenant(seed: 1)
    var client = expected
    _ = client.device("store", role: "storage")
    #expect(
      client.vault.inventory.differences(from: expected.vault.inventory) == [
        "+ device store of a@example.com: approved [storage] online {}"
      ])
    #expect(
      expected.vault.inventory.differences(from: client.vault.inventory) == [
        "- device store of a@example.com: approved [storage] online {}"
      ])
  }

  @Test func `a reservation that nothing was stored in is in no inventory, nor is a login`() {
    let expected = Self.tenant(seed: 1)
    var client = expected
    _ = client.reservation()
    client.authenticate("a@example.com")
    #expect(client.vault.inventory == expected.vault.inventory)
  }

  @Test func `another password is a difference that shows neither of them`() {
    let expected = Self.tenant(seed: 1)
    var client = expected
    _ = client.post(
      "/profile/change-password",
      ["currentPassword": VaultClient.password, "newPassword": "another horse battery"])
    client.settle()
    #expect(client.vault.inventory != expected.vault.inventory)
    #expect(
      client.vault.inventory.differences(from: expected.vault.inventory)
        == ["  the password of a@example.com is another one"])
  }

  @Test(arguments: [
    ("the device 0190a1b2-0000-7abc-8def-0123456789ab is on", "the device # is on"),
    ("\(String(repeating: "0f", count: 24)):x", "#:x"), ("added 2026-01-01", "added 2026-01-01"),
    ("0190a1b2-0000", "0190a1b2-0000"), ("", ""),
  ])
  func `generated words are found`(_ text: String, _ replaced: String) {
    #expect(GeneratedWords.replaced(in: text) { _ in "#" } == replaced)
  }
}

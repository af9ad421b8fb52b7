import Operations
import Sandbox
import Testing

struct OccurrenceTests {
  @Test func `an effect names the request that it follows from, however much later it comes`()
    throws
  {
    var client = VaultClient.provisioned { $0.delay = .seconds(2) }
    client.settle()
    client.wait(.seconds(10))
    _ = client.vault.takeOccurrences()
    let command = client.post("/device/request-unique-identifier", ["deviceName": "a"]).commandID
    let number = try #require(client.vault.latestRequest)
    _ = client.get("/health")
    #expect(client.vault.takeOccurrences() == [])
    client.wait(.seconds(2))
    #expect(
      client.vault.takeOccurrences() == [
        .effect(of: "device.request-unique-identifier", request: number, at: client.now),
        .settled(command: command, as: .succeeded, request: number, at: client.now),
      ])
    #expect(client.vault.takeOccurrences() == [])
  }

  @Test func `a command that was refused has no effect`() throws {
    var client = VaultClient.provisioned()
    _ = client.vault.takeOccurrences()
    let command = client.post("/device/approve-device", ["deviceIdentifier": "none"]).commandID
    #expect(
      client.vault.takeOccurrences() == [
        .refused(operation: "device.approve-device", reason: "device.not_found"),
        .settled(
          command: command, as: .rejected, request: client.vault.latestRequest, at: client.now),
      ])
  }

  @Test func `what nobody takes is bounded`() {
    var client = VaultClient.provisioned()
    for _ in 0..<2000 { client.authenticate("a@example.com") }
    let count = client.vault.takeOccurrences().count
    #expect(count > 0 && count <= 1000)
  }

  @Test func `only the decisions that are allowed inject their faults`() throws {
    let spec = try FaultSpec(parsing: "slow=50%:1s")
    func injections(_ allowed: Set<Int>?) -> [Int] {
      var source = FaultSource(spec, seed: 1)
      source.allowed = allowed
      let request = APIRequest(method: "GET", path: "/health")
      for _ in 0..<40 { _ = source.fault(of: request, at: VaultClient.start) }
      #expect(source.decisionCount == 40)
      return source.takeInjections().map(\.decision)
    }
    let all = injections(nil)
    #expect(all.count > 10)
    #expect(injections(Set(all.prefix(3))) == Array(all.prefix(3)))
    #expect(injections([]) == [])
  }
}

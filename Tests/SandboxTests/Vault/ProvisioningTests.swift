import Expressions
import Operations
import Sandbox
import Testing

struct ProvisioningTests {
  @Test func `a tenant is provisioned in the order of the contract`() {
    let client = VaultClient.provisioned()
    #expect(client.violations.isEmpty)
    for operation in [
      "profile.register-new-profile", "profile.authenticate", "websockets.join-channel",
      "public-key.register-public-key",
    ] {
      #expect(client.count(of: operation) == Ledger.Count(received: 1, effects: 1))
    }
  }

  @Test func `a payload goes in and comes out again`() {
    var client = VaultClient.provisioned()
    _ = client.device("store", role: "storage")
    let token = client.stored("hello")
    let answer = client.post("/data-token/request-data", ["token": token])
    client.settle()
    #expect(client.outcome(of: answer.commandID) == "2 Data requested.")
    let message = client.messages("X-DPT-CAB-REQUEST-ID")
    #expect(message.count == 1)
    #expect(message[0][field: "id"]?.text == answer.header("X-Dpt-Cab-Request-Id"))
    let url = message[0][field: "body"]?.text ?? ""
    let download = APIRequest(endpoint: .url(url), method: "GET", path: "/")
    #expect(client.send(download).body == Array("hello".utf8))
    #expect(client.violations.isEmpty)
    #expect(client.send(download).status == 401)
    #expect(client.violations == ["reused-stream-value"])
  }
}

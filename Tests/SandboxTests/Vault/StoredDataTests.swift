import Expressions
import Operations
import Sandbox
import Testing

struct StoredDataTests {
  private func withStore(
    _ configure: (inout VaultConfiguration) -> Void = { _ in }
  ) -> VaultClient {
    var client = VaultClient.provisioned(configure)
    _ = client.device("store", role: "storage")
    return client
  }

  @Test func `a request for data that is not there is answered with 404`() {
    var client = withStore()
    #expect(client.post("/data-token/request-data", ["token": "none"]).status == 404)
  }

  @Test func `a request returns both ids, and the data comes for the one of them`() {
    var client = withStore()
    let token = client.stored("hello", context: "papers")
    let answer = client.post("/data-token/request-data", ["token": token])
    let request = answer.header("x-dpt-cab-request-id") ?? ""
    #expect(
      answer.value == ["commandId": .string(answer.commandID), "requestId": .string(request)])
    let message = client.messages("X-DPT-CAB-REQUEST-ID").last
    #expect(message?[field: "id"]?.text == request)
    #expect(message?[field: "data_context"] == "papers")
    #expect(message?[field: "output_type"] == 1)
  }

  @Test func `a download address is used once, within its life`() {
    var client = withStore()
    let token = client.stored("hello")
    _ = client.post("/data-token/request-data", ["token": token])
    let url = client.messages("X-DPT-CAB-REQUEST-ID").last?[field: "body"]?.text ?? ""
    let request = APIRequest(endpoint: .url(url), method: "GET", path: "/")
    var late = client
    late.wait(.seconds(300))
    #expect(late.send(request).status == 401)
    #expect(client.send(request).body == Array("hello".utf8))
    #expect(client.send(request).status == 401)
    #expect(client.violations == ["reused-stream-value"])
  }

  @Test func `data comes inline where the dialect says so, and as a value when it is large`() {
    var client = withStore {
      $0.dialect.delivery = .inline
      $0.limits.inlineCharacters = 100
    }
    let small = client.stored("hello")
    _ = client.post("/data-token/request-data", ["token": small])
    let inline = client.messages("X-DPT-CAB-REQUEST-ID").last
    #expect(inline?[field: "output_type"] == 0)
    #expect(inline?[field: "body"]?.text == Base64.encode("hello".utf8))
    let reservation = client.reservation()
    let stream = reservation[field: "stream"]?.text ?? ""
    let body = [UInt8](repeating: 7, count: 200)
    _ = client.send(APIRequest(endpoint: .url(stream), method: "POST", path: "/", body: body))
    let large = client.post(
      "/data-token/request-data", ["token": reservation[field: "token"]?.text ?? ""])
    let message = client.messages("X-DPT-CAB-REQUEST-ID").last
    #expect(message?[field: "output_type"] == 1)
    #expect(
      client.messages("STREAM-READY").last?[field: "id"]?.text
        == large.header("X-Dpt-Cab-Request-Id"))
    let download = APIRequest(
      endpoint: .downstream, method: "GET", path: "/",
      query: [HTTPField("auth", message?[field: "body"]?.text ?? "")])
    #expect(client.send(download).body == body)
  }

  @Test func `data that no live device holds is not delivered until one does`() {
    var client = withStore()
    let token = client.stored("hello")
    let other = client.device("other", role: "storage")
    guard case .list(let devices) = client.get("/storage/list-storage-devices").value else {
      Issue.record("no list")
      return
    }
    let first = devices[0][field: "deviceIdentifier"]?.text ?? ""
    _ = client.post("/storage/sync-device", ["deviceIdentifier": other])
    _ = client.post("/device/remove", ["deviceIdentifier": first])
    _ = client.post("/data-token/request-data", ["token": token])
    #expect(client.messages("X-DPT-CAB-REQUEST-ID").count == 1)
    _ = client.post("/storage/remove", ["deviceIdentifier": other])
    let waiting = client.post("/data-token/request-data", ["token": token])
    #expect(client.status(of: waiting.commandID) == "started")
    _ = client.post("/storage/register", ["deviceIdentifier": other])
    #expect(client.messages("X-DPT-CAB-REQUEST-ID").count == 2)
  }

  @Test func `an update of the payload waits for a storage device`() {
    var client = withStore()
    let token = client.stored("hello")
    guard case .list(let devices) = client.get("/storage/list-storage-devices").value else {
      Issue.record("no list")
      return
    }
    let device = devices[0][field: "deviceIdentifier"]?.text ?? ""
    _ = client.post("/storage/remove", ["deviceIdentifier": device])
    let answer = client.post(
      "/data-token/update-data", json: ["dataToken": .string(token), "data": "Ynll"])
    #expect(client.status(of: answer.commandID) == "started")
    _ = client.post("/storage/register", ["deviceIdentifier": device])
    #expect(client.outcome(of: answer.commandID) == "2 Data token updated.")
  }

  @Test func `an update replaces the payload and keeps the metadata it does not name`() {
    var client = withStore()
    let token = client.stored("hello")
    let update: Value = [
      "dataToken": .string(token), "data": .string(Base64.encode("bye".utf8)),
      "meta": ["data": ["type": "letter"], "file": ["fileName": "bye.txt"]],
    ]
    let answer = client.post("/data-token/update-data", json: update)
    #expect(client.outcome(of: answer.commandID) == "2 Data token updated.")
    let rows = client.get("/data-token/list-data-tokens", ["filters[meta.data.type]": "letter"])
    #expect(rows.value[field: "meta"]?[field: "count"] == 1)
    guard case .list(let items)? = rows.value[field: "items"] else {
      Issue.record("no list")
      return
    }
    #expect(items[0][field: "file"]?[field: "fileName"] == "bye.txt")
    #expect(items[0][field: "file"]?[field: "extension"] == "txt")
    let form = client.post(
      "/data-token/update-data-token", ["token": token, "context": "other"])
    #expect(client.outcome(of: form.commandID) == "2 Data token updated.")
    let moved = client.get("/data-token/list-data-tokens", ["filters[context]": "other"])
    #expect(moved.value[field: "meta"]?[field: "count"] == 1)
  }

  @Test func `risk metadata takes its fields and any other`() {
    var client = withStore()
    let token = client.stored("hello")
    let path = "/data-token/configure-information-security-risk-meta"
    #expect(client.post(path).status == 422)
    let answer = client.post(
      path,
      [
        "token": token, "classification": "internal", "label": "l", "handling": "h",
        "retentionDays": "30",
      ])
    #expect(client.outcome(of: answer.commandID) == "2 Data token updated.")
  }

  @Test func `a deleted token stands for nothing`() {
    var client = withStore()
    let token = client.stored("hello")
    let first = client.post("/data-token/delete-data", ["token": token])
    #expect(client.outcome(of: first.commandID) == "2 Data deleted.")
    let second = client.post("/data-token/delete-data", ["token": token])
    #expect(client.outcome(of: second.commandID) == "3 data_token.not_found")
    #expect(client.post("/data-token/request-data", ["token": token]).status == 404)
  }

  @Test func `another profile's token is left alone`() {
    var client = withStore()
    let token = client.stored("hello")
    client.provision("b@example.com", on: ConnectionID(2))
    for path in ["/data-token/delete-data", "/data-token/request-data"] {
      let answer = client.post(path, ["token": token])
      #expect(client.outcome(of: answer.commandID) == "3 profile.not_an_owner")
    }
    let list = client.get("/data-token/list-data-tokens").value
    #expect(list[field: "meta"]?[field: "count"] == 0)
  }

  @Test(arguments: [("1", "2", 2), ("2", "2", 1), ("3", "2", 0), ("1", "100", 3)])
  func `a list is read page by page`(page: String, perPage: String, count: Int) {
    var client = withStore()
    for number in 0..<3 { _ = client.stored("payload \(number)") }
    let answer = client.get(
      "/data-token/list-data-tokens", ["page": page, "perPage": perPage]
    ).value
    guard case .list(let items)? = answer[field: "items"] else {
      Issue.record("no list")
      return
    }
    #expect(items.count == count)
    #expect(answer[field: "meta"]?[field: "count"] == 3)
  }

  @Test(arguments: ["page", "perPage"])
  func `a page that cannot be is refused`(name: String) {
    var client = VaultClient.provisioned()
    var request = client.request("GET", "/data-token/list-data-tokens", type: nil, body: [])
    request.query = [HTTPField(name, "0")]
    #expect(client.send(request).status == 422)
  }
}

import Expressions
import Operations
import Sandbox
import Testing

struct DataTokenTests {
  private func exchange(_ token: String, _ payload: String, _ client: inout VaultClient) -> String {
    let answer = client.post(
      "/data-token/exchange-data-for-token",
      ["temporaryTokenSpace": token, "data": Base64.encode(payload.utf8)])
    return answer.commandID
  }

  private func outcome(
    ofExchanging token: String, _ payload: String, _ client: inout VaultClient
  ) -> String? {
    let id = exchange(token, payload, &client)
    return client.outcome(of: id)
  }

  private func withStore(
    _ configure: (inout VaultConfiguration) -> Void = { _ in }
  ) -> VaultClient {
    var client = VaultClient.provisioned(configure)
    _ = client.device("store", role: "storage")
    return client
  }

  @Test(arguments: [
    ("1", 202), ("60", 202), ("", 202), ("0", 422), ("61", 422), ("300", 422), ("-5", 422),
    ("5.5", 422), ("soon", 422),
  ])
  func `a reservation lives one to sixty minutes`(ttl: String, status: Int) {
    var client = VaultClient.provisioned()
    let answer = client.post(
      "/data-token/reserve-token-space", ["context": "contracts", "ttl": ttl])
    #expect(answer.status == status)
  }

  @Test(arguments: [(nil, 5), ("1", 1), ("60", 60)] as [(String?, Int)])
  func `a reservation is gone at the end of its life`(ttl: String?, minutes: Int) {
    var client = VaultClient.provisioned()
    let form = [HTTPField("context", "c")] + (ttl.map { [HTTPField("ttl", $0)] } ?? [])
    let id = client.post("/data-token/reserve-token-space", form: form).commandID
    let path = "/data-token/retrieve-temporary-data-token/\(id)"
    client.wait(.seconds(60 * minutes) - .nanoseconds(1))
    #expect(client.get(path).status == 200)
    client.wait(.nanoseconds(1))
    #expect(client.get(path).status == 404)
  }

  @Test func `a temporary token cannot be retrieved before settlement, nor by a stranger`() {
    var client = VaultClient.provisioned { $0.delay = .milliseconds(20) }
    let id = client.post("/data-token/reserve-token-space", ["context": "c"]).commandID
    let path = "/data-token/retrieve-temporary-data-token/\(id)"
    #expect(client.get(path).status == 404)
    client.settle()
    #expect(client.get(path).status == 200)
    client.provision("b@example.com", on: ConnectionID(2))
    #expect(client.get(path).status == 404)
  }

  @Test func `the place of an upload is a whole address, or a value where the dialect says so`() {
    var client = VaultClient.provisioned()
    let whole = client.reservation()
    #expect(whole[field: "stream"]?.text?.hasPrefix("http://upstream.invalid:8010/?auth=") == true)
    #expect(whole[field: "stream_server_id"] == "upstream.invalid")
    #expect(whole[field: "stream_server_port"] == 8010)
    client = VaultClient.provisioned { $0.dialect.streamForm = .value }
    #expect(client.reservation()[field: "stream"]?.text?.contains("/") == false)
  }

  @Test func `without a storage device an exchange waits for one`() {
    var client = VaultClient.provisioned()
    let token = client.reservation()[field: "token"]?.text ?? ""
    let id = exchange(token, "hello", &client)
    client.wait(.seconds(60))
    #expect(client.status(of: id) == "started")
    _ = client.device("store", role: "storage")
    #expect(client.outcome(of: id) == "2 Data exchanged.")
  }

  @Test func `an exchange that found no storage fails when its reservation ends`() {
    var client = VaultClient.provisioned()
    let token = client.reservation(ttl: "1")[field: "token"]?.text ?? ""
    let id = exchange(token, "hello", &client)
    client.wait(.seconds(60))
    #expect(client.outcome(of: id) == "3 data_token.reservation_expired")
  }

  @Test func `a reservation is filled once`() {
    var client = withStore()
    let token = client.reservation()[field: "token"]?.text ?? ""
    #expect(outcome(ofExchanging: token, "one", &client) == "2 Data exchanged.")
    #expect(outcome(ofExchanging: token, "two", &client) == "3 data_token.reservation_used")
  }

  @Test func `an unknown, expired or foreign reservation is not filled`() {
    var client = withStore()
    #expect(
      outcome(ofExchanging: "none", "x", &client)
        == "3 data_token.reservation_not_found")
    let token = client.reservation(ttl: "1")[field: "token"]?.text ?? ""
    client.wait(.seconds(60))
    #expect(
      outcome(ofExchanging: token, "x", &client)
        == "3 data_token.reservation_not_found")
    let own = client.reservation()[field: "token"]?.text ?? ""
    client.provision("b@example.com", on: ConnectionID(2))
    #expect(outcome(ofExchanging: own, "x", &client) == "3 profile.not_an_owner")
  }

  @Test(arguments: [(51_200, 202), (51_204, 422)])
  func `a small payload has at most 51,200 characters`(length: Int, status: Int) {
    var client = withStore()
    let token = client.reservation()[field: "token"]?.text ?? ""
    let answer = client.post(
      "/data-token/exchange-data-for-token",
      ["temporaryTokenSpace": token, "data": String(repeating: "A", count: length)])
    #expect(answer.status == status)
  }

  @Test(arguments: ["", "no base64!", "AAA"])
  func `a payload that is not base64 is refused at once`(data: String) {
    var client = withStore()
    let answer = client.post(
      "/data-token/exchange-data-for-token", ["temporaryTokenSpace": "t", "data": data])
    #expect(answer.status == 422)
  }

  @Test func `an upload is taken once, and stored with the owner's devices`() {
    var client = withStore()
    let reservation = client.reservation()
    let request = APIRequest(
      endpoint: .url(reservation[field: "stream"]?.text ?? ""), method: "POST", path: "/",
      body: [1, 2, 3])
    #expect(client.send(request).status == 200)
    #expect(client.send(request).status == 401)
    #expect(client.violations == ["reused-stream-value"])
    let token = reservation[field: "token"]?.text ?? ""
    #expect(
      client.post("/data-token/configure-file-meta", client.fileMeta(of: token)).status == 200)
    #expect(
      client.count(of: "data-token.upstream-file-via-stream-auth")
        == Ledger.Count(received: 2, effects: 1))
  }

  @Test func `an upload comes too late after the reservation's life`() {
    var client = withStore()
    let stream = client.reservation(ttl: "1")[field: "stream"]?.text ?? ""
    client.wait(.seconds(60))
    let answer = client.send(APIRequest(endpoint: .url(stream), method: "POST", path: "/"))
    #expect(answer.status == 401)
    #expect(client.violations.isEmpty)
  }

  @Test func `an upload over the limit is refused and can be tried again`() {
    var client = withStore { $0.limits.uploadBytes = 2 }
    let stream = client.reservation()[field: "stream"]?.text ?? ""
    for (body, status) in [([1, 2, 3] as [UInt8], 413), ([1, 2], 200)] {
      let request = APIRequest(endpoint: .url(stream), method: "POST", path: "/", body: body)
      #expect(client.send(request).status == status)
    }
  }

  @Test func `payloads have bounded room, which what is refused or deleted gives back`() {
    var client = withStore { $0.limits.storedBytes = 8 }
    let refused = outcome(ofExchanging: "none", "refused", &client)
    #expect(refused == "3 data_token.reservation_not_found")
    let token = client.stored("hello")
    let full = client.post(
      "/data-token/exchange-data-for-token", ["temporaryTokenSpace": "t", "data": "aGVsbG8="])
    #expect(full.status == 503)
    _ = client.post("/data-token/delete-data", ["token": token])
    #expect(!client.stored("hello").isEmpty)
  }

  @Test func `both the temporary and the permanent token stand for the data`() {
    var client = withStore()
    let reserved = client.reservation()[field: "token"]?.text ?? ""
    _ = exchange(reserved, "hello", &client)
    let first = client.post("/data-token/configure-file-meta", client.fileMeta(of: reserved))
    let permanent = first.value[field: "token"]?.text ?? ""
    #expect(permanent != reserved)
    let again = client.post("/data-token/configure-file-meta", client.fileMeta(of: reserved))
    #expect(again.value == first.value)
    for token in [reserved, permanent] {
      #expect(client.post("/data-token/request-data", ["token": token]).status == 202)
    }
    #expect(client.messages("X-DPT-CAB-REQUEST-ID").count == 2)
  }

  @Test(arguments: Dialect.PermanentToken.allCases)
  func `the permanent token comes in the dialect's form`(form: Dialect.PermanentToken) {
    var client = withStore { $0.dialect.permanentToken = form }
    let reserved = client.reservation()[field: "token"]?.text ?? ""
    _ = exchange(reserved, "hello", &client)
    let answer = client.post("/data-token/configure-file-meta", client.fileMeta(of: reserved))
    switch form {
    case .object: #expect(answer.value[field: "token"]?.text?.isEmpty == false)
    case .string: #expect(answer.value.text?.isEmpty == false)
    case .none: #expect(answer.value == [:])
    case .command: #expect(answer.value == [.string(answer.commandID)])
    }
  }

  @Test(arguments: ["2147483648", "3221225472", "1099511627776"])
  func `file metadata names sizes of more than 2 GiB`(size: String) {
    var client = withStore()
    let token = client.reservation()[field: "token"]?.text ?? ""
    _ = client.post(
      "/data-token/exchange-data-for-token",
      ["temporaryTokenSpace": token, "data": Base64.encode("hello".utf8)])
    client.settle()
    let meta = client.fileMeta(of: token).map {
      HTTPField($0.key, $0.key == "size" ? size : $0.value)
    }
    let answer = client.post("/data-token/configure-file-meta", form: meta)
    #expect(answer.status == 200)
  }

  @Test func `file metadata needs stored data and all of its fields`() {
    var client = withStore()
    let reserved = client.reservation()[field: "token"]?.text ?? ""
    let early = client.post("/data-token/configure-file-meta", client.fileMeta(of: reserved))
    #expect(early.status == 404)
    let partial = client.post("/data-token/configure-file-meta", ["token": reserved])
    #expect(
      partial.value[field: "errors"]?.fields?.names
        == ["fileName", "extension", "context", "size", "path"])
  }
}

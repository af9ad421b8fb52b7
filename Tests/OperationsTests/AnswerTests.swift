import Expressions
import Operations
import OrderedCollections
import Playbooks
import Testing

@Suite struct AnswerTests {
  private static let both = [
    HTTPField("x-dpt-cab-id", "c-1"), HTTPField("X-DPT-CAB-REQUEST-ID", "r-1"),
  ]

  @Test(
    arguments: [200, 201, 202],
    [
      (#""c-1""#, []), (#"["c-1"]"#, []), (#"{"commandId":"c-1"}"#, []), ("c-1", []),
      (" \"c-1\"\n", []), (#"[{"commandId":"c-1"}]"#, []), (#"{"command_id":"c-1"}"#, []),
      ("", [HTTPField("X-Dpt-Cab-Id", "c-1")]), ("null", [HTTPField("x-dpt-cab-id", " c-1 ")]),
      (#"{"status":"ok"}"#, [HTTPField("X-DPT-CAB-ID", "\"c-1\"")]),
      (#"{"commandId":"c-1"}"#, [HTTPField("X-Dpt-Cab-Id", "other")]),
      ("<html></html>", [HTTPField("X-Dpt-Cab-Id", "c-1")]),
    ] as [(String, [HTTPField])])
  func `a command id is found in all its places`(
    status: Int, answer: (body: String, headers: [HTTPField])
  ) throws {
    let read = try Embedded.read(
      "device.approve-device", status: status, headers: answer.headers, answer.body)
    #expect(read.commandID == "c-1")
    #expect(read.verdict == .accepted)
    #expect(read.fields == ["commandId": "c-1"])
  }

  @Test func `a number serves as a command id`() throws {
    #expect(try Embedded.read("device.approve-device", "[17]").commandID == "17")
    #expect(
      try Embedded.read("device.approve-device", "1700000000000000000000").commandID
        == "1700000000000000000000")
  }

  @Test(
    arguments: [
      ("", both, "r-1", "c-1"), ("null", both, "r-1", "c-1"),
      (#"{"commandId":"c-1","requestId":"r-1"}"#, [], "r-1", "c-1"),
      (#"{"id":"r-1"}"#, [], "r-1", nil), (#""r-1""#, [], "r-1", nil),
      (#"["r-1"]"#, [], "r-1", nil),
      (#"["c-1"]"#, [HTTPField("X-Dpt-Cab-Request-Id", "r-1")], "r-1", "c-1"),
      (#"["r-1"]"#, [HTTPField("X-Dpt-Cab-Id", "c-1")], "r-1", "c-1"),
    ] as [(String, [HTTPField], String, String?)])
  func `request and command id are distinguished`(
    body: String, headers: [HTTPField], requestID: String, commandID: String?
  ) throws {
    let read = try Embedded.read(
      "data-token.request-data-via-token", status: 202, headers: headers, body)
    #expect(read.requestID == requestID)
    #expect(read.commandID == commandID)
    #expect(read.verdict == .accepted)
    #expect(read.fields["requestId"] == .string(requestID))
    #expect(read.fields["data"] == .null)
  }

  @Test(
    arguments: [
      (
        "profile.authenticate", #"{"authorizationToken":"tok","expiresAt":"2026-01-01T00:00:00Z"}"#,
        ["authorizationToken": .secret(text: "tok"), "expiresAt": "2026-01-01T00:00:00Z"]
      ),
      (
        "data-token.retrieve-temporary-data-token", #""tmp-1""#,
        ["token": "tmp-1", "stream": .null, "streamServerId": .null, "streamServerPort": .null]
      ),
      (
        "data-token.retrieve-temporary-data-token",
        #"{"token":"tmp-1","stream":"s","stream_server_id":"h","stream_server_port":"8010"}"#,
        [
          "token": "tmp-1", "stream": .secret(text: "s"), "streamServerId": "h",
          "streamServerPort": 8010,
        ]
      ),
      (
        "device.retrieve-unique-identifier", #"{"deviceUniqueIdentifier":"d"}"#,
        ["deviceIdentifier": "d"]
      ),
      ("device.retrieve-unique-identifier", "\"d\"", ["deviceIdentifier": "d"]),
      ("device.retrieve-unique-identifier", #"["d"]"#, ["deviceIdentifier": "d"]),
      ("profile.revoke-authorization-token", "gone now", [:]),
      ("utility.check-server-health", "all is fine", ["status": .null]),
      ("utility.check-server-health", "", ["status": .null]),
      ("utility.check-server-health", "OK", ["status": "OK"]),
      (
        "oauth-application.retrieve-oauth-application-scope", #"["a","b"]"#, ["scopes": ["a", "b"]]
      ),
      (
        "oauth-application.retrieve-oauth-application-scope", #"{"scope":"a b"}"#,
        ["scopes": ["a", "b"]]
      ),
      (
        "oauth-application.retrieve-oauth-application-scope", #"{"scopes":["a"]}"#,
        ["scopes": ["a"]]
      ),
      (
        "public-key.generate-your-private-and-public-keys", #"{"private":"p","public":"q"}"#,
        ["privateKey": .secret(text: "p"), "publicKey": "q"]
      ),
      (
        "voting.check-pool-status", #"{"state":"pending","attempt":1}"#,
        [
          "status": "pending", "ballots": .null, "attempt": 1, "maximumAttempts": .null,
          "expiresAt": .null, "pool": ["state": "pending", "attempt": 1],
        ]
      ),
      (
        "policy.retrieve-registered-policy", #"[{"policyId":7,"name":"n"}]"#,
        [
          "id": "7", "name": "n", "status": .null, "policyTemplateId": .null,
          "applyingEventIds": .null, "configuration": .null, "configurationId": .null,
          "policy": [["policyId": 7, "name": "n"]],
        ]
      ),
      ("data-token.configure-file-meta", #"{"token":"perm"}"#, ["token": "perm"]),
      ("data-token.configure-file-meta", #""perm""#, ["token": "perm"]),
      ("data-token.configure-file-meta", "{}", ["token": .null]),
    ] as [(String, String, ValueMap)])
  func `the fields of a finished answer are found`(
    id: String, body: String, fields: ValueMap
  ) throws {
    let read = try Embedded.read(id, body)
    #expect(read.verdict == .done)
    #expect(read.fields == fields)
    #expect(read.commandID == nil)
  }

  @Test(
    arguments: ["profile.revoke-authorization-token", "utility.check-server-health"],
    ["<html>Log in</html>", #"{"status":"#])
  func `a page or broken JSON is no answer, whatever else is one`(
    id: String, body: String
  ) throws {
    guard case .problem(let problem) = try Embedded.read(id, body).verdict else {
      Issue.record("\(id) takes \(body) for an answer")
      return
    }
    #expect(problem.kind == .malformed)
  }

  @Test func `a content type that is wrong does not hide JSON`() throws {
    let html = [HTTPField("Content-Type", "text/html")]
    let read = try Embedded.read(
      "profile.retrieve-profile-id", headers: html, #"{"profileId":"p"}"#)
    #expect(read.fields == ["profileId": "p"])
  }

  @Test func `a bare text accepted with 202 is a command, with 200 the token`() throws {
    let accepted = try Embedded.read("data-token.configure-file-meta", status: 202, #""x""#)
    #expect(accepted.verdict == .accepted)
    #expect(accepted.commandID == "x")
    #expect(accepted.fields == ["token": .null])
    let tokened = try Embedded.read(
      "data-token.configure-file-meta", status: 202, #"{"token":"perm"}"#)
    #expect(tokened.verdict == .done)
    #expect(tokened.fields == ["token": "perm"])
  }

  @Test(
    arguments: [
      (202, #"["c"]"#, "c", "c"), (200, #""c""#, "c", "c"),
      (202, #"{"poolId":"p","commandId":"c"}"#, "p", "c"), (202, #"{"id":"p"}"#, "p", "p"),
      (202, #"{"poolId":"p"}"#, "p", nil), (202, #"{"pollId":"p"}"#, "p", nil),
      (200, #"{"pollId":"p"}"#, "p", nil), (200, #"{"poolIdentifier":"p"}"#, "p", nil),
    ] as [(Int, String, String, String?)])
  func `the id of a new poll is read in every shape`(
    status: Int, body: String, poolID: String, commandID: String?
  ) throws {
    let read = try Embedded.read("voting.create-voting", status: status, body)
    #expect(read.fields["poolId"] == .string(poolID))
    #expect(read.commandID == commandID)
    #expect(read.verdict == (commandID == nil ? .done : .accepted))
  }

  @Test func `a download is bytes, and so is an upload's answer nothing`() throws {
    let operation = try Embedded.operation("data-token.download-data")
    let read = operation.read(APIResponse(status: 200, body: [0xFF, 0, 1]))
    #expect(
      read
        == OperationAnswer(
          status: 200, fields: ["data": .bytes([0xFF, 0, 1]), "file": .null, "size": .null],
          verdict: .done, recordable: "3 bytes"))
    var filed = APIResponse(status: 200)
    filed.content = .file(
      ReceivedFile(file: LocalFile(path: "out/a.b.txt", size: 3), byteCount: 31))
    let file: Value = ["path": "out/a.b.txt", "name": "a.b.txt", "extension": "txt", "size": 3]
    #expect(
      operation.read(filed)
        == OperationAnswer(
          status: 200, fields: ["data": .null, "file": file, "size": 3], verdict: .done,
          recordable: "31 bytes"))
    let headed = operation.read(APIResponse(status: 200, headers: Self.both, body: [1]))
    #expect(headed.verdict == .done)
    let upload = try Embedded.read("data-token.upstream-file-via-stream-auth", "thanks")
    #expect(upload.verdict == .done)
    let command = try Embedded.read(
      "data-token.upstream-file-via-stream-auth", headers: Self.both, "")
    #expect(command.commandID == "c-1")
    #expect(command.verdict == .accepted)
  }

  @Test func `another way is suggested where a way is missing`() throws {
    func suggests(_ id: String, _ status: Int, _ body: String = "") throws -> Bool {
      try Embedded.read(id, status: status, body).suggestsOtherRoute
    }
    let list = "verified-authenticator.list-verified-authenticators"
    #expect(try suggests(list, 404, #"{"message":"no route"}"#))
    #expect(try suggests(list, 405))
    #expect(try !suggests(list, 403))
    #expect(try !suggests("device.approve-device", 404))
    let poll = "utility.request-command-id-status"
    #expect(try suggests(poll, 405, #"{"message":"method not allowed"}"#))
    #expect(try suggests(poll, 404, "<html>no such page</html>"))
    #expect(try !suggests(poll, 404, #"{"message":"unknown command"}"#))
    #expect(try suggests("oauth-application.obtain-oauth-app-access-token", 401))
  }
}

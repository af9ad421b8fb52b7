import Expressions
import Operations
import Testing

@Suite struct SecrecyTests {
  private static let planted = "planted-s3cret/value"

  /// Everything that a dump, a log line or a journal could make of a value.
  private static func shown(_ values: Any...) -> String {
    values.map { value in
      var dumped = ""
      dump(value, to: &dumped)
      return "\(value) \(String(reflecting: value)) \(dumped)"
    }.joined()
  }

  @Test func `a request does not show what it carries`() throws {
    let request = try Embedded.request(
      "profile.authenticate", ["username": "u", "password": .secret(text: Self.planted)],
      token: Secret(Self.planted))
    #expect(request.bodyText.contains("planted-s3cret"))
    #expect(!Self.shown(request).contains("planted"))
  }

  @Test func `sensitive fields are recorded as secrets, whoever gave them`() throws {
    let operation = try Embedded.operation("profile.register-new-profile")
    let recorded = operation.recordable(["username": "u", "password": .string(Self.planted)])
    #expect(recorded["password"]?.isSecret == true)
    #expect(!Self.shown(recorded).contains("planted"))
    #expect(JSON.text(.map(recorded)) == #"{"username":"u","password":"•••"}"#)
  }

  @Test func `a refused call does not say what the secret was`() throws {
    let arguments: ValueMap = [
      "username": "u", "password": .list([.secret(text: Self.planted)]),
    ]
    let error = #expect(throws: RequestError.self) {
      try Embedded.request("profile.authenticate", arguments)
    }
    #expect(error?.message == "the field `password` must be a string")
    #expect(!Self.shown(error as Any).contains("planted"))
  }

  @Test(arguments: [
    #"{"authorizationToken":"planted-s3cret/value","expiresAt":"x"}"#,
    #"{"token":"planted-s3cret/value"}"#,
    #"{"profile":{"client-secret":"planted-s3cret/value"},"authorizationToken":"t"}"#,
    #"{"authorizationToken":"planted-s3cret/value""#, "planted-s3cret/value",
    #"["planted-s3cret/value", {}]"#, #"{"jwt":"planted-s3cret/value"}"#,
  ])
  func `no answer to a login shows a token`(body: String) throws {
    let read = try Embedded.read("profile.authenticate", body)
    #expect(!Self.shown(read).contains("planted"))
  }

  @Test(arguments: [
    #"{"errors":{"clientSecret":["planted-s3cret/value"]}}"#,
    #"{"errors":{"client_secret":"planted-s3cret/value"},"message":"no"}"#,
    #"{"violations":[{"propertyPath":"password","message":"planted-s3cret/value"}]}"#,
    #"{"errors":[{"field":"Password","message":"planted-s3cret/value"}]}"#,
    #"{"error":{"field":"password","message":"planted-s3cret/value"}}"#,
  ])
  func `a refusal of a sensitive field gives no reason, and its message no value`(
    body: String
  ) throws {
    let read = try Embedded.read("profile.authenticate", status: 422, body)
    guard case .problem(let problem) = read.verdict else {
      Issue.record("not a problem")
      return
    }
    #expect(problem.reason == nil)
    #expect(!Self.shown(problem).contains("planted"))
  }

  @Test func `secret parts of records stay secret in fields and record`() throws {
    let read = try Embedded.read(
      "device.retrieve-profile-devices", #"[{"id":"d","client_secret":"planted"}]"#)
    #expect(!Self.shown(read).contains("planted"))
    #expect(JSON.text(read.recordable) == #"[{"id":"d","client_secret":"•••"}]"#)
  }

  @Test(arguments: [
    #"{"message":"no profile with planted-s3cret/value"}"#,
    #"{"errors":{"password":["planted-s3cret/value is weak"]}}"#,
    #"{"errors":{"password":["planted-s3cret\/value"]}}"#,
    "planted-s3cret%2Fvalue", "password=planted-s3cret%2Fvalue&x=1",
  ])
  func `a service that echoes a secret is not believed`(body: String) throws {
    let operation = try Embedded.operation("profile.authenticate")
    let read = operation.read(
      APIResponse(status: 422, body: Array(body.utf8)),
      hiding: SecretScrubber(
        operation.secrets(in: ["username": "planted", "password": .string(Self.planted)])))
    #expect(!Self.shown(read).contains("planted"))
    guard case .problem(let problem) = read.verdict else {
      Issue.record("no problem")
      return
    }
    #expect(problem.message.contains(Secret.mask))
  }

  @Test func `a message about requested data does not show its body`() {
    let message = ServiceMessage(
      parsing:
        #"{"data":{"type":"X-DPT-CAB-REQUEST-ID","id":"r","output_type":1,"body":"planted"}}"#)
    #expect(!Self.shown(message).contains("planted"))
    let ready = ServiceMessage(
      parsing: #"{"data":{"type":"STREAM-READY","id":"r","streamUrl":"http://planted"}}"#)
    #expect(!Self.shown(ready).contains("planted"))
  }

  @Test func `a key pair does not show its private half`() throws {
    let bytes = [UInt8](repeating: 0xAB, count: 32)
    let pair = try KeyPair(randomBytes: bytes)
    #expect(!Self.shown(pair).lowercased().contains("abababab"))
    #expect(!Self.shown(pair).contains("171, 171"))
  }

  @Test func `secrets are found wherever an argument holds them`() throws {
    let operation = try Embedded.operation("policy.register-policy")
    let arguments: ValueMap = [
      "name": "n", "configurationId": .secret(text: "a"),
      "configuration": ["x": ["y", .secret(text: "b")]],
    ]
    #expect(operation.secrets(in: arguments) == [Secret("a"), Secret("b")])
  }

  @Test func `long values are cut before they are recorded`() throws {
    let operation = try Embedded.operation("data-token.exchange-data-for-token")
    let recorded = operation.recordable([
      "temporaryTokenSpace": "t", "data": .string(String(repeating: "A", count: 5000)),
      "bytes": .bytes([1, 2, 3]), "list": .list(Array(repeating: 1, count: 100)),
    ])
    #expect(
      recorded == [
        "temporaryTokenSpace": "t",
        "data": .string(String(repeating: "A", count: 256) + "… (5000 bytes)"),
        "bytes": "3 bytes",
        "list": .list(Array(repeating: 1, count: 64) + ["… 36 more"]),
      ])
  }
}

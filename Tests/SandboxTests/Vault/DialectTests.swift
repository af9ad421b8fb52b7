import Expressions
import Operations
import Sandbox
import Testing

struct DialectTests {
  @Test func `every variant has a name of its own, and more than one choice`() {
    let names = DialectVariant.all.map(\.name)
    #expect(Set(names).count == names.count)
    for variant in DialectVariant.all {
      #expect(variant.choices.count > 1, "\(variant.name)")
      #expect(variant.choices.contains(variant.choice(of: Dialect())), "\(variant.name)")
    }
  }

  @Test func `every variant makes another dialect of each choice, and takes no other`() {
    for variant in DialectVariant.all {
      var dialects: Set<Dialect> = []
      for choice in variant.choices {
        var dialect = Dialect()
        #expect(variant.choose(choice, in: &dialect))
        #expect(variant.choice(of: dialect) == choice)
        dialects.insert(dialect)
      }
      #expect(dialects.count == variant.choices.count, "\(variant.name)")
      var untouched = Dialect()
      #expect(!variant.choose("nonsense", in: &untouched))
      #expect(untouched == Dialect())
    }
  }

  @Test func `every property of a dialect is a variant`() {
    let properties = Mirror(reflecting: Dialect()).children.count
    #expect(DialectVariant.all.count == properties)
  }

  /// The answers and messages of a short story.
  private func story(seed: UInt64, _ configure: (inout VaultConfiguration) -> Void) -> [String] {
    var client = VaultClient.provisioned(seed: seed, configure)
    var answers: [APIResponse] = []
    for name in ["a", "b", "c", "d"] {
      answers.append(client.post("/device/request-unique-identifier", ["deviceName": name]))
      client.settle()
      answers.append(client.get("/request-status/\(answers[answers.count - 1].commandID)"))
      answers.append(client.get("/device/retrieve-profile-devices"))
      answers.append(client.post("/device/approve-device"))
    }
    return answers.map { "\($0.status) \(String(decoding: $0.body, as: UTF8.self))" }
      + client.received.map(\.text)
  }

  @Test func `a mixed dialect is the same for the same seed, and differs from answer to answer`() {
    let one = story(seed: 5) { $0.mixesDialect = true }
    #expect(one == story(seed: 5) { $0.mixesDialect = true })
    #expect(one != story(seed: 6) { $0.mixesDialect = true })
    let statuses = one.indices.filter { $0 % 4 == 1 && $0 < 16 }.map { one[$0] }
    #expect(Set(statuses).count > 1)
  }

  @Test func `a variant that is fixed is left alone by a mixed dialect`() {
    let texts = story(seed: 5) {
      $0.mixesDialect = true
      $0.fixedVariants = ["problems"]
      $0.dialect.problems = .text
    }
    #expect(
      texts.indices.filter { $0 % 4 == 3 && $0 < 16 }.map { texts[$0] }
        == Array(repeating: "422 deviceIdentifier: is required", count: 4))
  }

  @Test(
    arguments: [
      (.errors, #"{"errors":{"username":["is required"],"password":["is too short"]}}"#),
      (.texts, #"{"errors":{"username":"is required","password":"is too short"}}"#),
      (
        .list,
        #"{"errors":[{"message":"is required","field":"username"},"#
          + #"{"message":"is too short","field":"password"}]}"#
      ),
      (
        .violations,
        #"{"violations":[{"message":"is required","propertyPath":"username"},"#
          + #"{"message":"is too short","propertyPath":"password"}]}"#
      ),
      (.sentences, #"["username: is required","password: is too short"]"#),
      (.message, #"{"message":"username: is required; password: is too short"}"#),
      (.text, "username: is required; password: is too short"),
    ] as [(Dialect.ProblemForm, String)])
  func `problems are written in the dialect's form`(form: Dialect.ProblemForm, expected: String) {
    var client = VaultClient { $0.dialect.problems = form }
    let answer = client.post("/profile/register-profile", ["password": "short"])
    #expect(answer.status == 422)
    #expect(String(decoding: answer.body, as: UTF8.self) == expected)
  }

  @Test(
    arguments: [
      (.errors, #"{"message":"no such command"}"#), (.list, #"{"error":"no such command"}"#),
      (.violations, #"{"detail":"no such command"}"#), (.sentences, #"["no such command"]"#),
      (.text, "no such command"),
    ] as [(Dialect.ProblemForm, String)])
  func `a sentence is written in the dialect's form`(form: Dialect.ProblemForm, expected: String) {
    var client = VaultClient { $0.dialect.problems = form }
    let answer = client.get("/request-status/none")
    #expect(String(decoding: answer.body, as: UTF8.self) == expected)
  }

  @Test(arguments: Dialect.Source.allCases)
  func `a status is asked for by either method, whatever the dialect`(source: Dialect.Source) {
    var client = VaultClient { $0.dialect.paths = source }
    let id = client.register("a@example.com").commandID
    #expect(client.get("/request-status/\(id)").status == 200)
    #expect(client.post("/request-status/\(id)", json: [:]).status == 200)
  }

  @Test(arguments: [
    (Dialect.Source.all, [200, 422]), (.official, [200, 404]), (.observed, [404, 422]),
  ])
  func `a device's configuration is where the dialect serves it`(
    source: Dialect.Source, statuses: [Int]
  ) {
    var client = VaultClient.provisioned { $0.dialect.paths = source }
    let device = client.device("d", role: nil)
    let official = client.get("/device/retrieve-device-configuration/\(device)").status
    let observed = client.post("/device/download-device-configuration").status
    #expect([official, observed] == statuses)
  }

  @Test(arguments: [Dialect.TokenProof.either: [200, 200], .pair: [200, 401], .code: [401, 200]])
  func `a code is changed for a token by the proof that the dialect asks for`(
    proof: Dialect.TokenProof, statuses: [Int]
  ) {
    var client = VaultClient.provisioned { $0.dialect.tokenProof = proof }
    let application = client.application()
    var answers: [Int] = []
    for isPair in [true, false] {
      let nonce = "\(isPair)"
      let request = client.requestCode(of: application, nonce: nonce, ["all"])
      let code = client.code(of: application, request: request, nonce: nonce).value
        .text("authorizationCode")
      let answer = client.basic(
        isPair ? application.basicPair : code, "POST", "/oauth-application/obtain-access-token",
        [HTTPField("authorization_code", code)])
      answers.append(answer.status)
    }
    #expect(answers == statuses)
  }

  @Test func `a poll's command is done when the vote is, where the dialect says so`() {
    var client = VaultClient.provisioned {
      $0.dialect.pollAcknowledgement = .decided
      $0.voters = [.no]
      $0.voterDelay = .seconds(5)
    }
    _ = client.device("voter", role: "verified-authenticator")
    let id = client.post("/voting/create", json: ["title": "t", "question": "q?"]).commandID
    client.settle()
    #expect(client.outcome(of: id) == nil)
    client.wait(.seconds(5))
    #expect(client.outcome(of: id) == "3 voting.rejected")
    #expect(client.count(of: "voting.create-voting")?.effects == 1)
  }
}

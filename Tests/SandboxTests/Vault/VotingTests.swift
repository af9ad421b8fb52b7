import Expressions
import Operations
import Sandbox
import Testing

struct VotingTests {
  /// A profile whose authenticators vote as configured, in turn.
  private func profile(_ voters: [Voter], delay: Duration = .zero) -> VaultClient {
    var client = VaultClient.provisioned {
      $0.voters = voters
      $0.voterDelay = delay
    }
    for number in voters.indices {
      _ = client.device("voter \(number)", role: "verified-authenticator")
    }
    return client
  }

  private func poll(_ client: inout VaultClient, _ extra: Value = [:]) -> String {
    var body: ValueMap = ["title": "t", "question": "q?"]
    for name in extra.fields?.names ?? [] { body[name] = extra[field: name] }
    let id = client.post("/voting/create", json: .map(body)).commandID
    return id
  }

  private func state(_ id: String, _ client: VaultClient) -> Value? {
    var copy = client
    return copy.get("/voting/check-pool-status/\(id)").value[field: "status"]
  }

  @Test(arguments: [
    ("unanimous", "100", "yyy", "resolved"), ("unanimous", "100", "yyn", "rejected"),
    ("unanimous", "100", "yy-", "resolved"), ("unanimous", "100", "---", "expired"),
    ("consensus", "51", "yyn", "resolved"), ("consensus", "51", "yn", "rejected"),
    ("consensus", "51", "ynn", "rejected"), ("consensus", "51", "y--", "resolved"),
    ("affirmative", "1", "nny", "resolved"), ("affirmative", "1", "nnn", "rejected"),
    ("affirmative", "1", "n--", "rejected"),
    ("minimum_percentage", "75", "yyyn", "resolved"),
    ("minimum_percentage", "75", "yynn", "rejected"),
    ("minimum_percentage", "75", "yyy-", "resolved"),
    ("minimum_percentage", "76", "yyyn", "rejected"),
    ("minimum_percentage", "0", "n", "resolved"),
    ("minimum_percentage", "100", "yyyy", "resolved"),
  ])
  func `a poll is decided by the strategy over those who answered`(
    strategy: String, percentage: String, votes: String, expected: String
  ) {
    var client = profile(votes.map { $0 == "y" ? .yes : $0 == "n" ? .no : .absent })
    _ = client.post(
      "/verified-authenticator/set-quorum-strategy",
      ["strategy": strategy, "strategy_params": percentage])
    let id = poll(&client)
    client.wait(.seconds(60))
    #expect(state(id, client) == .string(expected))
  }

  @Test(arguments: [
    ("yyy", 3, "resolved"), ("yy-", 3, "expired"), ("yyy", 4, "expired"), ("y--", 2, "expired"),
    ("yy-", 2, "resolved"), ("nn-", 2, "rejected"),
  ])
  func `a poll needs its quorum`(votes: String, quorum: Int, expected: String) {
    var client = profile(votes.map { $0 == "y" ? .yes : $0 == "n" ? .no : .absent })
    _ = client.post("/verified-authenticator/set-quorum-size", ["size": "\(quorum)"])
    let id = poll(&client)
    client.wait(.seconds(60))
    #expect(state(id, client) == .string(expected))
  }

  @Test func `a poll closes as soon as its outcome is certain, and takes no vote after that`() {
    var client = profile([.yes, .yes, .no], delay: .seconds(1))
    let id = poll(&client)
    #expect(state(id, client) == "pending")
    client.wait(.seconds(1))
    let record = client.get("/voting/check-pool-status/\(id)").value
    #expect(record[field: "status"] == "resolved")
    #expect(record[field: "ballots"] == ["sent": 3, "yes": 2, "no": 0, "pending": 1])
  }

  @Test func `a quorum that cannot be met runs to the time limit of every attempt`() {
    var client = profile([.yes])
    _ = client.post("/verified-authenticator/set-quorum-size", ["quorumSize": "2"])
    _ = client.post("/verified-authenticator/set-voting-time-limit", ["timeLimit": "30"])
    _ = client.post(
      "/verified-authenticator/set-maximum-voting-attempts", ["numberOfAttempts": "3"])
    let id = poll(&client)
    client.wait(.seconds(89))
    #expect(state(id, client) == "pending")
    client.wait(.seconds(1))
    #expect(state(id, client) == "expired")
    #expect(client.get("/voting/check-pool-status/\(id)").value[field: "attempt"] == 3)
  }

  @Test func `a poll returns its state`() {
    var client = profile([.yes, .absent])
    _ = client.post("/verified-authenticator/set-quorum-size", ["size": "2"])
    let id = poll(&client, ["nonce": "n-1"])
    #expect(
      client.get("/voting/check-pool-status/\(id)").value == [
        "poolId": .string(id), "status": "pending", "title": "t", "question": "q?",
        "nonce": "n-1", "ballots": ["sent": 2, "yes": 1, "no": 0, "pending": 1],
        "quorumSize": 2, "strategy": "consensus", "createdAt": .string("2026-09-21T14:13:28+00:00"),
        "expiresAt": .string("2026-09-21T14:14:28+00:00"), "attempt": 1, "maximumAttempts": 1,
      ])
  }

  @Test func `an unknown or foreign poll is answered with 404`() {
    var client = profile([.yes])
    let id = poll(&client)
    #expect(client.get("/voting/check-pool-status/none").status == 404)
    client.provision("b@example.com", on: ConnectionID(2))
    #expect(client.get("/voting/check-pool-status/\(id)").status == 404)
  }

  @Test func `authenticators can be left out, or named by the configuration`() {
    var client = profile([.yes, .no])
    let list = client.get("/verified-authenticator/list-verified-authenticator").value
    guard case .list(let voters) = list, voters.count == 2 else {
      Issue.record("no list")
      return
    }
    let skipped = poll(
      &client, ["skipAuthenticatorDevices": [voters[1][field: "deviceIdentifier"] ?? .null]])
    #expect(state(skipped, client) == "resolved")
    _ = client.post(
      "/verified-authenticator/voting-configuration/register",
      json: [
        "name": "second", "timeLimit": 10, "strategy": "unanimous",
        "deviceIdentifiers": [voters[1][field: "deviceIdentifier"] ?? .null],
      ])
    let named = poll(&client, ["votingConfigurationId": "second"])
    #expect(state(named, client) == "rejected")
  }

  @Test func `a voting with an unknown configuration or without a question is refused`() {
    var client = profile([.yes])
    let id = poll(&client, ["votingConfigurationId": "none"])
    #expect(client.outcome(of: id) == "3 voting_configuration.not_found")
    #expect(client.post("/voting/create", json: ["title": "t"]).status == 422)
    #expect(client.post("/voting/create", ["title": "t", "question": "q"]).status == 202)
  }

  @Test(arguments: [
    ("set-quorum-size", "size", "0"), ("set-quorum-size", "size", "many"),
    ("set-voting-time-limit", "timeLimit", "0"), ("set-voting-time-limit", "timeLimit", "86401"),
    ("set-maximum-voting-attempts", "numberOfAttempts", "0"),
    ("set-quorum-strategy", "strategy", "dictator"),
  ])
  func `a setting out of bounds is refused at once`(path: String, name: String, value: String) {
    var client = VaultClient.provisioned()
    let form = [HTTPField(name, value), HTTPField("strategy_params", "50")]
    #expect(client.post("/verified-authenticator/\(path)", form: form).status == 422)
  }

  @Test func `the profile's settings can be read`() {
    var client = VaultClient.provisioned()
    #expect(
      client.get("/verified-authenticator/retrieve-strategy").value == [
        "strategy": "consensus", "strategyParams": 51, "quorumSize": 1, "timeLimit": 60,
        "numberOfAttempts": 1,
      ])
  }
}

import Expressions
import Operations
import Sandbox
import Testing

struct VotingConfigurationTests {
  private static let path = "/verified-authenticator/voting-configuration"
  private static let pair: Value = [
    "name": "pair", "timeLimit": 60, "strategy": "minimum_percentage", "percentageRequired": 50,
    "deviceIdentifiers": [],
  ]

  private func body(_ changes: Value) -> Value {
    var body = Self.pair.fields ?? ValueMap()
    for name in changes.fields?.names ?? [] { body[name] = changes[field: name] }
    return .map(body)
  }

  @Test func `a configuration is found by its name and by its id`() {
    var client = VaultClient.provisioned()
    let answer = client.post("\(Self.path)/register", json: Self.pair)
    #expect(client.outcome(of: answer.commandID) == "2 Voting configuration registered.")
    let record = client.get("\(Self.path)/retrieve/pair").value
    let id = record[field: "id"]?.text ?? ""
    #expect(client.get("\(Self.path)/retrieve/\(id)").value == record)
    #expect(client.get("\(Self.path)/retrieve/none").status == 404)
    #expect(client.get("\(Self.path)/list").value == [record])
    #expect(
      client.get("/verified-authenticator/list-voting-configurations").value == [record])
    #expect(record == body(["id": .string(id)]))
  }

  @Test func `a name is taken once`() {
    var client = VaultClient.provisioned()
    _ = client.post("\(Self.path)/register", json: Self.pair)
    let answer = client.post("\(Self.path)/register", json: Self.pair)
    #expect(client.outcome(of: answer.commandID) == "3 voting_configuration.name_taken")
  }

  @Test func `an update finds its target by id, else by name`() {
    var client = VaultClient.provisioned()
    _ = client.post("\(Self.path)/register", json: Self.pair)
    _ = client.post("\(Self.path)/update", json: body(["timeLimit": 10]))
    let record = client.get("\(Self.path)/retrieve/pair").value
    #expect(record[field: "timeLimit"] == 10)
    _ = client.post(
      "\(Self.path)/update", json: body(["id": record[field: "id"] ?? .null, "name": "new"]))
    #expect(client.get("\(Self.path)/retrieve/new").status == 200)
    let missing = client.post("\(Self.path)/update", json: Self.pair)
    #expect(client.outcome(of: missing.commandID) == "3 voting_configuration.not_found")
  }

  @Test(
    arguments: [
      (["name": ""], "name"), (["timeLimit": "soon"], "timeLimit"), (["timeLimit": 0], "timeLimit"),
      (["strategy": "dictator"], "strategy"), (["percentageRequired": nil], "percentageRequired"),
      (["percentageRequired": 101], "percentageRequired"),
      (["deviceIdentifiers": "all"], "deviceIdentifiers"),
      (["deviceIdentifiers": [1]], "deviceIdentifiers"),
    ] as [(Value, String)])
  func `a configuration that is wrong in form is refused at once`(changes: Value, field: String) {
    var client = VaultClient.provisioned()
    let answer = client.post("\(Self.path)/register", json: body(changes))
    #expect(answer.status == 422)
    #expect(answer.value[field: "errors"]?.fields?.names == [field])
  }

  @Test func `only authenticators can be named`() {
    var client = VaultClient.provisioned()
    let device = client.device("d", role: nil)
    let answer = client.post(
      "\(Self.path)/register", json: body(["deviceIdentifiers": [.string(device)]]))
    #expect(client.outcome(of: answer.commandID) == "3 verified_authenticator.not_found")
  }
}

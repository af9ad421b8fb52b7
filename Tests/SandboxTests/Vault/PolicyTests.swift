import Expressions
import Operations
import OrderedCollections
import Sandbox
import Testing

struct PolicyTests {
  /// A profile with a store, one authenticator that votes as configured, and one stored payload.
  private func tenant(_ voter: Voter) -> (client: VaultClient, token: String) {
    var client = VaultClient.provisioned { $0.voters = [voter] }
    _ = client.device("store", role: "storage")
    _ = client.device("voter", role: "verified-authenticator")
    let token = client.stored("hello")
    return (client, token)
  }

  /// The id of the template that has the named event, and the event's.
  private func event(_ name: String, _ client: VaultClient) -> (template: String, event: String) {
    var copy = client
    let templates = copy.get("/policy/list-policy-templates").value
    for template in templates.fields?.names ?? [] {
      let events = templates[field: template]?[field: "events"]
      for event in events?.fields?.names ?? []
      where events?[field: event]?.fields?.names == [name] {
        return (template, event)
      }
    }
    return ("", "")
  }

  private func policy(_ name: String, on event: String, _ client: VaultClient) -> Value {
    let (template, id) = self.event(event, client)
    return [
      "name": .string(name), "policyTemplateId": .string(template),
      "applyingEventIds": [.string(id)], "configuration": ["classification": "internal"],
    ]
  }

  private func activate(_ name: String, on event: String, _ client: inout VaultClient) {
    _ = client.post("/policy/register", json: policy(name, on: event, client))
    let record = client.get("/policy/retrieve-policy/\(name)").value
    _ = client.post("/policy/activate", ["policyId": record[field: "id"]?.text ?? ""])
  }

  @Test func `templates are an object by id, with events by id`() {
    var client = VaultClient.provisioned()
    let templates = client.get("/policy/list-policy-templates").value
    let labels = (templates.fields?.names ?? []).flatMap { template in
      let events = templates[field: template]?[field: "events"]
      return (events?.fields?.names ?? []).compactMap { id in
        events?[field: id]?.fields.flatMap { event in
          event.names.first.map { "\($0): \(event[$0]?.text ?? "")" }
        }
      }
    }
    #expect(
      labels == [
        "data_token.data_exchanged: Exchange data", "data_token.data_retrieved: Retrieve data",
        "data_token.data_updated: Update data", "data_token.data_deleted: Delete data",
        "device.device_approved: Approve device", "device.device_removed: Remove device",
        "storage.storage_removed: Remove storage",
      ])
  }

  @Test func `the templates have the events that the API description names, and no others`() throws
  {
    var client = VaultClient.provisioned()
    let templates = client.get("/policy/list-policy-templates").value
    let names = (templates.fields?.names ?? []).flatMap { template in
      let events = templates[field: template]?[field: "events"]
      return (events?.fields?.names ?? []).flatMap { events?[field: $0]?.fields?.names ?? [] }
    }
    let operations = try APIDescription.embedded().operations.values
    #expect(Set(names) == Set(operations.flatMap(\.causes)))
  }

  @Test(arguments: [
    (Voter.yes, Duration.zero, "2 Data deleted."), (.no, .zero, "3 voting.rejected"),
    (.absent, .seconds(60), "3 voting.timed_out"),
  ])
  func `an active policy holds its commands for a vote`(
    voter: Voter, pause: Duration, outcome: String
  ) {
    var (client, token) = tenant(voter)
    activate("guard", on: "data_token.data_deleted", &client)
    let answer = client.post("/data-token/delete-data", ["token": token])
    client.wait(pause)
    #expect(client.outcome(of: answer.commandID) == outcome)
  }

  @Test func `a refused vote is held again until its attempts are used up`() {
    var (client, token) = tenant(.absent)
    _ = client.post(
      "/verified-authenticator/set-maximum-voting-attempts", ["numberOfAttempts": "2"])
    activate("guard", on: "data_token.data_deleted", &client)
    let id = client.post("/data-token/delete-data", ["token": token]).commandID
    client.wait(.seconds(119))
    #expect(client.status(of: id) == "started")
    client.wait(.seconds(1))
    #expect(client.outcome(of: id) == "3 voting.timed_out")
  }

  @Test func `other commands, and those of an inactive policy, are not held`() {
    var (client, token) = tenant(.absent)
    _ = client.post(
      "/policy/register", json: policy("idle", on: "data_token.data_deleted", client))
    activate("guard", on: "data_token.data_updated", &client)
    let answer = client.post("/data-token/delete-data", ["token": token])
    #expect(client.outcome(of: answer.commandID) == "2 Data deleted.")
  }

  @Test func `a deactivated or deleted policy holds nothing any more`() {
    for path in ["/policy/deactivate", "/policy/delete"] {
      var (client, token) = tenant(.absent)
      activate("guard", on: "data_token.data_deleted", &client)
      _ = client.post(path, ["policyId": "guard"])
      let answer = client.post("/data-token/delete-data", ["token": token])
      #expect(client.outcome(of: answer.commandID) == "2 Data deleted.")
    }
  }

  @Test func `without authenticators only a policy with a voting configuration holds anything`() {
    var client = VaultClient.provisioned()
    _ = client.device("store", role: "storage")
    let token = client.stored("hello")
    activate("open", on: "data_token.data_deleted", &client)
    let free = client.post("/data-token/request-data", ["token": token])
    #expect(client.outcome(of: free.commandID) == "2 Data requested.")
    _ = client.post(
      "/verified-authenticator/voting-configuration/register",
      json: ["name": "quick", "timeLimit": 5, "strategy": "affirmative"])
    var closed = policy("closed", on: "data_token.data_retrieved", client).fields ?? ValueMap()
    closed["votingConfigurationId"] = "quick"
    _ = client.post("/policy/register", json: .map(closed))
    _ = client.post("/policy/activate", ["policyId": "closed"])
    let held = client.post("/data-token/request-data", ["token": token])
    client.wait(.seconds(4))
    #expect(client.status(of: held.commandID) == "started")
    client.wait(.seconds(1))
    #expect(client.outcome(of: held.commandID) == "3 voting.timed_out")
    #expect(client.messages("X-DPT-CAB-REQUEST-ID").count == 1)
  }

  @Test func `an exchange keeps its reservation while a vote is held, and a failed one frees it`() {
    var (client, _) = tenant(.absent)
    activate("guard", on: "data_token.data_exchanged", &client)
    let token = client.reservation(ttl: "1")[field: "token"]?.text ?? ""
    let form: KeyValuePairs = ["temporaryTokenSpace": token, "data": "aGVsbG8="]
    client.wait(.seconds(30))
    let held = client.post("/data-token/exchange-data-for-token", form).commandID
    let second = client.post("/data-token/exchange-data-for-token", form).commandID
    #expect(client.outcome(of: second) == "3 data_token.reservation_used")
    client.wait(.seconds(59))
    #expect(client.status(of: held) == "started")
    client.wait(.seconds(1))
    #expect(client.outcome(of: held) == "3 voting.timed_out")
    let late = client.post("/data-token/exchange-data-for-token", form).commandID
    #expect(client.outcome(of: late) == "3 data_token.reservation_not_found")
  }

  @Test func `an upload is held too, and its token resolves after the vote`() {
    var client = VaultClient.provisioned { $0.voterDelay = .seconds(5) }
    _ = client.device("store", role: "storage")
    _ = client.device("voter", role: "verified-authenticator")
    activate("guard", on: "data_token.data_exchanged", &client)
    let reservation = client.reservation()
    let stream = reservation[field: "stream"]?.text ?? ""
    let upload = APIRequest(endpoint: .url(stream), method: "POST", path: "/", body: [1])
    #expect(client.send(upload).status == 200)
    let form: KeyValuePairs = ["token": reservation[field: "token"]?.text ?? ""]
    #expect(client.post("/data-token/request-data", form).status == 404)
    client.wait(.seconds(5))
    #expect(client.post("/data-token/request-data", form).status == 202)
  }

  @Test func `two policies on one event hold two votes`() {
    var client = VaultClient.provisioned { $0.voterDelay = .seconds(5) }
    let device = client.device("store", role: "storage")
    _ = client.device("voter", role: "verified-authenticator")
    for name in ["one", "two"] { activate(name, on: "storage.storage_removed", &client) }
    let id = client.post("/storage/remove", ["deviceIdentifier": device]).commandID
    client.wait(.seconds(5))
    #expect(client.status(of: id) == "started")
    client.wait(.seconds(5))
    #expect(client.outcome(of: id) == "2 Storage device removed.")
  }

  @Test(
    arguments: [
      (["policyTemplateId": "none"], "3 policy_template.not_found"),
      (["applyingEventIds": ["none"]], "3 policy_template.event_not_found"),
      (["configurationId": "none"], "3 voting_configuration.not_found"),
      (["votingConfigurationId": "none"], "3 voting_configuration.not_found"),
      (["name": "taken"], "3 policy.name_taken"),
    ] as [(Value, String)])
  func `a policy that names what is not there is refused`(changes: Value, outcome: String) {
    var client = VaultClient.provisioned()
    let taken = policy("taken", on: "data_token.data_deleted", client)
    _ = client.post("/policy/register", json: taken)
    var body = policy("new", on: "data_token.data_deleted", client).fields ?? ValueMap()
    for name in changes.fields?.names ?? [] { body[name] = changes[field: name] }
    let answer = client.post("/policy/register", json: .map(body))
    #expect(client.outcome(of: answer.commandID) == outcome)
  }

  @Test(
    arguments: [
      ["applyingEventIds": []], ["applyingEventIds": nil], ["configuration": [:]],
      ["configuration": "none"], ["policyTemplateId": nil],
    ] as [Value])
  func `a policy that is wrong in form is refused at once`(changes: Value) {
    var client = VaultClient.provisioned()
    var body = policy("new", on: "data_token.data_deleted", client).fields ?? ValueMap()
    for name in changes.fields?.names ?? [] { body[name] = changes[field: name] }
    #expect(client.post("/policy/register", json: .map(body)).status == 422)
  }

  @Test func `policies are listed by whether they are active, and found by name or id`() {
    var client = VaultClient.provisioned()
    _ = client.post(
      "/policy/register", json: policy("idle", on: "data_token.data_deleted", client))
    activate("busy", on: "data_token.data_deleted", &client)
    let idle = client.get("/policy/retrieve-policy/idle").value
    let busy = client.get("/policy/retrieve-policy/busy").value
    #expect(idle[field: "status"] == "inactive")
    #expect(busy[field: "status"] == "active")
    #expect(client.get("/policy/list-inactive-policies").value == [idle])
    #expect(client.get("/policy/list-active-policies").value == [busy])
    #expect(client.get("/policy/list-policies").value == [idle, busy])
    #expect(client.get("/policy/list-registered-policies").value == [idle, busy])
    let id = busy[field: "id"]?.text ?? ""
    #expect(client.get("/policy/retrieve-policy/\(id)").value == busy)
    #expect(client.get("/policy/retrieve-policy/none").status == 404)
    let again = client.post("/policy/activate", ["policyId": id])
    #expect(client.outcome(of: again.commandID) == "2 Policy activated.")
    #expect(
      client.count(of: "policy.activate-policy") == Ledger.Count(received: 2, effects: 1))
    let missing = client.post("/policy/delete", ["policyId": "none"])
    #expect(client.outcome(of: missing.commandID) == "3 policy.not_found")
  }

  @Test func `a vote that is held is announced where the dialect says so`() {
    var client = VaultClient.provisioned {
      $0.dialect.pending = .once
      $0.voterDelay = .seconds(1)
    }
    let device = client.device("store", role: "storage")
    _ = client.device("voter", role: "verified-authenticator")
    activate("guard", on: "storage.storage_removed", &client)
    let id = client.post("/storage/remove", ["deviceIdentifier": device]).commandID
    #expect(client.outcome(of: id) == "1 Waiting for a vote")
  }
}

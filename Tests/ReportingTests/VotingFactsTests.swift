import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks
import Testing

@testable import Reporting

@Suite struct VotingFactsTests {
  private static func facts(
    _ policies: [VotingFacts.Policy], isKnown: Bool = true
  ) -> VotingFacts {
    var facts = VotingFacts.unknown
    (facts.policies, facts.knowsPolicies) = (policies, isKnown)
    return facts
  }

  private static let whole = VotingFacts.Policy(
    id: "P1", name: "gate", state: .active, template: "T1", events: ["E1"], configuration: "C1")

  private static func outputs(
    active: [Value]? = nil, registered: [Value]? = nil, shown: [Value] = []
  ) -> ValueMap {
    [
      "active": active.map { .list($0) } ?? .null,
      "registered": registered.map { .list($0) } ?? .null, "shown": .list(shown),
    ]
  }

  @Test(
    arguments: [
      ([:], .unknown),
      (outputs(), .unknown),
      (outputs(active: []), facts([])),
      (outputs(active: [ShownVoting.gate]), facts([whole])),
      // What is in force is so, whatever the word.
      (outputs(active: [ShownVoting.gate.with(["status": "inactive"])]), facts([whole])),
      (
        outputs(registered: [
          ShownVoting.gate.with(["status": "Active"]),
          ["id": "P2", "name": "old", "status": "inactive"], ["id": "P3", "name": "odd"],
        ]),
        facts([
          whole, .init(id: "P2", name: "old", state: .inactive),
          .init(id: "P3", name: "odd", state: .possible),
        ])
      ),
      // A read of one policy shows more than the list.
      (
        outputs(
          active: [["id": "P1", "name": "gate"], ["id": "P2", "name": "other"]],
          shown: [ShownVoting.gate, [:]]),
        facts([whole, .init(id: "P2", name: "other")])
      ),
      (
        outputs(
          active: [["id": "P1", "name": "gate"]],
          shown: [["name": "gate", "applyingEventIds": ["E1"], "configurationId": nil]]),
        facts([.init(id: "P1", name: "gate", events: ["E1"], configuration: .null)])
      ),
      (
        outputs(
          registered: [["id": "P1", "name": "gate"]],
          shown: [["name": "gate", "status": "active", "configurationId": nil]]),
        facts([.init(id: "P1", name: "gate")])
      ),
    ] as [(ValueMap, VotingFacts)])
  func `policies are known as far as a service shows them`(
    outputs: ValueMap, facts: VotingFacts
  ) {
    #expect(VotingFacts(outputs) == facts)
  }

  @Test func `rules, settings and authenticators are known as far as a service shows them`() {
    var known = VotingFacts.unknown
    known.configurations = [
      .init(id: "C1", name: "rules", timeLimit: .seconds(60), devices: ["D1"]),
      .init(id: .null, name: "bare"),
    ]
    known.settings = .init(quorum: 2, timeLimit: nil, attempts: 3)
    known.authenticators = [.init(device: "D1", name: "phone"), .init(device: "D2", name: nil)]
    let shown: ValueMap = [
      "settings": ["quorumSize": 2, "timeLimit": 0, "numberOfAttempts": "3", "strategy": "all"],
      "authenticators": [
        ShownVoting.phone, ["name": "lost"],
        ["deviceIdentifier": "D2", "name": .secret(text: "hidden")],
      ],
    ]
    for name in ["configurations", "named"] {
      var outputs = shown
      outputs[name] = [ShownVoting.rules, ["name": "bare", "timeLimit": "soon"]]
      #expect(VotingFacts(outputs) == known)
    }
  }

  @Test(
    arguments: [
      (["data_token.data_exchanged"], .certain), (["data_token.data_deleted"], .none),
      (["E1"], .certain), (["E2"], .none), (["E2", "E1"], .certain),
      (["E9"], .possible), (["E2", "E9"], .possible), ([.unknown(Unknown("a"))], .possible),
      ([["id": "E1"]], .possible), ([], .none), (nil, .possible),
    ] as [([Value]?, EventMatch)])
  func `an event is recognised by its name, or by the id that the template of the policy gives it`(
    events: [Value]?, match: EventMatch
  ) {
    let facts = ShownVoting.facts([])
    let policy = VotingFacts.Policy(template: "T1", events: events)
    #expect(facts.match(policy, "data_token.data_exchanged") == match)
  }

  @Test(
    arguments: [
      ("T1", .certain), ("T2", .none),
      // The same id stands for other events in other templates.
      (nil, .possible), ("T3", .possible),
    ] as [(String?, EventMatch)])
  func `the id of an event belongs to its template`(template: String?, match: EventMatch) {
    let policy = VotingFacts.Policy(template: template, events: ["E1"])
    #expect(ShownVoting.facts([]).match(policy, "data_token.data_exchanged") == match)
  }

  @Test func `an event that has only a label may be any`() {
    var facts = VotingFacts.unknown
    facts.templates = [["id": "T1", "events": [["id": "E1", "name": "Exchange data"]]]]
    let policy = VotingFacts.Policy(template: "T1", events: ["E1"])
    #expect(facts.match(policy, "data_token.data_exchanged") == .possible)
  }

  @Test(
    arguments: [
      .profile(username: "alice", password: Secret("secret")),
      .application(accessToken: Secret("token"), isRenewed: false, expiresAt: .null),
    ] as [ForeseenSession])
  func `what decides votes is found out by reads alone`(session: ForeseenSession) throws {
    let plan = try #require(
      VotingPlaybook.plan(in: session, api: ForeseenPlan.api.get(), hiding: [Secret("more")]))
    let operations = Self.operations(plan.playbook.steps)
    #expect(Set(operations.map(\.id)) == VotingReads.standard.all)
    #expect(operations.filter { !$0.isQuiet || $0.completion != .http }.map(\.id) == [])
    #expect(plan.plainSecrets == [Secret("more")])
    #expect(Value.map(plan.inputs).secrets.count == 1)
  }

  private static func operations(_ steps: [PlannedStep]) -> [Operations.Operation] {
    steps.flatMap { step in
      [step.operation].compactMap(\.self) + operations(step.kind.steps)
    }
  }

  @Test func `without a session, or of another service, nothing is found out`() throws {
    var api = try ForeseenPlan.api.get()
    #expect(VotingPlaybook.plan(in: .none, api: api) == nil)
    #expect(VotingPlaybook.plan(in: .unknown, api: api) == nil)
    api.operations[VotingReads.standard.settings] = nil
    let alice = ForeseenSession.profile(username: "alice", password: Secret("secret"))
    #expect(VotingPlaybook.plan(in: alice, api: api) == nil)
  }
}

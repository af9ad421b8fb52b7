import Events
import Expressions
import Machine
import Operations
import Planning
import Reporting
import Testing

/// What is found out about votes at services that show more or less of them.
@Suite struct VotingReadTests {
  /// A service that answers from a table; what is not in it is no path of it.
  private struct Service {
    /// The status and body for a request such as `GET /policy/list-active-policies`.
    let answers: [String: (status: Int, body: String)]
    var sent: [String: Int] = [:]

    /// The facts that the reads come to.
    mutating func facts() throws -> VotingFacts {
      let session = ForeseenSession.profile(username: "alice", password: Secret("secret"))
      let plan = try #require(VotingPlaybook.plan(in: session, api: .embedded()))
      let start = RunStart(
        run: try #require(RunID("0123456789ab")), playbook: plan.playbook.name,
        file: plan.playbook.file, planDigest: plan.digest, inputs: plan.inputs, seed: 1,
        version: "test")
      var machine = RunMachine(
        plan: plan, start: start, guidedBy: Guidance(planning: Planning()))
      var inputs = [RunInput.start]
      var now = Moment(nanoseconds: 0)
      for _ in 0..<1000 {
        if inputs.isEmpty, let deadline = machine.nextDeadline {
          (now, inputs) = (max(now, deadline), [.tick])
        }
        guard !inputs.isEmpty else { break }
        for action in machine.apply(inputs.removeFirst(), at: now) {
          switch action {
          case .exchange(let id, let request): inputs.append(.answered(id, answer(request)))
          case .finish(let result): return VotingFacts(result.outputs)
          case .record, .abandon, .perform, .performDry, .connect, .send, .disconnect,
            .requestVoteSlot, .releaseVoteSlot, .fail:
            break
          }
        }
      }
      throw Endless()
    }

    struct Endless: Error {}

    private mutating func answer(_ request: APIRequest) -> APIResponse {
      let what = "\(request.method) \(request.path)"
      sent[what, default: 0] += 1
      let (status, body) = answers[what] ?? (404, #"{"message":"no such path"}"#)
      return APIResponse(
        status: status, headers: [HTTPField("Content-Type", "application/json")],
        body: Array(body.utf8))
    }
  }

  private static let whole: [String: (status: Int, body: String)] = [
    "POST /profile/authenticate": (
      200, #"{"authorizationToken":"t","expiresAt":"2099-01-01T00:00:00Z"}"#
    ),
    "GET /policy/list-active-policies": (
      200,
      #"[{"id":"P1","name":"gate","policyTemplateId":"T1","applyingEventIds":["E1"],"configurationId":"C1"}]"#
    ),
    "GET /policy/list-policy-templates": (
      200, #"{"T1":{"name":"Data","events":{"E1":{"data_token.data_exchanged":"Exchange"}}}}"#
    ),
    "GET /verified-authenticator/voting-configuration/list": (
      200, #"[{"id":"C1","name":"rules","timeLimit":60,"deviceIdentifiers":["D1"]}]"#
    ),
    "GET /verified-authenticator/retrieve-strategy": (
      200, #"{"strategy":"consensus","quorumSize":1,"timeLimit":30,"numberOfAttempts":2}"#
    ),
    "GET /verified-authenticator/list-verified-authenticator": (
      200, #"[{"deviceIdentifier":"D1","name":"phone"}]"#
    ),
  ]

  private static func service(
    _ changes: [String: (status: Int, body: String)?]
  ) -> Service {
    var answers = whole
    for (path, answer) in changes { answers[path] = answer }
    return Service(answers: answers)
  }

  private static let policy = "GET /policy/retrieve-policy/gate"
  private static let shown = (
    200,
    #"{"id":"P1","name":"gate","status":"active","policyTemplateId":"T1","applyingEventIds":["E1"],"votingConfigurationId":"C1"}"#
  )

  @Test func `a service that lists everything is asked for each list once`() throws {
    var service = Self.service([:])
    _ = try service.facts()
    #expect(service.sent == Self.whole.mapValues { _ in 1 })
  }

  @Test(
    arguments: [
      // A list of names, each of which is read.
      ["GET /policy/list-active-policies": (200, #"[{"id":"P1","name":"gate"}]"#), policy: shown],
      // No list of what is in force, but of all.
      [
        "GET /policy/list-active-policies": nil,
        "GET /policy/list-policies": (200, #"{"items":[{"id":"P1","name":"gate"}]}"#),
        policy: shown,
      ],
      // No list of voting configurations, but a read of each.
      [
        "GET /verified-authenticator/voting-configuration/list": nil,
        "GET /verified-authenticator/voting-configuration/retrieve/C1": (
          200, #"{"id":"C1","name":"rules","timeLimit":60,"deviceIdentifiers":["D1"]}"#
        ),
      ],
      // Other spellings.
      [
        "GET /verified-authenticator/list-verified-authenticator": nil,
        "GET /verified-authenticator/list-verified-authenticators": (
          200, #"{"D1":{"deviceId":"D1","friendlyName":"phone"}}"#
        ),
        "GET /verified-authenticator/retrieve-strategy": (
          200, #"{"size":1,"time_limit":30,"number_of_attempts":2}"#
        ),
      ],
    ] as [[String: (status: Int, body: String)?]])
  func `a service that shows it elsewhere is known as well`(
    changes: [String: (status: Int, body: String)?]
  ) throws {
    var complete = Self.service([:])
    var service = Self.service(changes)
    #expect(try service.facts() == complete.facts())
  }

  @Test func `what a service does not serve is not known, and the rest is`() throws {
    var complete = Self.service([:])
    var service = Self.service(["GET /verified-authenticator/retrieve-strategy": (403, "{}")])
    let facts = try service.facts()
    #expect(facts != .unknown)
    #expect(facts != (try complete.facts()))
    #expect(service.sent == Self.whole.mapValues { _ in 1 })
    var none = Self.service(
      Self.whole.mapValues { _ in nil }.merging(
        ["POST /profile/authenticate": Self.whole["POST /profile/authenticate"]]) { $1 })
    #expect(try none.facts() == .unknown)
  }

  @Test(arguments: [401, 403, 404, 422])
  func `a login that is refused is not tried again`(status: Int) throws {
    var service = Self.service(["POST /profile/authenticate": (status, #"{"message":"no"}"#)])
    #expect(try service.facts() == .unknown)
    #expect(service.sent["POST /profile/authenticate"] ?? 0 == 1)
    #expect(service.sent.count == 1)
  }
}

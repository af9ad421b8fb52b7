import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// Votes that follow from what the plan itself does.
@Suite struct VotesOfPlanTests {
  private static let gating = """
      - id: early
        call: data-token.exchange-data-for-token
        with: { temporaryTokenSpace: t, data: d }
      - id: device
        call: device.request-unique-identifier
        with: { deviceName: phone }
        ensure: present
      - id: role
        call: verified-authenticator.register-authenticator
        with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
        ensure: present
      - id: rules
        call: verified-authenticator.register-voting-configuration
        with:
          name: contracts
          timeLimit: 40
          strategy: consensus
          deviceIdentifiers: ["${{ steps.device.deviceIdentifier }}"]
        ensure: present
      - id: policy
        call: policy.register-policy
        with:
          name: gate-it
          policyTemplateId: T1
          applyingEventIds: [E1]
          configuration: { label: x }
          configurationId: ${{ steps.rules.id }}
        ensure: present
      - id: active
        call: policy.activate-policy
        with: { policyId: "${{ string(steps.policy.id) }}" }
        ensure: present
      - id: exchange
        call: data-token.exchange-data-for-token
        with: { temporaryTokenSpace: t, data: d }
      - id: deletion
        call: data-token.delete-data
        with: { token: t }
    """

  private static let drawing = """
    + early call x
    + device call x
    + role call x
    + rules call x
    + policy call x
    ~ active call x
    + exchange call x
    - deletion call x
    """

  private static let made: [String: Value] = [
    "device": ["deviceIdentifier": .unknown(Unknown("device.deviceIdentifier"))],
    "rules": ["id": .unknown(Unknown("rules.id"))],
    "policy": ["id": .unknown(Unknown("policy.id"))],
  ]

  @Test
  func `a policy that the plan puts in force may gate later steps, by the rules that it makes`()
    throws
  {
    let plan = try ForeseenPlan(Self.gating, Self.drawing, Self.made)
    #expect(
      plan.votes(knowing: ShownVoting.facts([])) == [
        "data_token.data_exchanged gate-it may ask 1 authenticator (phone), waits at most 40 s "
          + "[exchange]"
      ])
  }

  @Test func `of a new profile nothing is read, and the ids of events say nothing`() throws {
    let profile = """
        - id: profile
          call: profile.register-new-profile
          with: { username: alice, password: secret }
          session: none
          ensure: present

      """
    let plan = try ForeseenPlan(
      profile + Self.gating, "? profile call x\n" + Self.drawing, Self.made)
    #expect(plan.outlook.sessionsThatAsk == [])
    #expect(plan.outlook.factsOfNewProfiles == [ForeseenPlan.alice: .none])
    let text =
      "gate-it may ask 1 authenticator (phone), waits for a time that is not known: at most 40 s "
      + "for each attempt"
    #expect(
      plan.votes(knowing: plan.outlook.factsOfNewProfiles[ForeseenPlan.alice]) == [
        "data_token.data_exchanged \(text) [exchange]",
        "data_token.data_deleted \(text) [deletion]",
      ])
  }

  @Test(arguments: [
    (
      "+", Value.unknown(Unknown("rules.id")),
      "asks 1 authenticator (phone), waits at most 40 s [vote]"
    ),
    ("~", "C1", "asks 1 authenticator (phone), waits at most 40 s [vote]"),
    // What there is stays.
    ("=", "C1", "asks 2 authenticators (other, phone), waits at most 30 s [vote]"),
  ])
  func `a voting that is created is held by the configuration that an earlier step leaves`(
    sign: String, id: Value, text: String
  ) throws {
    let plan = try ForeseenPlan(
      """
        - id: device
          call: device.request-unique-identifier
          with: { deviceName: phone }
          ensure: present
        - id: role
          call: verified-authenticator.register-authenticator
          with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
          ensure: present
        - id: rules
          call: verified-authenticator.register-voting-configuration
          with:
            name: contracts
            timeLimit: 40
            strategy: consensus
            deviceIdentifiers: ["${{ steps.device.deviceIdentifier }}"]
          ensure: present
        - id: vote
          call: voting.create-voting
          with:
            votingConfigurationId: >-
              ${{ steps.rules.id != null ? string(steps.rules.id) : 'contracts' }}
            title: t
            question: q
      """, "+ device call x\n+ role call x\n\(sign) rules call x\n+ vote call x",
      ["device": Self.made["device"] ?? .null, "rules": ["id": id]])
    let there: Value = [
      "id": "C1", "name": "contracts", "timeLimit": 30, "deviceIdentifiers": [],
    ]
    let more: Value = ["id": "C2", "name": "more", "timeLimit": 90, "deviceIdentifiers": []]
    let facts = ShownVoting.facts(
      [], rules: sign == "+" ? [more] : [there, more],
      authenticators: [["deviceIdentifier": "D3", "name": "other"]])
    #expect(plan.votes(knowing: facts) == ["voting.create-voting \(text)"])
  }

  @Test func `policies are read in the sessions of steps that may have to ask`() throws {
    let plan = try ForeseenPlan(
      """
        - { id: read, call: policy.list-active-policies }
        - { id: me, call: device.approve-device, with: { deviceIdentifier: d } }
        - id: bob
          call: device.approve-device
          with: { deviceIdentifier: d }
          session: { username: bob, password: other }
        - id: agent
          call: device.approve-device
          with: { deviceIdentifier: d }
          session: { access-token: token }
        - id: later
          call: device.approve-device
          with: { deviceIdentifier: d }
          session: { username: "${{ string(steps.read.policies[0].id) }}", password: other }
        - id: nobody
          call: device.approve-device
          with: { deviceIdentifier: d }
          session: { username: carol, password: other }
      """,
      """
      : read call x
      ~ me call x
      ~ bob call x
      ~ agent call x
      ~ later call x
      . nobody call x skipped
      """, ["read": ["policies": .unknown(Unknown("read"))]])
    #expect(
      plan.outlook.sessionsThatAsk == [
        .profile(username: "alice", password: Secret("secret")),
        .profile(username: "bob", password: Secret("other")),
        .application(accessToken: Secret("token"), isRenewed: false, expiresAt: .null),
      ])
  }

  @Test(arguments: [
    ("policy.deactivate-policy", "with: { policyId: P1 }", "~", nil),
    ("policy.deactivate-policy", "with: { policyId: P1 }\n    ensure: absent", "-", nil),
    ("policy.deactivate-policy", "with: { policyId: P1 }\n    ensure: absent", "?", "may ask 1"),
    ("policy.deactivate-policy", "with: { policyId: P2 }", "~", "asks 1"),
    ("policy.activate-policy", "with: { policyId: P1 }\n    ensure: absent", "-", nil),
    ("policy.activate-policy", "with: { policyId: P1 }", "~", "asks 1"),
    ("verified-authenticator.set-quorum-size", "with: { size: 2 }", "~", "it cannot pass"),
    (
      "verified-authenticator.set-maximum-voting-attempts", "with: { numberOfAttempts: 2 }", "~",
      "120 s"
    ),
    (
      "verified-authenticator.set-maximum-voting-attempts", "with: { numberOfAttempts: 2 }", "?",
      "not known"
    ),
    (
      "verified-authenticator.set-maximum-voting-attempts", "with: { numberOfAttempts: 2 }", "=",
      "120 s"
    ),
    (
      "verified-authenticator.remove-authenticator", "with: { deviceIdentifier: D1 }", "-", "nobody"
    ),
    (
      "verified-authenticator.remove-authenticator", "with: { deviceIdentifier: D1 }", "?",
      "asks 1 authenticator,"
    ),
    (
      "verified-authenticator.remove-authenticator", "with: { deviceIdentifier: D2 }", "-",
      "(phone)"
    ),
    (
      "verified-authenticator.update-voting-configuration",
      "with: { name: rules, timeLimit: 10, strategy: consensus, deviceIdentifiers: [] }", "~",
      "asks 2 authenticators (phone, tablet), waits at most 10 s"
    ),
    (
      "verified-authenticator.update-voting-configuration",
      "with: { name: rules, timeLimit: 10, strategy: consensus, deviceIdentifiers: [D1] }", "?",
      "asks 1 authenticator (phone), waits for a time that is not known"
    ),
  ])
  func `what a step changes of policies and rules counts for the steps after it`(
    operation: String, call: String, sign: String, part: String?
  ) throws {
    let plan = try ForeseenPlan(
      """
        - id: before
          call: \(operation)
          \(call)
        - id: exchange
          call: data-token.exchange-data-for-token
          with: { temporaryTokenSpace: t, data: d }
      """, "\(sign) before call x\n+ exchange call x")
    let votes = plan.votes(knowing: ShownVoting.facts([ShownVoting.gate]))
    #expect(votes.count == (part == nil ? 0 : 1))
    if let part, let vote = votes.first { #expect(vote.contains(part), "\(vote)") }
  }
}

import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

@Suite struct VoteForecastTests {
  private static let exchange = """
      - id: exchange
        call: data-token.exchange-data-for-token
        with: { temporaryTokenSpace: t, data: d }
    """
  private static let asks = "data_token.data_exchanged gate asks 1 authenticator (phone)"
  private static let mayAsk = "data_token.data_exchanged gate may ask"

  @Test(
    arguments: [
      (ShownVoting.facts([ShownVoting.gate]), ["\(asks), waits at most 60 s [exchange]"]),
      (
        ShownVoting.facts([ShownVoting.gate], attempts: 2),
        ["\(asks), waits at most 120 s [exchange]"]
      ),
      (
        ShownVoting.facts([ShownVoting.gate], attempts: 3),
        [
          "\(asks), waits at most 3 min: the step gives up after 120 s, its `timeout` [exchange]"
        ]
      ),
      (
        ShownVoting.facts([ShownVoting.gate], attempts: nil),
        [
          "\(asks), waits for a time that is not known: at most 60 s for each attempt [exchange]"
        ]
      ),
      (
        ShownVoting.facts([ShownVoting.gate], quorum: 2),
        [
          "\(asks), waits at most 60 s: it cannot pass: 2 must answer, and only 1 is asked "
            + "[exchange]"
        ]
      ),
      // All are asked where a configuration names no devices.
      (
        ShownVoting.facts(
          [ShownVoting.gate], rules: [ShownVoting.rules.with(["deviceIdentifiers": []])],
          quorum: 3),
        [
          "data_token.data_exchanged gate asks 2 authenticators (phone, tablet), waits at most "
            + "60 s: it cannot pass: 3 must answer, and only 2 are asked [exchange]"
        ]
      ),
      (
        ShownVoting.facts([ShownVoting.gate], authenticators: [ShownVoting.tablet]),
        [
          "data_token.data_exchanged gate asks 0 authenticators, waits at most 60 s: it cannot "
            + "pass: there is nobody to ask [exchange]"
        ]
      ),
      (
        ShownVoting.facts([ShownVoting.gate], authenticators: nil),
        [
          "data_token.data_exchanged gate asks 1 authenticator, waits at most 60 s [exchange]"
        ]
      ),
      // The configuration is not shown.
      (
        ShownVoting.facts([ShownVoting.gate], rules: nil),
        [
          "data_token.data_exchanged gate asks the authenticators, waits for a time that is not "
            + "known [exchange]"
        ]
      ),
      // By the profile's settings a service may ask or not.
      (
        ShownVoting.facts([ShownVoting.gate.with(["configurationId": nil])]),
        ["\(mayAsk) 2 authenticators (phone, tablet), waits at most 30 s [exchange]"]
      ),
      (
        ShownVoting.facts([ShownVoting.gate.with(["configurationId": nil])], authenticators: []),
        []
      ),
      // Two policies are two votes.
      (
        ShownVoting.facts([
          ShownVoting.gate, ShownVoting.gate.with(["id": "P2", "name": "other"]),
        ]),
        [
          "\(asks), waits at most 60 s [exchange]",
          "data_token.data_exchanged other asks 1 authenticator (phone), waits at most 60 s "
            + "[exchange]",
        ]
      ),
      (ShownVoting.facts([]), []),
      (ShownVoting.facts([ShownVoting.gate.with(["applyingEventIds": ["E2"]])]), []),
      (ShownVoting.facts([ShownVoting.gate.with(["policyTemplateId": "T2"])]), []),
      (
        nil,
        [
          "data_token.data_exchanged may ask the authenticators, waits for a time that is not "
            + "known [exchange]"
        ]
      ),
    ] as [(VotingFacts?, [String])])
  func `a step that causes an event waits for the policies that gate it`(
    facts: VotingFacts?, votes: [String]
  ) throws {
    let plan = try ForeseenPlan(Self.exchange, "+ exchange call x")
    #expect(plan.votes(knowing: facts) == votes)
  }

  @Test(arguments: [
    ("+ exchange call x", "asks"), ("? exchange call x", "may ask"), ("= exchange call x", nil),
    (". exchange call x skipped", nil), ("x exchange call x", nil), ("", nil),
  ])
  func `only a step that is carried out asks anybody`(drawing: String, word: String?) throws {
    let plan = try ForeseenPlan(Self.exchange, drawing)
    let votes = plan.votes(knowing: ShownVoting.facts([ShownVoting.gate]))
    #expect(
      votes
        == (word.map { word in
          [
            "data_token.data_exchanged gate \(word) 1 authenticator (phone), waits at most 60 s "
              + "[exchange]"
          ]
        } ?? []))
  }

  @Test func `a longer timeout is long enough`() throws {
    let plan = try ForeseenPlan(Self.exchange + "\n    timeout: 3m", "+ exchange call x")
    #expect(
      plan.votes(knowing: ShownVoting.facts([ShownVoting.gate], attempts: 3))
        == ["\(Self.asks), waits at most 3 min [exchange]"])
  }

  @Test func `rounds are one vote each, and steps below an unknown one may ask`() throws {
    let plan = try ForeseenPlan(
      """
        - id: all
          for-each: [a, b]
          as: it
          steps:
            - id: each
              call: data-token.exchange-data-for-token
              with: { temporaryTokenSpace: "${{ it }}", data: d }
        - id: more
          for-each: ${{ steps.all.map(a, a.each.commandId) }}
          as: it
          steps:
            - id: unknown
              call: data-token.exchange-data-for-token
              with: { temporaryTokenSpace: "${{ it }}", data: d }
      """,
      """
      : all for-each it
      :   [0] a
      +     each call x
      :   [1] b
      +     each call x
      ? more for-each it
      """)
    #expect(
      plan.votes(knowing: ShownVoting.facts([ShownVoting.gate])) == [
        "\(Self.asks), waits at most 60 s each time [all[0]/each, all[1]/each]",
        "\(Self.mayAsk) 1 authenticator (phone), waits at most 60 s [more/unknown]",
      ])
  }

  @Test func `rounds over pages have the elements that the plan read`() throws {
    let loop = """
        - id: all
          for-each:
            call: data-token.list-data-tokens
            with: { page: "${{ next }}" }
            items: ${{ answer.tokens.map(t, t.token) }}
            next: "${{ answer.tokens == [] ? null : next == null ? 2 : next + 1 }}"
          as: it
          steps:
            - id: each
              call: data-token.exchange-data-for-token
              with: { temporaryTokenSpace: "${{ it }}", data: d }
      """
    let drawing = """
      : all for-each it
      :   page-1 call x
      :   page-2 call x
      :   page-3 call x
      :   [0] a
      +     each call x
      :   [1] b
      +     each call x
      """
    func page(_ token: String) -> Value { ["tokens": [["token": .string(token)]]] }
    let plan = try ForeseenPlan(
      loop, drawing,
      ["all/page-1": page("a"), "all/page-2": page("b"), "all/page-3": ["tokens": []]])
    #expect(
      plan.votes(knowing: ShownVoting.facts([ShownVoting.gate])) == [
        "\(Self.asks), waits at most 60 s each time [all[0]/each, all[1]/each]"
      ])
    let spaces = plan.outlook.steps.compactMap { $0.arguments["temporaryTokenSpace"] }
    #expect(spaces == ["a", "b"])
    let unread = try ForeseenPlan(loop, "? all for-each it\n:   page-1 call x")
    #expect(
      unread.votes(knowing: ShownVoting.facts([ShownVoting.gate])) == [
        "\(Self.mayAsk) 1 authenticator (phone), waits at most 60 s [all/each]"
      ])
  }

  @Test func `an ensured call asks for what carries it out`() throws {
    let gate = ShownVoting.gate.with(["policyTemplateId": "T2"])
    let device = """
        - id: device
          call: device.request-unique-identifier
          with: { deviceName: vault-a }
          ensure: absent
      """
    let found = try ["- device call x", "= device call x", "? device call x"].map {
      try ForeseenPlan(device, $0).votes(knowing: ShownVoting.facts([gate])).map { $0.prefix(34) }
    }
    #expect(
      found == [
        ["device.device_removed gate asks 1 "], [], ["device.device_removed gate may ask"],
      ])
  }

  @Test func `a read that a policy gates asks, too, although it changes nothing`() throws {
    let plan = try ForeseenPlan(
      "  - { id: data, call: data-token.request-data-via-token, with: { token: t } }",
      ": data call x")
    let gate = ShownVoting.gate.with(["applyingEventIds": ["data_token.data_retrieved"]])
    #expect(
      plan.votes(knowing: ShownVoting.facts([gate])) == [
        "data_token.data_retrieved gate asks 1 authenticator (phone), waits at most 60 s [data]"
      ])
  }

  @Test(arguments: [
    ("contracts", "", "asks 1 authenticator (phone), waits at most 60 s"),
    ("C1", "", "asks 1 authenticator (phone), waits at most 60 s"),
    (
      "C1", ", skipAuthenticatorDevices: [D1]",
      "asks 0 authenticators, waits at most 60 s: it cannot pass: there is nobody to ask"
    ),
    ("other", "", "asks the authenticators, waits for a time that is not known"),
    ("C1", ", accessToken: t", "asks the authenticators, waits for a time that is not known"),
  ])
  func `a voting that is created asks those of its configuration`(
    configuration: String, more: String, text: String
  ) throws {
    let plan = try ForeseenPlan(
      """
        - id: vote
          call: voting.create-voting
          with: { votingConfigurationId: \(configuration), title: t, question: q\(more) }
      """, "+ vote call x")
    let rules = ShownVoting.rules.with(["name": "contracts"])
    #expect(
      plan.votes(knowing: ShownVoting.facts([], rules: [rules]))
        == ["voting.create-voting \(text) [vote]"])
  }

  @Test func `of another profile nothing is known`() throws {
    let plan = try ForeseenPlan(
      Self.exchange + "\n    session: { username: bob, password: secret }", "+ exchange call x")
    #expect(
      plan.votes(knowing: ShownVoting.facts([ShownVoting.gate])) == [
        "data_token.data_exchanged may ask the authenticators, waits for a time that is not "
          + "known [exchange]"
      ])
  }
}

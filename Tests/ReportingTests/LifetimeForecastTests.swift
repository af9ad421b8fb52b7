import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

@Suite struct LifetimeForecastTests {
  private static func reserve(_ more: String = "") -> String {
    """
      - id: reservation
        call: data-token.reserve-token-space
        with: { context: c\(more) }
      - id: space
        call: data-token.retrieve-temporary-data-token
        with: { commandId: "${{ steps.reservation.commandId }}" }

    """
  }
  private static let exchange = """
      - id: exchange
        call: data-token.exchange-data-for-token
        with: { temporaryTokenSpace: "${{ steps.space.token }}", data: d }
    """
  private static let values: [String: Value] = [
    "reservation": ["commandId": .unknown(Unknown("reservation.commandId"))],
    "space": .unknown(Unknown("space")),
  ]
  private static let start = "what it gives lives 5 min; until `exchange` is done, "

  private static func lifetimes(
    _ between: String, _ drawing: String, ttl: String = "", knowing facts: VotingFacts? = nil
  ) throws -> [String] {
    try ForeseenPlan(
      reserve(ttl) + between + exchange,
      "+ reservation call x\n: space call x\n\(drawing)+ exchange call x", values
    ).lifetimes(knowing: facts)
  }

  @Test(arguments: [
    ("", "", nil),
    (
      "  - { id: ok, approve: ok, timeout: 4h }\n", "? ok approve\n",
      "the approval `ok` may take 4 h"
    ),
    ("  - { id: ok, approve: ok, timeout: 5m }\n", "? ok approve\n", nil),
    ("  - { id: ok, approve: ok }\n", "? ok approve\n", "the approval `ok` may take any time"),
    ("  - { id: ok, approve: ok, when: false }\n", ". ok approve\n", nil),
    ("  - { id: pause, wait: 6m }\n", ": pause wait\n", "`pause` may take 6 min"),
    (
      "  - { id: pause, wait: 3m }\n  - { id: ok, approve: ok, timeout: 150s }\n",
      ": pause wait\n? ok approve\n", "`pause` and the approval `ok` may take 5 min 30 s"
    ),
    // Beside each other.
    (
      """
        - id: both
          parallel:
            one: [{ id: pause, wait: 4m }]
            two: [{ id: ok, approve: ok, timeout: 280s }]

      """, ": both parallel\n:   .one\n:     pause wait\n:   .two\n?     ok approve\n", nil
    ),
    (
      """
        - id: both
          parallel:
            one: [{ id: pause, wait: 4m }]
            two: [{ id: ok, approve: ok, timeout: 320s }]

      """, ": both parallel\n:   .one\n:     pause wait\n:   .two\n?     ok approve\n",
      "the approval `both.two/ok` may take 5 min 20 s"
    ),
    // Calls take little, but many of them a while.
    (
      "  - { id: one, call: profile.retrieve-profile-id, timeout: 10m }\n", ": one call x\n", nil
    ),
    (
      """
        - id: all
          for-each: [1, 2, 3]
          as: it
          steps: [{ id: one, call: profile.retrieve-profile-id }]

      """,
      ": all for-each it\n:   [0] 1\n:     one call x\n:   [1] 2\n:     one call x\n"
        + ":   [2] 3\n:     one call x\n", "the rounds of `all` may take 6 min"
    ),
    (
      """
        - id: all
          for-each: [1, 2, 3]
          as: it
          concurrency: 2
          steps: [{ id: one, call: profile.retrieve-profile-id }]

      """,
      ": all for-each it\n:   [0] 1\n:     one call x\n:   [1] 2\n:     one call x\n"
        + ":   [2] 3\n:     one call x\n", nil
    ),
    // What is true already is not waited for.
    (
      """
        - id: ready
          wait: { until: answer.status == 'ok', call: utility.check-server-health }
          timeout: 1h

      """, ": ready wait x\n", nil
    ),
    // Below a step of which it is not known whether it begins.
    (
      """
        - id: maybe
          when: steps.space.token != 'x'
          steps: [{ id: ok, approve: ok, timeout: 1h }]

      """, "? maybe block\n", "the approval `maybe/ok` may take 1 h"
    ),
  ])
  func `what lies between getting and using may take longer than a thing lives`(
    between: String, drawing: String, phrase: String?
  ) throws {
    #expect(
      try Self.lifetimes(between, drawing)
        == (phrase.map { ["reservation: \(Self.start)\($0)"] } ?? []))
  }

  @Test(arguments: [
    (", ttl: 1", "what it gives lives 60 s; until `exchange` is done, `pause` may take 90 s"),
    (", ttl: 2", nil),
    (", ttl: \"${{ inputs.ttl }}\"", nil),
  ])
  func `a thing lives as long as the call says`(ttl: String, text: String?) throws {
    let steps =
      Self.reserve(ttl.replacing("${{ inputs.ttl }}", with: "${{ steps.before.n }}"))
      + "  - { id: pause, wait: 90s }\n" + Self.exchange
    let before = "  - { id: before, play: before.yaml }\n"
    let played = """
      playbook: 1
      name: before
      steps: [{ id: read, call: profile.retrieve-profile-id }]
      outputs: { n: "${{ size(string(steps.read.profileId)) }}" }
      """
    let plan = try ForeseenPlan(
      before + steps,
      """
      : before play before
      :   read call x
      + reservation call x
      : space call x
      : pause wait
      + exchange call x
      """, Self.values.merging(["before": ["n": .unknown(Unknown("before/read"))]]) { $1 },
      files: ["/before.yaml": played])
    #expect(plan.lifetimes() == (text.map { ["reservation: \($0)"] } ?? []))
  }

  @Test(
    arguments: [
      (ShownVoting.facts([ShownVoting.gate]), nil),
      (ShownVoting.facts([ShownVoting.gate], attempts: 6), "the vote of `exchange` may take 6 min"),
      (ShownVoting.facts([ShownVoting.gate], attempts: nil), nil),
      (nil, nil),
    ] as [(VotingFacts?, String?)])
  func `a vote on the use itself counts, as far as its time is known`(
    facts: VotingFacts?, phrase: String?
  ) throws {
    #expect(
      try Self.lifetimes("", "", knowing: facts)
        == (phrase.map { ["reservation: \(Self.start)\($0)"] } ?? []))
  }

  @Test func `a batch that is reserved first and filled later is one warning`() throws {
    let plan = try ForeseenPlan(
      """
        - id: batch
          for-each: [a, b, c]
          as: it
          steps:
            - id: reservation
              call: data-token.reserve-token-space
              with: { context: "${{ it }}" }
            - id: space
              call: data-token.retrieve-temporary-data-token
              with: { commandId: "${{ steps.reservation.commandId }}" }
        - id: fill
          for-each: ${{ steps.batch.map(b, b.space.token) }}
          as: it
          steps:
            - id: exchange
              call: data-token.exchange-data-for-token
              with: { temporaryTokenSpace: "${{ it }}", data: d }
      """,
      """
      : batch for-each it
      :   [0] a
      +     reservation call x
      :     space call x
      :   [1] b
      +     reservation call x
      :     space call x
      :   [2] c
      +     reservation call x
      :     space call x
      : fill for-each it
      :   [0] a
      +     exchange call x
      :   [1] b
      +     exchange call x
      :   [2] c
      +     exchange call x
      """,
      (0..<3).reduce(into: ["batch": .list([])]) { values, round in
        let path = "batch[\(round)]"
        let space = Value.unknown(Unknown("\(path)/space"))
        values["\(path)/reservation"] = [
          "commandId": .unknown(Unknown("\(path)/reservation.commandId"))
        ]
        values["\(path)/space"] = space
        guard case .list(let rounds)? = values["batch"] else { return }
        values["batch"] = .list(rounds + [["space": space]])
      })
    #expect(
      plan.lifetimes() == [
        "batch[0]/reservation: what it gives lives 5 min; until `fill[0]/exchange` is done, the "
          + "rounds of `batch` may take 8 min; the same in 1 other round"
      ])
  }

  @Test(arguments: [
    ("access-token: t, expires-at: \"2026-01-01T00:10:00Z\"", "10 min"),
    ("access-token: t, expires-at: \"2026-01-01T05:00:00Z\"", nil),
    ("access-token: t, expires-at: \"2026-01-01T00:10:00Z\", refresh-token: r", nil),
    ("access-token: t", nil),
    ("username: alice, password: secret", nil),
  ])
  func `a token that nothing renews may expire before it is used`(
    session: String, lifetime: String?
  ) throws {
    let plan = try ForeseenPlan(
      """
        - { id: early, call: device.approve-device, with: { deviceIdentifier: d } }
        - { id: ok, approve: ok, timeout: 4h }
        - { id: open, call: utility.check-server-health, session: none }
        - { id: late, call: device.approve-device, with: { deviceIdentifier: d } }
        - { id: later, call: device.approve-device, with: { deviceIdentifier: d } }
      """,
      """
      ~ early call x
      ? ok approve
      : open call x
      ~ late call x
      ~ later call x
      """, session: "{ \(session) }")
    #expect(SampleRun.beginning.text.hasPrefix("2026-01-01T00:00:00"))
    #expect(
      plan.lifetimes()
        == (lifetime.map { lifetime in
          [
            "late: the access token of its session expires in \(lifetime); before that step, the "
              + "approval `ok` may take 4 h"
          ]
        } ?? []))
  }
}

import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("Decisions of people")
struct ApproveTests {
  private static let gate = StepPath(components: [.step("gate")])

  private static func world(_ more: String = "", after: String = "") throws -> World {
    try World(
      try PlannedText.plan(
        """
        inputs: {policy: {type: string}}
        steps:
          - id: gate
            approve:
              message: "Activate ${{ inputs.policy }}?"
              fields: { ticket: { type: string, summary: The ticket }, count: integer, pin: secret }
        \(more)
        \(after)
        """, inputs: ["policy": "p-1"]))
  }

  private static func decide(
    _ verdict: ApprovalDecision.Verdict, _ fields: ValueMap = [:]
  ) -> World.Happening {
    .input(.decide(gate, ApprovalDecision(verdict, fields: fields, by: "ann")))
  }

  private static let filled: ValueMap = ["ticket": "T-1", "count": 3, "pin": "4711-planted"]

  @Test func `it waits for a person, and later steps see what was filled in`() throws {
    var world = try Self.world(
      after: """
          - assert:
              - steps.gate.ticket == 'T-1'
              - steps.gate.count == 3
              - steps.gate.pin == '4711-planted'
        """)
    world.schedule(Self.decide(.approved, Self.filled), at: .seconds(3600))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.elapsed == .seconds(3600))
    let requests = world.events.compactMap { event in
      if case .approvalRequested(_, let request) = event.kind { request } else { nil }
    }
    #expect(
      requests == [
        ApprovalRequest(
          message: "Activate p-1?",
          fields: [
            ApprovalField(name: "ticket", type: .string, summary: "The ticket"),
            ApprovalField(name: "count", type: .integer),
            ApprovalField(name: "pin", type: .secret),
          ])
      ])
    let run = try #require(RunID("0123456789ab"))
    let lines = world.events.map { EncodedEvent($0, of: run).line }.joined()
    #expect(!lines.contains("4711-planted"))
  }

  @Test func `a text that holds a secret is secret itself, whether filled in or given`() throws {
    var world = try Self.world()
    let filled: ValueMap = [
      "ticket": "the pin is 4711-planted, I think", "count": 3, "pin": "4711-planted",
    ]
    world.schedule(Self.decide(.approved, filled), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    let run = try #require(RunID("0123456789ab"))
    let lines = world.events.map { EncodedEvent($0, of: run).line }.joined()
    #expect(!lines.contains("4711-planted"))

    var given = try World(
      try PlannedText.plan(
        "inputs: {a: {type: secret}, b: {type: string}}\nsteps: [{wait: 1s}]",
        inputs: ["a": .secret(text: "hunter2-planted"), "b": "it is hunter2-planted"]))
    #expect(try given.run().outcome == .succeeded)
    let events = given.events.map { EncodedEvent($0, of: run).line }.joined()
    #expect(!events.contains("hunter2-planted"))
  }

  @Test func `a rejection fails the step with the reason and who gave it`() throws {
    var world = try Self.world()
    world.schedule(Self.decide(.rejected(reason: "not on a Friday")), at: .seconds(5))
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .rejected)
    #expect(result.failure?.message == "the step was rejected by ann: not on a Friday")
  }

  @Test func `a rejection can be rescued`() throws {
    var world = try Self.world(
      "    rescue: [ { assert: [ \"error.class == 'rejected'\" ] } ]")
    world.schedule(Self.decide(.rejected(reason: nil)), at: .seconds(5))
    #expect(try world.run().outcome == .succeeded)
  }

  @Test func `nobody decides within the step's timeout`() throws {
    var world = try Self.world("    timeout: 2h")
    let result = try world.run()
    #expect(result.failure?.kind == .timeout)
    #expect(result.failure?.message == "nobody decided within the step's timeout of 2h")
    #expect(world.elapsed == .seconds(7200))
    guard
      case .approvalRequested(_, let request)? = world.events.map(\.kind).first(where: {
        if case .approvalRequested = $0 { true } else { false }
      })
    else {
      Issue.record("no decision was requested")
      return
    }
    #expect(request.deadline == Moment(nanoseconds: 0) + .seconds(7200))
  }

  @Test(
    arguments: [
      ("- { timeout: 1h, steps: [ { approve: Go, timeout: 2h } ] }", 3600),
      ("- { timeout: 2h, steps: [ { approve: Go, timeout: 1h } ] }", 3600),
      ("- { timeout: 2h, steps: [ { wait: 1h }, { approve: Go, timeout: 2h } ] }", 7200),
      ("- { timeout: 1h, steps: [ { steps: [ { approve: Go } ], timeout: 2h } ] }", 3600),
      ("- { timeout: 1h, for-each: [1], steps: [ { approve: Go } ] }", 3600),
      ("- { timeout: 1h, parallel: { left: [ { approve: Go } ] } }", 3600),
      // The time for the work is over where its `rescue` begins, and nothing stops an `always`.
      (
        "- { timeout: 1h, assert: false, rescue: [ { approve: Go, timeout: 2h } ] }", 7200
      ),
      (
        """
        - timeout: 1h
          steps: [ { wait: 1s, always: [ { approve: Go, timeout: 2h } ] } ]
        """, 7201
      ),
    ])
  func `a decision is due when the first of the times around it is up`(
    step: String, seconds: Int
  ) throws {
    let indented = step.replacing("\n", with: "\n  ")
    var world = try World(try PlannedText.plan("steps:\n  \(indented)"))
    try world.run()
    let deadlines = world.events.compactMap { event in
      if case .approvalRequested(_, let request) = event.kind { request.deadline } else { nil }
    }
    #expect(deadlines == [Moment(nanoseconds: 0) + .seconds(seconds)])
  }

  @Test func `a play's time limits the decisions in it, also after a restart`() throws {
    var world = try World(
      try PlannedText.plan(
        "steps:\n  - { play: gate.yaml, timeout: 1h }",
        files: ["gate.yaml": "playbook: 1\nsteps:\n  - { approve: Go, timeout: 2h }"]))
    try world.run()
    let begun = world.events.prefix { event in
      if case .approvalRequested = event.kind { false } else { true }
    }
    var continued = try world.continued(after: Array(begun), downtime: .seconds(60))
    try continued.run()
    for world in [world, continued] {
      let deadlines = world.events.compactMap { event in
        if case .approvalRequested(_, let request) = event.kind { request.deadline } else { nil }
      }
      #expect(deadlines == [Moment(nanoseconds: 0) + .seconds(3600)])
    }
  }

  @Test(
    arguments: [
      [:], ["ticket": "T-1", "count": 3], ["ticket": 1, "count": 3, "pin": "x"],
      ["ticket": "T-1", "count": 3, "pin": "x", "more": 1],
    ] as [ValueMap])
  func `what does not fit the fields is no decision`(fields: ValueMap) throws {
    var world = try Self.world("    timeout: 1m")
    world.schedule(Self.decide(.approved, fields), at: .seconds(5))
    #expect(try world.run().failure?.kind == .timeout)
  }

  @Test func `the second decision comes too late`() throws {
    var world = try Self.world(after: "  - { id: w, wait: 10s }")
    world.schedule(Self.decide(.approved, Self.filled), at: .seconds(1))
    world.schedule(Self.decide(.rejected(reason: nil)), at: .seconds(2))
    #expect(try world.run().outcome == .succeeded)
  }

  @Test func `a decision on a step whose time is up changes nothing`() throws {
    var world = try Self.world(
      "    timeout: 2s\n    always: [ { id: tidy, wait: 10s } ]")
    world.schedule(Self.decide(.approved, Self.filled), at: .seconds(5))
    #expect(try world.run().failure?.kind == .timeout)
    #expect(world.elapsed == .seconds(12))
    #expect(world.outcomes == ["gate/always/tidy succeeded", "gate failed"])
  }

  @Test(arguments: [(Duration.seconds(3), Outcome.succeeded), (.seconds(5), .failed)])
  func `a decision counts when it was made in time, however late it is handled`(
    decided: Duration, outcome: Outcome
  ) throws {
    var whole = try Self.world("    timeout: 4s")
    try whole.run()
    var world = try whole.continued(
      after: Array(whole.events.prefix(3)), downtime: .seconds(60),
      handling: [
        .decide(
          Self.gate,
          ApprovalDecision(
            .approved, fields: Self.filled, at: Moment(nanoseconds: 0) + decided))
      ])
    #expect(try world.run().outcome == outcome)
  }

  @Test func `it survives a restart, with what is left of its time`() throws {
    var world = try Self.world("    timeout: 2h")
    world.schedule(.restart, at: .seconds(60))
    world.schedule(Self.decide(.approved, Self.filled), at: .seconds(7199))
    #expect(try world.run().outcome == .succeeded)
    var late = try Self.world("    timeout: 2h")
    late.schedule(.restart, at: .seconds(60))
    #expect(try late.run().failure?.kind == .timeout)
    #expect(late.elapsed == .seconds(7200))
  }

  @Test func `a run that is asked to stop does not wait for the decision`() throws {
    var world = try Self.world()
    world.schedule(.input(.cancel), at: .seconds(9))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.elapsed == .seconds(9))
  }

  @Test func `a run knows when it waits for decisions only`() throws {
    var world = try World(
      try PlannedText.plan(
        """
        steps:
          - parallel:
              left: [ { id: gate, approve: "Go on?" } ]
              right: [ { id: w, wait: 10s } ]
        """))
    var states: [Bool] = []
    for second in [5, 11] {
      world.schedule(.probe { states.append($0.waitsForDecisionsOnly) }, at: .seconds(second))
    }
    world.schedule(.input(.cancel), at: .seconds(20))
    try world.run()
    #expect(states == [false, true])
  }
}

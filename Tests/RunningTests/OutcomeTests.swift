import Events
import Expressions
import Machine
import Planning
import Testing

/// What `steps.ID.outcome` says.
@Suite("How a step ended, in expressions")
struct OutcomeTests {
  private static let failing = "call: harmless, with: { value: 1 }"
  private static let ensured = "{ call: build, with: { name: x, size: 1 }, ensure: present }"

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let steps: String
    let question: String
    let answer: Value
    var things: [Thing] = []

    var testDescription: String { name }
  }

  private static let rows: [Row] = [
    Row(
      name: "a call", steps: "- { id: s, call: read }", question: "steps.s.outcome",
      answer: "succeeded"),
    Row(
      name: "what was there", steps: "- { id: s, \(ensured.dropFirst(2))",
      question: "[steps.s.outcome, has(steps.s.outcome), steps['s'].outcome]",
      answer: ["unchanged", true, "unchanged"], things: [Thing(id: "7", name: "x", size: 1)]),
    Row(
      name: "steps without a result of their own",
      steps: """
        - { id: a, assert: "1 == 1" }
        - { id: w, wait: 1s }
        - { id: s, when: false, call: read }
        - { id: b, steps: [{ call: read }] }
        """,
      question: "[steps.a.outcome, steps.w.outcome, steps.s.outcome, steps.b.outcome]",
      answer: ["succeeded", "succeeded", "skipped", "succeeded"]),
    Row(
      name: "a failure that was rescued",
      steps: "- { id: s, \(failing), rescue: [{ call: read }] }", question: "steps.s.outcome",
      answer: "tolerated"),
    Row(
      name: "a play", steps: "- { id: s, play: child.yaml }", question: "steps.s.outcome",
      answer: "succeeded"),
    Row(
      name: "rounds", steps: loop,
      question: "[steps.l.map(r, r.a.outcome), steps.l.map(r, r.b.outcome)]",
      answer: [["skipped", "succeeded", "tolerated"], ["succeeded", "succeeded", "succeeded"]]),
    Row(
      name: "a loop", steps: loop, question: "[steps.l.outcome, string(steps.l.size())]",
      answer: ["succeeded", "3"]),
    Row(
      name: "a loop that changes something",
      steps: "- { id: l, for-each: [x, y], as: n, steps: [{ id: a, call: build, "
        + "with: { name: \"${{ n }}\", size: 1 }, ensure: present }] }",
      question: "[steps.l.outcome, string(steps.l.changed)] + steps.l.map(r, r.a.outcome)",
      answer: ["succeeded", "true", "unchanged", "succeeded"],
      things: [Thing(id: "7", name: "x", size: 1)]),
    Row(
      name: "a loop that was skipped",
      steps: "- { id: l, when: false, for-each: [1], steps: [{ id: a, call: read }] }",
      question: "steps.l.outcome", answer: "skipped"),
    Row(
      name: "a loop that went on after a failure",
      steps: """
        - id: l
          for-each: [1, 2]
          as: n
          on-failure: continue
          steps:
            - { id: a, call: read }
            - { id: b, assert: n == 1 }
          rescue: [{ id: r, call: safe, with: { value: "${{ steps.l.outcome }}" } }]
        """,
      question: "[steps.l.outcome] + steps.l.map(r, r.a.outcome + ' ' + r.b.outcome)",
      answer: ["tolerated", "succeeded succeeded", "succeeded failed"]),
    Row(
      name: "loops in a loop",
      steps: """
        - id: o
          for-each: [1, 2]
          as: number
          steps:
            - id: l
              for-each: [1, 2]
              as: n
              steps: [{ id: a, when: n == number, call: read }]
            - { id: b, when: "steps.l.outcome == 'succeeded' && !steps.l.exists(r, r.a.outcome == 'skipped')", call: read }
        """,
      question: "steps.o.map(o, o.l.map(r, r.a.outcome) + [o.b.outcome])",
      answer: [["succeeded", "skipped", "skipped"], ["skipped", "succeeded", "skipped"]]),
    Row(
      name: "what a cleanup sees of a failure",
      steps: """
        - id: g
          steps: [{ id: a, \(failing) }]
          rescue: [{ id: r, call: read }]
          always: [{ id: z, when: steps.a.outcome == 'failed', call: read }]
        - { id: s, when: steps.g.outcome == 'tolerated', call: read }
        """,
      question: "steps.s.outcome", answer: "succeeded"),
  ]

  private static let loop = """
    - id: l
      for-each: [1, 2, 3]
      as: n
      steps:
        - { id: a, when: n > 1, call: harmless, with: { value: "${{ n - 2 }}" }, rescue: [{ call: read }] }
        - { id: b, call: read }
    """

  private static func plan(_ row: Row) throws -> Plan {
    try PlannedText.plan(
      "session: {username: u, password: p-of-u-1}\nsteps:\n"
        + row.steps.split(separator: "\n").map { "  \($0)\n" }.joined()
        + "outputs:\n  answer: \"${{ \(row.question) }}\"\n",
      files: ["child.yaml": "playbook: 1\nname: child\nsteps: [{ call: read }]\n"])
  }

  private static func world(
    _ row: Row, guidedBy guidance: Guidance = Guidance()
  ) throws -> World {
    var world = try World(try plan(row), guidedBy: guidance)
    let service = ThingService(row.things)
    world.reply = { what, count, body in
      switch what {
      case "POST /harmless": body.contains("1") ? .answer(422, "{}") : .ok(body)
      case "POST /login" where body.contains("p-of-v"): .answer(401, "{}")
      case "POST /drop": .answer(422, #"{"message":"gone"}"#)
      case "GET /things", "POST /build": service.reply(what, count, body)
      case _: nil
      }
    }
    return world
  }

  @Test(arguments: rows)
  func `it is known after every kind of step`(_ row: Row) throws {
    var world = try Self.world(row)
    #expect(try world.run().outputs == ["answer": row.answer])
  }

  @Test(arguments: rows)
  func `an interruption at any time changes nothing of that`(_ row: Row) throws {
    for milliseconds in 1...14 {
      var world = try Self.world(row)
      world.schedule(.restart, at: .milliseconds(milliseconds))
      #expect(try world.run().outputs == ["answer": row.answer], "after \(milliseconds) ms")
    }
  }

  @Test(arguments: rows)
  func `results that are reused say the same`(_ row: Row) throws {
    var first = try Self.world(row)
    try first.run()
    var results: [StepPath: StepResult] = [:]
    for event in first.events {
      if case .stepFinished(let path, let result) = event.kind { results[path] = result }
    }
    var second = try Self.world(row, guidedBy: Guidance(reused: results))
    #expect(try second.run().outputs == ["answer": row.answer])
  }

  @Test func `rounds of a run that recorded no outcomes have none`() throws {
    let row = Row(
      name: "", steps: Self.loop, question: "steps.l.map(r, has(r.a.outcome))",
      answer: [false, false, false])
    var first = try Self.world(row)
    try first.run()
    var results: [StepPath: StepResult] = [:]
    for event in first.events {
      guard case .stepFinished(let path, var result) = event.kind else { continue }
      result.outcomes = nil
      results[path] = result
    }
    var second = try Self.world(row, guidedBy: Guidance(reused: results))
    #expect(try second.run().outputs == ["answer": row.answer])
  }

  @Test func `neither results nor outputs hold it`() throws {
    let row = Row(name: "", steps: Self.loop, question: "steps.l", answer: .null)
    var world = try Self.world(row)
    #expect(
      try world.run().outputs
        == [
          "answer": [
            ["a": [:], "b": ["value": nil]], ["a": ["value": 0], "b": ["value": nil]],
            ["a": [:], "b": ["value": nil]],
          ]
        ])
  }
}

/// What a plan knows of outcomes.
extension OutcomeTests {
  private static func planned(_ steps: String, _ things: [Thing] = []) throws -> [String] {
    let row = Row(name: "", steps: steps, question: "true", answer: true, things: things)
    var world = try world(row, guidedBy: Guidance(planning: Planning()))
    #expect(try world.run().outcome == .succeeded)
    return world.events.compactMap { event in
      guard case .stepFinished(let path, let result) = event.kind else { return nil }
      return "\(path) \(result.change.map(\.kind.rawValue) ?? result.outcome.rawValue)"
    }
  }

  @Test func `what is made succeeds, and what is there is unchanged`() throws {
    let steps = """
      - { id: s, \(Self.ensured.dropFirst(2))
      - { id: t, when: steps.s.outcome == 'unchanged', call: allow, with: { id: '7' } }
      - { id: u, when: steps.s.outcome == 'succeeded', call: allow, with: { id: '7' } }
      """
    #expect(try Self.planned(steps) == ["s create", "t skipped", "u change"])
    #expect(
      try Self.planned(steps, [Thing(id: "7", name: "x", size: 1)])
        == ["s unchanged", "t change", "u skipped"])
  }

  @Test(arguments: [
    // It may fail, and then be rescued.
    ("{ id: s, call: drop, with: { id: '7' }, rescue: [{ call: read }] }", "tolerated"),
    ("{ id: s, call: drop, with: { id: '7' }, tolerate: [gone] }", "tolerated"),
    (
      "{ id: s, steps: [{ call: drop, with: { id: '7' } }], rescue: [{ call: read }] }", "tolerated"
    ),
    // Whether it exists is not known before.
    (
      "{ id: s, call: sign-up, with: { username: v, password: p-of-v-1 }, ensure: present }",
      "unchanged"
    ),
    ("{ id: s, approve: 'Go on?', rescue: [{ call: read }] }", "tolerated"),
    ("{ id: s, call: obtain, with: { value: 1, to: out.bin } }", "unchanged"),
  ])
  func `what a run may end otherwise is unknown`(_ step: String, _ word: String) throws {
    let planned = try Self.planned(
      "- \(step)\n- { id: t, when: steps.s.outcome == '\(word)', call: allow, with: { id: '7' } }")
    #expect(planned.last == "t unknown")
  }

  private static let drop = "call: drop, with: { id: '7' }"
  private static let allow = "call: allow, with: { id: '7' }"

  @Test(arguments: [
    """
    - { id: s, \(drop), tolerate: [gone] }
    - { when: steps.s.outcome == 'tolerated', \(allow) }
    """,
    """
    - { id: s, steps: [{ \(drop) }], rescue: [{ call: read }] }
    - { when: steps.s.outcome == 'tolerated', \(allow) }
    """,
    """
    - steps: [{ id: s, \(drop) }]
      always: [{ when: steps.s.outcome == 'failed', \(allow) }]
    """,
  ])
  func `a run that keeps to a plan does what depends on an outcome`(_ steps: String) throws {
    let row = Row(name: "", steps: steps, question: "true", answer: true)
    var planned = try Self.world(row, guidedBy: Guidance(planning: Planning()))
    #expect(try planned.run().outcome == .succeeded)
    var world = try Self.world(row, guidedBy: Guidance(decisions: Decisions(of: planned.events)))
    try world.run()
    #expect(world.count("POST /allow") == 1)
  }

  @Test func `a read that the plan makes is known`() throws {
    let planned = try Self.planned(
      """
      - { id: s, call: read, rescue: [{ call: safe }] }
      - { id: t, when: steps.s.outcome == 'tolerated', call: allow, with: { id: '7' } }
      """)
    #expect(planned.last == "t skipped")
  }
}

import Events
import Expressions
import Machine
import Operations
import Planning
import Testing

/// What `steps.ID.changed` says.
@Suite("Whether a step changed something")
struct ChangedTests {
  private static let ensured = "{ call: build, with: { name: x, size: 1 }, ensure: present }"
  private static let play = "- { call: build, with: { name: y, size: 1 }, ensure: present }"

  private static func plan(_ steps: String, _ outputs: [String: String]) throws -> Plan {
    let values = outputs.sorted { $0.key < $1.key }
      .map { "  \($0.key): \"${{ \($0.value) }}\"\n" }.joined()
    return try PlannedText.plan(
      "session: {username: u, password: p-of-u-1}\nsteps:\n"
        + steps.split(separator: "\n").map { "  \($0)\n" }.joined() + "outputs:\n\(values)",
      files: [
        "child.yaml":
          "playbook: 1\nname: child\nsteps:\n  \(play)\noutputs: { done: true, own: \"${{ 1 }}\" }\n"
      ])
  }

  private static func world(
    _ steps: String, _ outputs: [String: String], _ service: ThingService = ThingService(),
    reusing reused: [StepPath: StepResult] = [:]
  ) throws -> World {
    var world = try World(try plan(steps, outputs), guidedBy: Guidance(reused: reused))
    world.reply = service.reply
    return world
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let steps: String
    /// What is asked of the steps.
    let question: String
    let answer: Value
    var things: [Thing] = []
    var lost: Set<String> = []

    var testDescription: String { name }
  }

  private static let loop = """
    - id: l
      for-each: [a, b, x]
      as: name
      steps:
        - { id: t, call: build, with: { name: "${{ name }}", size: 1 }, ensure: present }
        - { id: p, play: child.yaml }
    """

  private static let retried = """
    - id: g
      retry: { attempts: 3, backoff: 1s, on: [expectation] }
      steps:
        - { id: s, call: allow, with: { id: '7' }, ensure: present }
        - { id: r, call: read }
        - { assert: "steps.r.value == 2" }
    """

  private static let off = Thing(id: "7", name: "x", state: "off")

  static let rows: [Row] = [
    Row(
      name: "what was made", steps: "- { id: s, \(ensured.dropFirst(2))",
      question: "steps.s.changed",
      answer: true),
    Row(
      name: "what was there", steps: "- { id: s, \(ensured.dropFirst(2))",
      question: "steps.s.changed", answer: false, things: [Thing(id: "7", name: "x", size: 1)]),
    Row(
      name: "what was corrected", steps: "- { id: s, \(ensured.dropFirst(2))",
      question: "steps.s.changed", answer: true, things: [Thing(id: "7", name: "x", size: 2)]),
    Row(
      name: "what differs and stays",
      steps:
        "- { id: s, call: fixed, with: { name: x, size: 1 }, ensure: present, on-drift: warn }",
      question: "steps.s.changed", answer: false, things: [Thing(id: "7", name: "x", size: 2)]),
    Row(
      name: "what was removed", steps: "- { id: s, call: drop, with: { id: '7' }, ensure: absent }",
      question: "steps.s.changed", answer: true, things: [Thing(id: "7", name: "x", size: 2)]),
    Row(
      name: "a plain command", steps: "- { id: s, call: drop, with: { id: '7' } }",
      question: "steps.s.changed", answer: true),
    Row(
      name: "a command whose expectation failed",
      steps: """
        - { id: s, call: drop, with: { id: "7" }, expect: "${{ 1 > 2 }}",
            rescue: [{ assert: "${{ true }}" }] }
        """,
      question: "steps.s.changed", answer: true),
    Row(
      name: "a skipped step", steps: "- { id: s, when: false, call: build, with: { name: x } }",
      question: "[steps.s.changed, has(steps.s.changed), has(steps.s.receipt)]",
      answer: [false, true, false]),
    Row(
      name: "a request whose response was lost",
      steps: "- { id: s, call: allow, with: { id: '7' }, ensure: present }",
      question: "steps.s.changed", answer: true, things: [off], lost: ["allow"]),
    Row(
      name: "a play", steps: "- { id: s, play: child.yaml }",
      question: "[steps.s.changed, steps.s.own == 1]", answer: [true, true]),
    Row(
      name: "a play of what was there", steps: "- { id: s, play: child.yaml }",
      question: "steps.s.changed", answer: false, things: [Thing(id: "7", name: "y", size: 1)]),
    Row(
      name: "some steps", steps: "- { id: s, steps: [{ id: r, call: read }, \(ensured)] }",
      question: "steps.s.changed", answer: true),
    Row(
      name: "branches", steps: "- { id: s, parallel: { a: [{ call: read }], b: [\(ensured)] } }",
      question: "steps.s.changed", answer: true),
    Row(
      name: "what a rescue changed",
      steps:
        "- { id: s, call: twin, with: { name: x }, ensure: present, rescue: [\(play.dropFirst(2))] }",
      question: "steps.s.changed", answer: true,
      things: [Thing(id: "7", name: "x", size: 2), Thing(id: "8", name: "x", size: 2)]),
    Row(
      name: "the rounds of a loop", steps: loop,
      question: "steps.l.map(r, [r.changed, r.t.changed, r.p.changed])",
      answer: [[true, true, true], [true, true, false], [false, false, false]],
      things: [Thing(id: "7", name: "x", size: 1)]),
    Row(
      name: "a loop over the rounds of another",
      steps: loop + """

        - id: m
          for-each: ${{ steps.l.filter(r, r.t.changed) }}
          as: round
          steps: [{ id: n, call: build, when: round.p.changed, with: { name: z }, ensure: present }]
        """,
      question: "steps.m.map(r, r.n.changed)", answer: [true, false],
      things: [Thing(id: "7", name: "x", size: 1)]),
    Row(
      name: "loops in a loop",
      steps: """
        - id: o
          for-each: [1, 2]
          as: number
          steps:
        \(loop.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        """,
      question: "steps.o.map(o, [o.changed, o.l.exists(r, r.changed), o.l[2].changed])",
      answer: [[true, true, false], [false, false, false]],
      things: [Thing(id: "7", name: "x", size: 1)]),
    Row(
      name: "what an earlier attempt of a group changed", steps: retried,
      question: "[steps.s.changed, steps.g.changed]", answer: [true, true], things: [off]),
  ]

  private static func replying(_ service: ThingService, _ row: Row) -> (String, Int, String) ->
    World.Reply?
  {
    { what, count, body in
      switch what {
      case "GET /read": .ok(#"{"value":\#(count)}"#)
      case "POST /command": .ok()
      case _: service.reply(what, count, body)
      }
    }
  }

  @Test(arguments: rows)
  func `it says so of a step and of what is below it`(_ row: Row) throws {
    let service = ThingService(row.things)
    service.losesFirst = row.lost
    var world = try Self.world(row.steps, ["answer": row.question], service)
    world.reply = Self.replying(service, row)
    #expect(try world.run().outputs == ["answer": row.answer])
  }

  @Test(arguments: rows, [6, 13, 17, 2013, 2031])
  func `an interruption changes nothing of that`(_ row: Row, _ milliseconds: Int) throws {
    let service = ThingService(row.things)
    service.losesFirst = row.lost
    var world = try Self.world(row.steps, ["answer": row.question], service)
    world.reply = Self.replying(service, row)
    world.schedule(.restart, at: .milliseconds(milliseconds))
    #expect(try world.run().outputs == ["answer": row.answer])
  }

  @Test(arguments: rows)
  func `results that are reused say the same`(_ row: Row) throws {
    let service = ThingService(row.things)
    service.losesFirst = row.lost
    var first = try Self.world(row.steps, ["answer": row.question], service)
    first.reply = Self.replying(service, row)
    try first.run()
    var results: [StepPath: StepResult] = [:]
    for event in first.events {
      if case .stepFinished(let path, let result) = event.kind { results[path] = result }
    }
    var second = try Self.world(
      row.steps, ["answer": row.question], ThingService(), reusing: results)
    #expect(try second.run().outputs == ["answer": row.answer])
    #expect(second.sent.allSatisfy { $0.what == "POST /login" })
  }

  @Test func `neither results nor outputs hold it, however they are handed on`() throws {
    var world = try Self.world(
      """
      - { id: s, \(Self.ensured.dropFirst(2))
      - { id: p, play: child.yaml }
      - id: l
        for-each: [z]
        as: name
        steps: [{ id: t, call: build, with: { name: z }, ensure: present }]
      - { id: o, call: detectable, with: { value: "${{ steps.s }}" } }
      """, ["s": "steps.s", "p": "steps.p", "l": "steps.l", "text": "json.encode(steps.s)"])
    let thing: Value = ["receipt": "r", "id": "1"]
    let result = try world.run()
    #expect(
      result.outputs
        == [
          "s": thing, "p": ["done": true, "own": 1],
          "l": [["t": ["receipt": "r", "id": "3"]]], "text": #"{"receipt":"r","id":"1"}"#,
        ])
    #expect(world.value(of: "l") == [["t": ["receipt": "r", "id": "3"]]])
    let body = world.requests.last { $0.path == "/detectable" }?.body ?? []
    #expect(String(decoding: body, as: UTF8.self) == #"{"value":{"receipt":"r","id":"1"}}"#)
    #expect(!world.outsideText.contains(#""changed":true"#))
  }

  @Test func `an output of the name wins`() throws {
    let main = """
      session: {username: u, password: p-of-u-1}
      steps: [{ id: p, play: child.yaml }]
      outputs: { answer: "${{ steps.p.changed }}" }
      """
    let child = "playbook: 1\nname: c\nsteps:\n  \(Self.play)\noutputs: { changed: 'yes' }\n"
    var world = try World(try PlannedText.plan(main, files: ["child.yaml": child]))
    world.reply = ThingService().reply
    #expect(try world.run().outputs == ["answer": "yes"])
  }
}

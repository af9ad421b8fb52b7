import Events
import Expressions
import Machine
import Operations
import Planning
import Playbooks
import Running
import Testing

@Suite("Steps")
struct StepTests {
  static let session = "session: {username: u, password: p-of-u-1}\n"

  private func world(
    _ steps: String, files: [String: String] = [:], inputs: ValueMap = [:]
  ) throws -> World {
    try World(try PlannedText.plan(Self.session + steps, files: files, inputs: inputs))
  }

  @Test func `steps go one after another and see what the ones before gave`() throws {
    var world = try world(
      """
      steps:
        - {id: a, call: read}
        - {id: b, call: harmless, with: {value: "${{ steps.a.value }}"}}
        - {id: c, when: "${{ steps.b.value == 3 }}", call: read}
        - assert: [{that: "${{ steps.a.value == 2 }}"}]
      outputs: {sum: "${{ steps.a.value }}"}
      """)
    world.reply = { what, _, _ in what == "GET /read" ? .ok(#"{"value":2}"#) : nil }
    var expected = RunResult(outcome: .succeeded, outputs: ["sum": 2])
    expected.changes.add(.change)
    #expect(try world.run() == expected)
    #expect(
      world.outcomes == ["a succeeded", "b succeeded", "c skipped", "step-4 succeeded"])
    #expect(world.sent.map(\.what) == ["POST /login", "GET /read", "POST /harmless"])
    #expect(String(decoding: world.requests[2].body, as: UTF8.self) == #"{"value":2}"#)
  }

  @Test(arguments: [("[]", "{}"), (#"[{"name":"ab","id":"1"}]"#, #"{"value":2}"#)])
  func `a field that is an optional without a value is not given`(
    _ items: String, _ body: String
  ) throws {
    var world = try world(
      """
      steps:
        - {id: a, call: items}
        - {id: b, call: harmless, with: {value: "${{ steps.a.items[?0].name.optMap(n, size(n)) }}"}}
      """)
    world.reply = { what, _, _ in what.hasPrefix("GET /items") ? .ok(items) : nil }
    #expect(try world.run().outcome == .succeeded)
    #expect(String(decoding: world.requests[2].body, as: UTF8.self) == body)
  }

  @Test(arguments: [
    (#", message: "got ${{ 1 + 1 }}""#, "got 2"),
    (#", message: "got ${{ inputs.hidden }}""#, "got •••"),
    ("", "`false` is false"),
  ])
  func `an assertion says what it was given to say`(_ more: String, _ message: String) throws {
    var world = try world(
      """
      inputs: {hidden: {type: secret}}
      steps: [{id: a, assert: [{that: "${{ false }}"\(more)}]}]
      """, inputs: ["hidden": .secret(text: "planted")])
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .expectation)
    #expect(result.failure?.message == message)
    #expect(result.failedStep?.description == "a")
  }

  @Test(arguments: [
    ("inputs.days >= 30", "", "`inputs.days >= 30` is false: `inputs.days` is 20"),
    ("inputs.days >= 30", ", message: too short", "too short (`inputs.days` is 20)"),
    (
      "inputs.days == 20 && inputs.hidden == 'x'", "",
      "`inputs.days == 20 && inputs.hidden == 'x'` is false: `inputs.hidden` is •••"
    ),
  ])
  func `an assertion that is false shows the values compared`(
    _ condition: String, _ more: String, _ message: String
  ) throws {
    var world = try world(
      """
      inputs: {days: {type: integer}, hidden: {type: secret}}
      steps: [{id: a, assert: [{that: "\(condition)"\(more)}]}]
      """, inputs: ["days": 20, "hidden": .secret(text: "planted")])
    #expect(try world.run().failure?.message == message)
  }

  @Test func `for-each keeps the order of its results and its bound`() throws {
    var world = try world(
      """
      inputs: {items: {type: list, of: integer}}
      steps:
        - id: all
          for-each: ${{ inputs.items }}
          as: item
          concurrency: 3
          steps: [{id: one, call: harmless, with: {value: "${{ item }}"}}]
      outputs: {values: "${{ steps.all.map(entry, entry.one.value) }}"}
      """, inputs: ["items": .list((0..<20).map { .int($0) })])
    world.reply = { what, count, body in
      guard what == "POST /harmless" else { return nil }
      return .ok(body, after: .milliseconds(count % 2 == 0 ? 1 : 50))
    }
    let result = try world.run()
    #expect(result.outputs["values"] == .list((0..<20).map { .int($0) }))
    #expect(world.peak == 3)
  }

  @Test func `an empty list makes an empty result`() throws {
    var world = try world(
      """
      steps: [{id: all, for-each: "${{ [] }}", steps: [{call: read}]}]
      outputs: {count: "${{ size(steps.all) }}"}
      """)
    #expect(try world.run().outputs == ["count": 0])
  }

  @Test func `branches run side by side and are all done before the next step`() throws {
    var world = try world(
      """
      steps:
        - id: both
          parallel:
            left: [{id: a, call: safe}]
            right: [{id: b, call: harmless}]
        - {id: c, call: read}
      """)
    world.reply = { what, _, _ in what == "POST /safe" ? .ok(after: .seconds(1)) : nil }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.peak == 2)
    #expect(
      world.outcomes
        == ["both.right/b succeeded", "both.left/a succeeded", "both succeeded", "c succeeded"])
  }

  @Test func `the first failure stops the siblings and what is in flight may finish`() throws {
    var world = try world(
      """
      steps:
        - id: both
          parallel:
            left: [{id: a, assert: [{that: "${{ 1 == 2 }}"}]}]
            right: [{id: b, call: unsafe}, {id: never, call: unsafe}]
            pausing: [{id: w, wait: 1h}]
      """)
    // Before the branches fail, the session opens; the failing branch waits for it too.
    var late = try self.world(
      """
      steps:
        - {id: warm, call: read}
        - id: both
          parallel:
            right: [{id: b, call: unsafe}, {id: never, call: unsafe}]
            left: [{id: a, call: safe, retry: {attempts: 1}}]
            pausing: [{id: w, wait: 1h}]
      """)
    late.reply = { what, _, _ in
      switch what {
      case "POST /safe": .answer(422, #"{"message":"no"}"#)
      case "POST /unsafe": .ok(after: .seconds(2))
      case _: nil
      }
    }
    let result = try late.run()
    #expect(result.outcome == .failed)
    #expect(result.failedStep?.description == "both.left/a")
    #expect(
      late.outcomes == [
        "warm succeeded", "both.left/a failed", "both.pausing/w cancelled",
        "both.right/b succeeded",
        "both failed",
      ])
    #expect(late.count("POST /unsafe") == 1)
    let early = try world.run()
    #expect(early.outcome == .failed)
    #expect(world.count("POST /unsafe") == 0)
  }

  @Test func `a play gets its inputs, its defaults, and hides what is secret`() throws {
    var world = try world(
      """
      steps:
        - {id: p, play: lib.yaml, with: {given: 1, key: planted-in-play}}
      outputs: {sum: "${{ steps.p.sum }}", key: "${{ steps.p.key }}"}
      """,
      files: [
        "lib.yaml": """
        playbook: 1
        name: lib
        inputs: {given: {type: integer}, more: {type: integer, default: 4}, key: {type: secret}}
        steps: [{id: a, call: harmless, with: {value: "${{ inputs.key }}"}}]
        outputs: {sum: "${{ inputs.given + inputs.more }}", key: "${{ inputs.key }}"}
        """
      ])
    let result = try world.run()
    #expect(result.outputs == ["sum": 5, "key": .secret(text: "planted-in-play")])
    #expect(!world.outsideText.contains("planted-in-play"))
  }

  @Test(arguments: [
    ("{type: number}", "${{ inputs.one }}", "1.0", nil),
    ("{type: list, of: number}", "[1, \"${{ inputs.one }}\"]", "[1.0,1.0]", nil),
    (
      "{type: integer, enum: [2, 3]}", "${{ inputs.one }}", "",
      "the input `given` of `lib` must be one of `2`, `3`"
    ),
    (
      "{type: string, pattern: 'a+'}", "${{ inputs.any.text }}", "",
      "the input `given` of `lib` does not match the pattern `a+`"
    ),
    (
      "{type: list, of: string}", "${{ inputs.any.list }}", "",
      "the input `given` of `lib` must be a list of strings"
    ),
  ])
  func `what a play is given becomes what it declares, or fails the play`(
    _ declaration: String, _ given: String, _ seen: String, _ message: String?
  ) throws {
    var world = try world(
      """
      inputs: {one: {type: integer}, any: {type: map}}
      steps:
        - {id: p, play: lib.yaml, with: {given: \(given.hasPrefix("[") ? given : "\"\(given)\"")}}
      outputs: {seen: "${{ json.encode(steps.p.seen) }}"}
      """,
      files: [
        "lib.yaml": """
        playbook: 1
        name: lib
        inputs: {given: \(declaration)}
        steps: [{id: a, call: read}]
        outputs: {seen: "${{ inputs.given }}"}
        """
      ], inputs: ["one": 1, "any": ["text": "b", "list": [1]]])
    let result = try world.run()
    #expect(result.failure?.message == message)
    #expect(result.outputs == (message == nil ? ["seen": .string(seen)] : [:]))
  }

  @Test func `a rescued failure is tolerated and known as error`() throws {
    var world = try world(
      """
      steps:
        - id: a
          call: unsafe
          rescue:
            - {id: note, call: harmless, with: {value: "${{ error }}"}}
        - {id: b, call: read}
      """)
    world.reply = { what, _, _ in
      what == "POST /unsafe" ? .answer(422, #"{"message":"no such thing"}"#) : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(
      world.outcomes == ["a/rescue/note succeeded", "a tolerated", "b succeeded"])
    let body = String(decoding: world.requests[2].body, as: UTF8.self)
    #expect(body.contains(#""class":"invalid""#))
    #expect(body.contains(#""status":422"#))
    #expect(body.contains(#""step":"a""#))
  }

  @Test func `a rescue that fails leaves the first failure`() throws {
    var world = try world(
      """
      steps:
        - id: a
          assert: [{that: "${{ false }}", message: first}]
          rescue: [{id: r, assert: [{that: "${{ false }}", message: second}]}]
      """)
    let result = try world.run()
    #expect(result.failure?.message == "first")
    #expect(world.outcomes == ["a/rescue/r failed", "a failed"])
  }

  @Test(arguments: [("true", Outcome.succeeded), ("false", .failed)])
  func `always runs whether the step ends well or not`(
    _ condition: String, _ outcome: Outcome
  ) throws {
    var world = try world(
      """
      steps:
        - id: a
          assert: [{that: "${{ \(condition) }}"}]
          always: [{id: clean, call: read}]
      """)
    #expect(try world.run().outcome == outcome)
    #expect(world.outcomes == ["a/always/clean succeeded", "a \(outcome.rawValue)"])
  }

  @Test func `a field of a skipped step is missing because it was skipped`() throws {
    let plan = try PlannedText.plan(
      """
      inputs: {no: {type: boolean, default: false}}
      session: {username: u, password: p-of-u-1}
      steps:
        - {id: keys, call: read, when: inputs.no}
        - call: harmless
          with: {value: "${{ steps.keys.value }}"}
      """, inputs: ["no": false])
    var world = try World(plan)
    let failure = try world.run().failure
    #expect(failure?.message == "no such field `value`")
    #expect(failure?.hint == "the step `keys` was skipped, so `steps.keys` holds nothing")
  }

  @Test func `a round is called by its element when that is short and no secret`() throws {
    let long = String(repeating: "x", count: 41)
    let plan = try PlannedText.plan(
      """
      inputs: {hidden: {type: secret}}
      steps:
        - for-each: "${{ ['vault-a', 7, {'a': 1}, inputs.hidden, '\(long)'] }}"
          steps: [{id: a, wait: 1ms}, {id: b, wait: 1ms}]
      """, inputs: ["hidden": .secret(text: "planted")])
    var world = try World(plan)
    try world.run()
    let elements = world.events.compactMap { event -> String? in
      guard case .stepStarted(let path, let summary) = event.kind, path.depth == 3 else {
        return nil
      }
      return "\(path) \(summary.element ?? "-")"
    }
    #expect(
      elements == [
        "step-1[0]/a vault-a", "step-1[0]/b -", "step-1[1]/a 7", "step-1[1]/b -",
        "step-1[2]/a -", "step-1[2]/b -", "step-1[3]/a -", "step-1[3]/b -",
        "step-1[4]/a -", "step-1[4]/b -",
      ])
  }

  @Test func `a thousand elements take a thousand times as long as one, not a million`() throws {
    let plan = try PlannedText.plan(
      """
      inputs: {items: {type: list, of: integer}}
      steps:
        - {id: all, for-each: "${{ inputs.items }}", as: item, concurrency: 10,
           steps: [{id: one, assert: [{that: "${{ item >= 0 }}"}]}]}
      outputs: {count: "${{ size(steps.all) }}"}
      """, inputs: ["items": .list((0..<20_000).map { .int($0) })])
    let run = try #require(RunID("0123456789ab"))
    var machine = RunMachine(
      plan: plan,
      start: RunStart(
        run: run, playbook: "main", file: "f", planDigest: "", inputs: plan.inputs, seed: 1,
        version: "t"))
    let actions = machine.apply(.start, at: Moment(nanoseconds: 0))
    guard case .finish(let result)? = actions.last else {
      Issue.record("no end")
      return
    }
    #expect(result.outputs == ["count": 20_000])
  }
}

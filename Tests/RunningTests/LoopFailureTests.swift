import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("Loops whose rounds fail")
struct LoopFailureTests {
  private func world(_ steps: String, inputs: ValueMap = [:]) throws -> World {
    try World(try PlannedText.plan(StepTests.session + steps, inputs: inputs))
  }

  /// Answers a request with the value 2 with 422, others with their body.
  private static func refuseTwo(_ what: String, _: Int, _ body: String) -> World.Reply? {
    guard what == "POST /harmless" else { return nil }
    return body == #"{"value":2}"# ? .answer(422, #"{"message":"no"}"#) : .ok(body)
  }

  @Test(arguments: [1, 3])
  func `with continue every round runs, and the failed one is marked`(_ concurrency: Int) throws {
    var world = try world(
      """
      steps:
        - id: all
          for-each: [1, 2, 3]
          as: number
          concurrency: \(concurrency)
          on-failure: continue
          steps:
            - {id: first, call: harmless, with: {value: "${{ number }}"}}
            - {id: pause, wait: 1s}
            - {id: second, call: harmless, with: {value: "${{ number + 10 }}"}}
      outputs:
        done: "${{ steps.all.filter(r, !has(r.error)).map(r, r.second.value) }}"
        failed: "${{ steps.all.filter(r, has(r.error)).map(r, r.error.status) }}"
        step: "${{ steps.all[1].error.step }}"
        other: "${{ steps.all[1].second.value }}"
      """)
    world.reply = Self.refuseTwo
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .invalid)
    #expect(result.failure?.message.hasPrefix("1 of 3 rounds failed: 2: HTTP 422") == true)
    #expect(result.failedStep?.description == "all[1]/first")
    #expect(result.outputs == ["done": [11, 13], "failed": [422], "step": "all[1]/first"])
    #expect(!world.outcomes.contains { $0.hasSuffix("cancelled") })
    #expect(world.outcomes.last == "all failed")
  }

  @Test func `with stop no further round begins and the loop gives nothing`() throws {
    var world = try world(
      """
      steps:
        - id: all
          for-each: [1, 2, 3]
          as: number
          steps: [{id: a, call: harmless, with: {value: "${{ number }}"}}]
      outputs: {all: "${{ steps.all }}", known: "${{ 1 + 1 }}"}
      """)
    world.reply = Self.refuseTwo
    let result = try world.run()
    #expect(result.outputs == [:])
    #expect(world.outcomes == ["all[0]/a succeeded", "all[1]/a failed", "all failed"])
  }

  @Test func `the rounds are known to what rescues the loop and to what always runs`() throws {
    var world = try world(
      """
      steps:
        - id: all
          for-each: [1, 2]
          as: number
          on-failure: continue
          steps: [{id: a, call: harmless, with: {value: "${{ number }}"}}]
          rescue: [{id: r, call: read, with: {value: "${{ steps.all[1].error.class }}"}}]
          always: [{id: s, call: read, with: {value: "${{ string(size(steps.all)) }}"}}]
        - assert: ["has(steps.all[1].error)", "!has(steps.all[0].error)"]
      """)
    world.reply = Self.refuseTwo
    #expect(try world.run().outcome == .succeeded)
    #expect(world.outcomes.contains("all tolerated"))
    #expect(
      world.requests.filter { $0.path == "/read" }.map { $0.query.map(\.value) }
        == [["invalid"], ["2"]])
  }

  @Test func `a loop that is tried again keeps the rounds that ended well`() throws {
    var world = try world(
      """
      steps:
        - id: all
          for-each: [1, 2, 3]
          as: number
          on-failure: continue
          retry: {attempts: 2, backoff: 1s, on: [invalid]}
          steps: [{id: a, call: harmless, with: {value: "${{ number }}"}}]
      outputs: {all: "${{ steps.all.map(r, r.a.value) }}"}
      """)
    world.reply = { what, count, body in
      guard what == "POST /harmless" else { return nil }
      return count == 2 ? .answer(422, #"{"message":"no"}"#) : .ok(body)
    }
    var expected = RunResult(outcome: .succeeded, outputs: ["all": [1, 2, 3]])
    expected.changes.add(.change, count: 3)
    #expect(try world.run() == expected)
    #expect(world.count("POST /harmless") == 4)
  }

  @Test func `a round in doubt disturbs no other and puts the loop in doubt`() throws {
    var world = try world(
      """
      steps:
        - id: all
          for-each: [1, 2, 3]
          as: number
          on-failure: continue
          retry: {attempts: 3}
          steps: [{id: a, call: unsafe, with: {value: "${{ number }}"}}]
      outputs: {marks: "${{ steps.all.map(r, has(r.error)) }}"}
      """)
    world.reply = { what, count, _ in
      switch (what, count) {
      case ("POST /unsafe", 1): .answer(422, #"{"message":"no"}"#)
      case ("POST /unsafe", 2): .failure(.broken, mayHaveBeenSent: true)
      case _: nil
      }
    }
    let result = try world.run()
    #expect(result.outcome == .inDoubt)
    #expect(result.failedStep?.description == "all[1]/a")
    #expect(result.outputs == ["marks": [true, true, false]])
    #expect(world.count("POST /unsafe") == 3)
  }

  @Test func `a cancelled loop marks the rounds that did not end and those that never began`()
    throws
  {
    var world = try world(
      """
      steps:
        - id: all
          for-each: [1, 2, 3]
          on-failure: continue
          steps: [{id: a, wait: 10s}]
      outputs: {marks: "${{ steps.all.map(r, has(r.error) ? r.error.message : 'done') }}"}
      """)
    world.schedule(.input(.cancel), at: .seconds(15))
    let result = try world.run()
    #expect(result.outcome == .cancelled)
    #expect(
      result.outputs
        == ["marks": ["done", "the round was cancelled", "the round did not begin"]])
  }

  @Test func `a loop stopped between its rounds is not done`() throws {
    var world = try world(
      """
      steps: [{id: all, for-each: [1, 2], steps: [{id: a, call: unsafe}]}]
      """)
    world.reply = { what, _, _ in what == "POST /unsafe" ? .ok(after: .seconds(2)) : nil }
    world.schedule(.input(.cancel), at: .seconds(1))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.outcomes == ["all[0]/a succeeded", "all cancelled"])
  }

  @Test func `branches that fail together give all their reasons`() throws {
    var world = try world(
      """
      steps:
        - id: both
          parallel:
            one: [{id: a, assert: [{that: "${{ false }}", message: reason one}]}]
            two: [{id: b, assert: [{that: "${{ false }}", message: reason two}]}]
            three: [{id: c, wait: 1h}]
      """)
    let result = try world.run()
    #expect(
      result.failure?.message == "2 of 3 branches failed: one: reason one; two: reason two")
    #expect(result.failedStep?.description == "both.one/a")
  }

  @Test func `more reasons than a few are counted`() throws {
    var world = try world(
      """
      inputs: {hidden: {type: secret}}
      steps:
        - for-each: "${{ ['a', inputs.hidden, {'name': 'c'}, 'd', 'e'] }}"
          on-failure: continue
          steps: [{assert: [{that: "${{ false }}", message: bad}]}]
      """, inputs: ["hidden": .secret(text: "planted-element")])
    let result = try world.run()
    #expect(
      result.failure?.message
        == "5 of 5 rounds failed: a: bad; [1]: bad; c: bad; and 2 more")
    #expect(!world.outsideText.contains("planted-element"))
  }

  @Test func `a failed run gives the outputs that no failed step is needed for`() throws {
    var world = try world(
      """
      steps:
        - {id: a, call: harmless, with: {value: 7}}
        - {id: b, call: unsafe}
        - {id: c, call: read}
      outputs:
        a: "${{ steps.a.value }}"
        b: "${{ steps.b }}"
        c: "${{ steps.c }}"
        run: "${{ run.name }}"
        done: true
      """)
    world.reply = { what, _, body in
      switch what {
      case "POST /harmless": .ok(body)
      case "POST /unsafe": .answer(422, "{}")
      case _: nil
      }
    }
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.outputs == ["a": 7, "run": "main"])
  }

  @Test func `outputs of a failed run may use let, whose names stand for what they use`() throws {
    var world = try world(
      """
      let:
        name: "${{ run.name }}"
        value: "${{ steps.a.value }}"
        twice: "${{ value * 2 }}"
        given: "${{ steps.a.value > 0 ? steps.b.value : 0 }}"
        rounds: "${{ steps.l.filter(r, r.x.outcome == 'succeeded').size() }}"
        constant: 5
      steps:
        - {id: a, call: harmless, with: {value: 7}}
        - id: l
          for-each: [1, 2, 3]
          on-failure: continue
          steps: [{id: x, assert: "${{ item != 2 }}"}]
        - {id: b, call: read}
      outputs:
        name: "${{ name }}"
        twice: "${{ twice }}"
        given: "${{ given }}"
        rounds: "${{ rounds }}"
        constant: "${{ constant }}"
      """)
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.outputs == ["name": "main", "twice": 14, "rounds": 2])
  }
}

import Events
import Expressions
import Machine
import Planning
import Playbooks
import Testing

@Suite("What loops go through")
struct LoopFormTests {
  private func world(_ steps: String, inputs: ValueMap = [:]) throws -> World {
    var world = try World(try PlannedText.plan(StepTests.session + steps, inputs: inputs))
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    return world
  }

  private static func elements(_ world: World) -> [String?] {
    world.events.compactMap { event in
      if case .stepStarted(let path, let summary) = event.kind, path.depth > 1 {
        summary.element
      } else {
        nil
      }
    }
  }

  @Test func `a round knows its number and, of a map, its key`() throws {
    var world = try world(
      """
      inputs: { stores: { type: map, of: string } }
      steps:
        - id: all
          for-each: ${{ inputs.stores }}
          as: store
          key: name
          index: n
          steps: [{ id: a, call: harmless, with: { value: "${{ n }} ${{ name }} ${{ store }}" } }]
      outputs: { all: "${{ steps.all.map(r, r.a.value) }}" }
      """, inputs: ["stores": ["x": "eu", "y": "us"]])
    #expect(try world.run().outputs == ["all": ["0 x eu", "1 y us"]])
    #expect(Self.elements(world) == ["x", "y"])
  }

  @Test func `a label says what a round is about`() throws {
    var world = try world(
      """
      steps:
        - for-each: [{ id: 1, of: a }, { id: 2, of: b }]
          as: device
          index: n
          label: "${{ n + 1 }} of ${{ device.of }}"
          steps: [{ call: harmless, with: { value: "${{ device.id }}" } }]
      """)
    _ = try world.run()
    #expect(Self.elements(world) == ["1 of a", "2 of b"])
  }

  @Test func `no round begins after the one in which until is true`() throws {
    var world = try world(
      """
      steps:
        - id: tries
          for-each: [1, 2, 3, 4]
          as: n
          until: steps.a.value == 2
          steps: [{ id: a, call: harmless, with: { value: "${{ n }}" } }]
      outputs: { tries: "${{ steps.tries.map(t, t.a.value) }}" }
      """)
    let result = try world.run()
    #expect(result.outputs == ["tries": [1, 2]])
    #expect(result.outcome == .succeeded)
  }

  @Test func `rounds in progress at that time finish, and their results count`() throws {
    var world = try world(
      """
      steps:
        - id: tries
          for-each: [1, 2, 3, 4, 5]
          as: n
          concurrency: 3
          until: n == 2
          steps:
            - { id: a, wait: "${{ n }}s" }
            - { id: b, call: harmless, with: { value: "${{ n }}" } }
      outputs: { tries: "${{ steps.tries.map(t, t.b.value) }}" }
      """)
    // The first round ends before the second, so that a fourth begins.
    #expect(try world.run().outputs == ["tries": [1, 2, 3, 4]])
  }

  @Test func `what until cannot decide fails the loop`() throws {
    var world = try world(
      """
      steps:
        - id: tries
          for-each: [1, 2]
          as: n
          until: steps.a.value.missing == 1
          steps: [{ id: a, call: harmless, with: { value: "${{ n }}" } }]
      """)
    let result = try world.run()
    #expect(result.failure?.kind == .expectation)
    #expect(world.outcomes == ["tries[0]/a succeeded", "tries failed"])
  }

  @Test func `another attempt goes through the rounds that failed and no others`() throws {
    var world = try world(
      """
      steps:
        - id: tries
          for-each: [1, 2, 3, 4]
          as: n
          concurrency: 2
          on-failure: continue
          until: n == 2
          retry: { attempts: 2, on: [invalid] }
          steps: [{ id: a, call: harmless, with: { value: "${{ n }}" } }]
      outputs: { tries: "${{ steps.tries.map(t, t.a.value) }}" }
      """)
    world.reply = { what, count, body in
      guard what == "POST /harmless" else { return nil }
      return count == 1 ? .answer(422, #"{"message":"no"}"#, after: .milliseconds(5)) : .ok(body)
    }
    let result = try world.run()
    #expect(result.failure == nil)
    #expect(result.outputs == ["tries": [1, 2]])
    #expect(world.count("POST /harmless") == 3)
  }

  @Test(arguments: 1...10)
  func `after any interruption until has the same effect`(_ crash: Int) throws {
    var world = try world(
      """
      steps:
        - id: tries
          for-each: { a: 1, b: 2, c: 3 }
          key: name
          until: name == 'b'
          steps: [{ id: a, call: harmless, with: { value: "${{ item }}" } }]
      outputs: { tries: "${{ steps.tries.map(t, t.a.value) }}" }
      """)
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    world.schedule(.restart, at: .milliseconds(crash))
    #expect(try world.run().outputs == ["tries": [1, 2]])
  }
}

import Events
import Expressions
import Machine
import Operations
import Planning
import Playbooks
import Running
import Testing

/// What a playbook changed is taken back when its steps fail or are cancelled.
@Suite("Undo")
struct UndoTests {
  static func world(
    _ steps: String, causes: String? = "failure, cancel", files: [String: String] = [:],
    _ service: ThingService = ThingService(), guidedBy guidance: Guidance = Guidance()
  ) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    let head = causes.map { "undo-on: [\($0)]\n" } ?? ""
    var world = try World(
      try PlannedText.plan(
        "session: {username: u, password: p-of-u-1}\n\(head)steps:\n\(indented)\n",
        files: files.mapValues { "playbook: 1\n\($0)" }),
      guidedBy: guidance)
    world.reply = service.reply
    return world
  }

  /// A call that makes a thing, undone by `auto`.
  static func make(_ id: String, _ more: String = "undo: auto") -> String {
    "- { id: \(id), call: kin, with: { name: \(id) }, ensure: present, \(more) }"
  }

  static let fail = "- { id: f, assert: \"${{ false }}\" }"

  private static func writes(_ world: World) -> [String] {
    world.sent.map(\.what).filter { $0.hasPrefix("POST") && $0 != "POST /login" }
  }

  static func undoings(_ world: World) -> [String] {
    world.events.map(\.word).filter { $0.hasPrefix("undoing") }
  }

  // MARK: Order and outcome

  @Test func `what was created is removed, the latest first, and the run stays failed`() throws {
    let service = ThingService()
    var world = try Self.world([Self.make("a"), Self.make("b"), Self.fail].joined("\n"), service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .expectation)
    #expect(result.failedStep?.description == "f")
    #expect(service.things == [])
    #expect(Self.undoings(world) == ["undoing run: b, a"])
    #expect(
      world.outcomes == [
        "a succeeded", "b succeeded", "f failed", "undo/1-b/drop succeeded", "undo/1-b succeeded",
        "undo/2-a/drop succeeded", "undo/2-a succeeded",
      ])
    #expect(world.machine.state.overview.undone.doneCount == 2)
    #expect(world.machine.state.scopeCount == 1)
  }

  @Test(arguments: [
    ("failure", "- { id: f, assert: \"${{ false }}\" }", true),
    ("cancel", "- { id: f, assert: \"${{ false }}\" }", false),
    ("failure", "- { id: w, wait: 1h }", false), ("cancel", "- { id: w, wait: 1h }", true),
  ])
  func `it is done at the ends that are named`(
    _ causes: String, _ last: String, _ isUndone: Bool
  ) throws {
    let service = ThingService()
    var world = try Self.world(Self.make("a") + "\n" + last, causes: causes, service)
    world.schedule(.input(.cancel), at: .seconds(60))
    #expect(try world.run().outcome == (last.contains("wait") ? .cancelled : .failed))
    #expect(service.things.isEmpty == isUndone)
  }

  @Test func `a run that succeeds keeps everything`() throws {
    let service = ThingService()
    var world = try Self.world(Self.make("a"), service)
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things.count == 1)
    #expect(Self.undoings(world) == [])
  }

  @Test func `a run whose outputs have no value failed, too`() throws {
    let service = ThingService()
    var world = try World(
      try PlannedText.plan(
        """
        session: {username: u, password: p-of-u-1}
        undo-on: [failure]
        steps:
          \(Self.make("a"))
        outputs: { x: "${{ 1 / (size(steps.a.id) - size(steps.a.id)) }}" }

        """))
    world.reply = service.reply
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [])
  }

  @Test func `a request to stop while it is being undone changes nothing`() throws {
    let service = ThingService()
    let steps = Self.make(
      "a", "undo: [{ id: w, wait: 10s }, { id: d, call: drop, with: { id: '1' } }]")
    var world = try Self.world(steps + "\n" + Self.fail, service)
    world.schedule(.input(.cancel), at: .seconds(8))
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [])
  }

  // MARK: What is undone

  @Test func `what was corrected stays, and is named`() throws {
    let service = ThingService([Thing(id: "7", name: "old", size: 4)])
    let steps = """
      - { id: old, call: build, with: { name: old, size: 1 }, ensure: present, undo: auto }
      - { id: new, call: build, with: { name: new, size: 1 }, ensure: present, undo: auto }
      - { id: same, call: build, with: { name: old, size: 1 }, ensure: present, undo: auto }
      - { id: order, call: order, with: { name: x } }
      """
    var world = try Self.world(steps + "\n" + Self.fail, service)
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [Thing(id: "7", name: "old", size: 1)])
    #expect(world.machine.state.overview.undone.kept.map(\.description) == ["old", "order"])
    #expect(
      Self.writes(world) == [
        "POST /resize", "POST /build", "POST /order", "POST /allow-no-more", "POST /drop",
      ])
  }

  /// `recreate` replaces what somebody else may have made.
  @Test func `what was recreated stays`() throws {
    let service = ThingService([Thing(id: "7", name: "a", size: 4)])
    let steps = """
      - { id: a, call: fixed, with: { name: a, size: 1 }, ensure: present, on-drift: recreate,
          undo: auto }
      - { id: b, call: fixed, with: { name: b, size: 1 }, ensure: present, undo: auto }
      """
    var world = try Self.world(steps + "\n" + Self.fail, service)
    #expect(try world.run().outcome == .failed)
    #expect(service.things.map(\.name) == ["a"])
    #expect(world.machine.state.overview.undone.kept.map(\.description) == ["a"])
  }

  /// A name is no identifier: another thing of that name is left alone.
  @Test func `it removes the thing that the step made, not another of that name`() throws {
    let service = ThingService()
    var world = try Self.world(Self.make("a") + "\n- { id: w, wait: 1m }\n" + Self.fail, service)
    world.schedule(.probe { _ in service.add(Thing(id: "9", name: "a")) }, at: .seconds(30))
    #expect(try world.run().outcome == .failed)
    #expect(service.things.map(\.id) == ["9"])
  }

  @Test func `a step that failed after its effect is undone, with what its call gave`() throws {
    var world = try Self.world(
      """
      - { id: a, call: add, with: { name: x }, expect: "${{ answer.id == 'other' }}",
          undo: [ { id: r, call: remove, with: { name: "${{ steps.a.id }}" } } ] }
      """)
    var removed: [String] = []
    world.reply = { what, _, body in
      if what == "POST /remove" { removed.append(body) }
      return what == "POST /add" ? .ok(#"{"id":"7","key":"k-planted"}"#) : nil
    }
    #expect(try world.run().outcome == .failed)
    #expect(removed == [#"{"name":"7"}"#])
    #expect(world.events.map(\.word).contains("effect a"))
  }

  @Test func `an ensured call whose effect never shows is undone`() throws {
    let service = ThingService([], lag: 1000)
    let steps = Self.make(
      "a", "undo: [ { id: r, call: order, with: { name: \"${{ steps.a.outcome }}\" } } ]")
    var world = try Self.world(steps, service)
    #expect(try world.run().outcome == .failed)
    #expect(world.count("POST /order") == 1)
  }

  /// Its read never shows the identifier that `auto` removes by.
  @Test func `what auto cannot identify is not undone, and says why`() throws {
    let service = ThingService([], lag: 1000)
    var world = try Self.world(Self.make("a"), service)
    #expect(try world.run().outcome == .failed)
    #expect(world.machine.state.overview.undone.failed.map(\.description) == ["a"])
    #expect(world.count("POST /drop") == 0)
    let reasons = world.events.compactMap { event -> String? in
      guard case .stepFinished(let path, let result) = event.kind, path.description == "undo/1-a"
      else { return nil }
      return result.failure?.message
    }
    #expect(reasons == ["`drop` cannot remove what was created: the call gave no `id`"])
  }

  @Test(arguments: [
    "- { id: a, call: things, undo: [ { call: order, with: { name: x } } ] }",
    "- { id: a, call: order, with: { name: x }, when: \"${{ 1 > 2 }}\", "
      + "undo: [ { call: order, with: { name: x } } ] }",
    "- { id: a, steps: [ { wait: 1s } ], undo: [ { call: order, with: { name: x } } ] }",
    "- { id: a, call: order, with: { name: x }, undo: [ { call: order, with: { name: y } } ] }",
  ])
  func `only what changed something is undone`(_ step: String) throws {
    var world = try Self.world(step + "\n" + Self.fail)
    world.reply = { what, _, _ in what == "GET /things" ? .ok("[]") : nil }
    if step.contains("name: y") {
      // It is refused, and so it did nothing.
      world.reply = { what, count, _ in
        what == "POST /order" && count == 1 ? .answer(422, "{}") : nil
      }
    }
    #expect(try world.run().outcome == .failed)
    #expect(Self.undoings(world) == [])
  }

  @Test func `the undo of a group replaces those inside it`() throws {
    let service = ThingService()
    let steps = """
      - id: g
        steps: [ { id: a, call: kin, with: { name: a }, ensure: present, undo: auto },
          { id: b, call: kin, with: { name: b }, ensure: present, undo: auto } ]
        undo: [ { id: r, call: drop, with: { id: "${{ steps.b.id }}" } },
          { id: s, call: drop, with: { id: "${{ steps.a.id }}" } } ]
      """
    var world = try Self.world(steps + "\n" + Self.fail, service)
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [])
    #expect(Self.undoings(world) == ["undoing run: g"])
  }

  @Test func `each round of a loop is undone with its own values`() throws {
    let service = ThingService()
    let steps = """
      - id: l
        for-each: "${{ ['a', 'b', 'c'] }}"
        as: n
        concurrency: 3
        let: { prefix: "${{ 'thing-' }}" }
        steps:
          - { id: m, call: kin, with: { name: "${{ prefix + n }}" }, ensure: present,
              undo: [ { id: note, call: order, with: { name: "${{ prefix + n }}" } },
                { id: d, call: drop, with: { id: "${{ steps.m.id }}" } } ] }
      """
    var world = try Self.world(steps + "\n" + Self.fail, service)
    var names: [String] = []
    world.reply = { what, count, body in
      if what == "POST /order" { names.append(body) }
      return service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [])
    #expect(
      Set(names) == ["a", "b", "c"].reduce(into: []) { $0.insert(#"{"name":"thing-\#($1)"}"#) })
    #expect(world.connections <= 3)
  }

  // MARK: Plays

  static let lib = "undo-on: [failure]\nsteps:\n  \(make("a"))\n  - { id: f, call: read }"

  @Test func `a played playbook undoes its own, before always and after rescue`() throws {
    let service = ThingService()
    let steps = """
      - \(Self.make("o").dropFirst(2))
      - id: g
        steps: [ { id: p, play: lib.yaml, rescue: [ { id: r, assert: "${{ false }}" } ],
          always: [ { id: z, wait: 1s } ] } ]
        rescue: [ { id: saved, wait: 1s } ]
      """
    var world = try Self.world(steps, causes: nil, files: ["lib.yaml": Self.lib], service)
    world.reply = { what, count, body in
      what == "GET /read" ? .answer(422, "{}") : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things.map(\.name) == ["o"])
    #expect(Self.undoings(world) == ["undoing g/p: g/p/a"])
    #expect(
      world.outcomes == [
        "o succeeded", "g/p/a succeeded", "g/p/f failed", "g/p/rescue/r failed",
        "g/p/undo/1-a/drop succeeded", "g/p/undo/1-a succeeded", "g/p/always/z succeeded",
        "g/p failed", "g/rescue/saved succeeded", "g tolerated",
      ])
    #expect(world.machine.state.scopeCount == 1)
  }

  @Test func `what a play made that was saved is undone by the playbook around it`() throws {
    let service = ThingService()
    let steps = "- { id: p, play: lib.yaml, rescue: [ { id: r, wait: 1s } ] }\n" + Self.fail
    var world = try Self.world(steps, files: ["lib.yaml": Self.lib], service)
    world.reply = { what, count, body in
      what == "GET /read" ? .answer(422, "{}") : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [])
    #expect(Self.undoings(world) == ["undoing run: p/a"])
  }

  @Test func `what was undone is done again when a group around it is tried again`() throws {
    let service = ThingService()
    let steps = """
      - id: g
        retry: { attempts: 2, backoff: 1s, on: [invalid] }
        steps: [ { id: p, play: lib.yaml } ]
      """
    var world = try Self.world(steps, causes: nil, files: ["lib.yaml": Self.lib], service)
    world.reply = { what, count, body in
      what == "GET /read" && count == 1 ? .answer(422, "{}") : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things.map(\.id) == ["2"])
    #expect(!world.events.contains { if case .stepReused = $0.kind { true } else { false } })
  }

  /// Its credentials come from a scope that is gone by then.
  @Test func `it is undone in the session of the play that made it`() throws {
    let service = ThingService()
    let lib = """
      inputs: { who: { type: string } }
      session: { username: "${{ inputs.who }}", password: p-of-v-1 }
      steps:
        \(Self.make("a"))
      """
    let steps = "- { id: p, play: lib.yaml, with: { who: v } }\n" + Self.fail
    var world = try Self.world(steps, files: ["lib.yaml": lib], service)
    world.reply = { what, count, body in
      guard what == "POST /login" else { return service.reply(what, count, body) }
      return .ok(#"{"token":"token-\#(body.contains(#""v""#) ? "v" : "u")"}"#)
    }
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [])
    let drop = world.requests.first { $0.path == "/drop" }
    #expect(drop?.headers.contains { $0.value == "token-v" } ?? false)
  }
}

extension [String] {
  func joined(_ separator: String) -> String { joined(separator: separator) }
}

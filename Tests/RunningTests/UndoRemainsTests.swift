import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Testing

/// What an undo leaves to those around it, and what several attempts and branches leave to undo.
@Suite("What remains after an undo")
struct UndoRemainsTests {
  private static func note(_ name: String) -> String {
    "undo: [ { call: order, with: { name: \(name) } } ]"
  }

  // MARK: What is left

  private static let group = """
    - id: g
      steps: [ { id: p, play: lib.yaml } ]
      \(note("group"))
    """

  @Test func `what a play could not undo is left to the group around it`() throws {
    let lib =
      "undo-on: [failure]\nsteps:\n  \(UndoTests.make("a"))\n  \(UndoTests.make("k", ""))\n"
      + "  \(UndoTests.fail)"
    let service = ThingService()
    var world = try UndoTests.world(Self.group, files: ["lib.yaml": lib], service)
    #expect(try world.run().outcome == .failed)
    #expect(UndoTests.undoings(world) == ["undoing g/p: g/p/a", "undoing run: g"])
    #expect(world.count("POST /order") == 1)
    let undone = world.machine.state.overview.undone
    #expect(undone.kept == [] && undone.count == 2 && undone.doneCount == 2)
  }

  @Test func `an undo that failed is left to the group around it`() throws {
    let lib =
      "undo-on: [failure]\nsteps:\n"
      + "  \(UndoTests.make("a", "undo: [ { id: x, assert: \"${{ false }}\" } ]"))\n"
      + "  \(UndoTests.fail)"
    let service = ThingService()
    var world = try UndoTests.world(Self.group, files: ["lib.yaml": lib], service)
    #expect(try world.run().outcome == .failed)
    #expect(UndoTests.undoings(world) == ["undoing g/p: g/p/a", "undoing run: g"])
    let undone = world.machine.state.overview.undone
    #expect(undone.failed == [] && undone.count == 1 && undone.doneCount == 1)
  }

  @Test(arguments: [true, false])
  func `an undo that failed is tried again when its play is`(_ isReopened: Bool) throws {
    let lib =
      "undo-on: [failure]\nsteps:\n"
      + "  \(UndoTests.make("a", "undo: [ { id: x, call: harmless }, { id: d, call: drop, with: { id: '1' } } ]"))\n"
      + "  \(UndoTests.fail)"
    let service = ThingService()
    let retry = isReopened ? "" : "retry: { attempts: 2, backoff: 1s, on: [expectation] }, "
    var world = try UndoTests.world(
      "- { id: g, \(retry)steps: [ { id: p, play: lib.yaml } ] }", causes: nil,
      files: ["lib.yaml": lib], service)
    world.reply = { what, count, body in
      what == "POST /harmless"
        ? (count == 1 ? .answer(422, "{}") : .ok()) : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .failed)
    if isReopened {
      #expect(service.things.count == 1)
      world = try world.reopened()
      #expect(try world.run().outcome == .failed)
    }
    #expect(service.things == [])
    let undone = world.machine.state.overview.undone
    #expect(undone.failed == [] && undone.count == 1 && undone.doneCount == 1)
  }

  // MARK: Attempts

  @Test func `another thing that a further attempt changed is undone, too`() throws {
    let service = ThingService()
    let steps = """
      - id: g
        retry: { attempts: 2, backoff: 1s, on: [expectation] }
        steps:
          - { id: r, call: read }
          - { id: a, call: order, with: { name: "${{ steps.r.value }}" },
              undo: [ { id: m, call: harmless }, { call: order, with: { name: "${{ 'not ' + steps.r.value }}" } } ] }
          - { id: same, call: order, with: { name: same }, undo: [ { call: order, with: { name: not same } } ] }
          - { id: f, assert: "${{ false }}" }
      """
    var world = try UndoTests.world(steps, service)
    world.reply = { what, count, _ in
      switch what {
      case "GET /read": .ok(#"{"value": "\#(count)"}"#)
      case "POST /order", "POST /harmless": .ok()
      case _: nil
      }
    }
    #expect(try world.run().outcome == .failed)
    #expect(UndoTests.undoings(world) == ["undoing run: g/a, g/same, g/a"])
  }

  /// A play that is tried again after its undo failed once.
  private static func twice(_ call: String, undo: String, _ service: ThingService) throws -> World {
    let lib =
      "undo-on: [failure]\nsteps:\n  - { id: a, \(call), undo: [ \(undo) ] }\n  \(UndoTests.fail)"
    let steps =
      "- { id: g, retry: { attempts: 2, backoff: 1s, on: [expectation] }, "
      + "steps: [ { id: p, play: lib.yaml } ] }"
    return try UndoTests.world(steps, causes: nil, files: ["lib.yaml": lib], service)
  }

  @Test func `what an equal call created is undone, too`() throws {
    var world = try Self.twice(
      "call: make, with: { name: a }",
      undo: "{ id: m, call: harmless }, { call: order, with: { name: \"${{ steps.a.id }}\" } }",
      ThingService())
    var undone: [String] = []
    world.reply = { what, count, body in
      if what == "POST /order" { undone.append(body) }
      return switch what {
      case "POST /make": .ok(#"{"id":"\#(count)"}"#)
      case "POST /harmless" where count == 1: .answer(422, "{}")
      case "POST /harmless", "POST /order": .ok()
      case _: nil
      }
    }
    #expect(try world.run().outcome == .failed)
    #expect(undone == [#"{"name":"2"}"#, #"{"name":"1"}"#])
    let tally = world.machine.state.overview.undone
    #expect(tally.failed == [] && tally.count == 2 && tally.doneCount == 2)
  }

  @Test func `what an ensured call created again is undone, too`() throws {
    let service = ThingService()
    var world = try Self.twice(
      "call: kin, with: { name: a }, ensure: present",
      undo:
        "{ id: d, call: drop, with: { id: \"${{ steps.a.id }}\" }, ensure: absent }, { id: m, call: harmless }",
      service)
    world.reply = { what, count, body in
      guard what == "POST /harmless" else { return service.reply(what, count, body) }
      return count == 1 ? .answer(422, "{}") : .ok()
    }
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [])
    let tally = world.machine.state.overview.undone
    #expect(tally.failed == [] && tally.count == 2 && tally.doneCount == 2)
  }

  // MARK: Order

  @Test func `what rescue and always changed is undone before the step they follow`() throws {
    func order(_ name: String, _ more: String = "") -> String {
      "{ id: \(name), call: order, with: { name: \(name) }, \(Self.note("not \(name)"))\(more) }"
    }
    let steps = """
      - \(order("c", ", always: [ \(order("later")) ]"))
      - id: g
        steps: [ \(order("first")) ]
        always: [ \(order("second")) ]
        \(Self.note("not g"))
      """
    var world = try UndoTests.world(steps + "\n" + UndoTests.fail)
    world.reply = { what, _, _ in what == "POST /order" ? .ok() : nil }
    #expect(try world.run().outcome == .failed)
    #expect(
      UndoTests.undoings(world) == ["undoing run: g/always/second, g, c/always/later, c"])
  }

  // MARK: Removals

  @Test func `what is gone already is undone`() throws {
    let service = ThingService()
    let steps =
      UndoTests.make("a") + "\n"
      + "- { id: gone, call: drop, with: { id: \"${{ steps.a.id }}\" } }\n" + UndoTests.fail
    var world = try UndoTests.world(steps, service)
    world.reply = { what, count, body in
      what == "POST /drop" && count > 1
        ? .answer(404, #"{"message":"thing.not_found"}"#) : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .failed)
    #expect(world.machine.state.overview.undone.doneCount == 1)
    #expect(world.count("POST /drop") == 2)
  }

  // MARK: Branches and time

  @Test func `the other branches are stopped before a failed play is undone`() throws {
    let lib =
      "undo-on: [failure]\nsteps:\n"
      + "  \(UndoTests.make("a", "undo: [ { id: w, wait: 1h, timeout: 2h } ]"))\n"
      + "  \(UndoTests.fail)"
    let slow =
      "- { id: w1, wait: 1m }, { id: w2, wait: 1m }, { id: late, call: order, with: { name: x } }"
    for (saved, count) in [("", 0), (", rescue: [ { id: s, wait: 1s } ]", 1)] {
      let service = ThingService()
      let steps = """
        - id: both
          parallel:
            left: [ \(slow.dropFirst(2)) ]
            right: [ { id: b, steps: [ { id: p, play: lib.yaml } ]\(saved) } ]
        """
      var world = try UndoTests.world(steps, causes: nil, files: ["lib.yaml": lib], service)
      #expect(try world.run().outcome == (count == 0 ? .failed : .succeeded))
      #expect(world.count("POST /order") == count)
      #expect(world.outcomes.contains("both.right/b/p/undo/1-a succeeded"))
      #expect(world.machine.state.scopeCount == 1)
    }
  }

  @Test(arguments: [
    "{ id: r, wait: 1h, timeout: \"${{ duration('2h') }}\" }",
    "{ id: g, steps: [ { id: r, wait: 1h, timeout: 2h } ] }",
    "{ id: r, wait: \"${{ duration('1h') }}\" }",
    "{ id: r, wait: 15m }, { id: n, call: harmless }",
    "{ id: n, call: safe, timeout: 12m }",
    "{ id: n, call: safe, retry: { attempts: 4, backoff: 10m, max-backoff: 1h } }",
    "{ id: n, call: safe, retry: { attempts: \"${{ 4 }}\", backoff: 10m, max-backoff: 1h } }",
    "{ id: n, call: safe, retry: { attempts: 4, backoff: \"${{ duration('10m') }}\", max-backoff: 1h } }",
  ])
  func `an undo whose steps take their time has it`(_ step: String) throws {
    let service = ThingService()
    let steps = UndoTests.make("a", "undo: [ \(step) ]") + "\n" + UndoTests.fail
    var world = try UndoTests.world(steps, service)
    let delay = Duration.seconds(step.contains("timeout: 12m") ? 660 : 1)
    world.reply = { what, count, body in
      guard what == "POST /safe" else { return service.reply(what, count, body) }
      return count < 3 ? .answer(503, "{}", after: delay) : .ok(after: delay)
    }
    #expect(try world.run().outcome == .failed)
    #expect(world.machine.state.overview.undone.doneCount == 1)
  }
}

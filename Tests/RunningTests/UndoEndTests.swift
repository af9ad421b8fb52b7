import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Testing

/// Undos that fail or are in doubt, and what goes on after one.
@Suite("Ends of undos")
struct UndoEndTests {
  @Test func `an undo that fails does not keep the others from it, and is counted`() throws {
    let service = ThingService()
    let refused = "undo: [ { id: r, assert: \"${{ false }}\" } ]"
    let steps = [
      UndoTests.make("a"), UndoTests.make("b", refused), UndoTests.make("c"), UndoTests.fail,
    ]
    var world = try UndoTests.world(steps.joined("\n"), service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.hint == "1 of 3 changes could not be undone")
    #expect(service.things.map(\.name) == ["b"])
    #expect(world.machine.state.overview.undone.failed.map(\.description) == ["b"])
  }

  @Test func `an undo has ten minutes besides what its steps are given`() throws {
    let slow = "{ id: l, for-each: [1, 2, 3, 4, 5, 6, 7, 8], steps: [ { call: harmless } ] }"
    for (limit, undo) in [(600, slow), (4200, "{ id: w, wait: 1h }, \(slow)")] {
      let service = ThingService()
      var world = try UndoTests.world(
        UndoTests.make("a", "undo: [ \(undo) ]") + "\n" + UndoTests.fail, service)
      world.reply = { what, count, body in
        what == "POST /harmless" ? .ok(after: .seconds(90)) : service.reply(what, count, body)
      }
      #expect(try world.run().outcome == .failed)
      let begin = try #require(world.events.first { $0.word.hasPrefix("undoing") }?.at)
      let end = try #require(world.events.last { $0.word.hasPrefix("finished undo") }?.at)
      #expect(end - begin >= .seconds(limit) && end - begin < .seconds(limit + 30))
    }
  }

  @Test func `nothing is undone while a step is in doubt`() throws {
    let service = ThingService()
    var world = try UndoTests.world(UndoTests.make("a") + "\n- { id: b, call: unsafe }", service)
    world.reply = { what, count, body in
      what == "POST /unsafe"
        ? .failure(.broken, mayHaveBeenSent: true) : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .inDoubt)
    #expect(service.things.count == 1)
    #expect(UndoTests.undoings(world) == [])
  }

  private static let doubtful =
    "undo: [ { id: u, call: unsafe }, { id: d, call: drop, with: { id: \"${{ steps.b.id }}\" } } ]"

  @Test(arguments: [true, false])
  func `a doubt in an undo is settled, and then the rest is undone`(_ isPlayed: Bool) throws {
    let service = ThingService()
    let steps = [UndoTests.make("a"), UndoTests.make("b", Self.doubtful), UndoTests.fail]
    var world =
      isPlayed
      ? try UndoTests.world(
        "- { id: p, play: lib.yaml }", causes: nil,
        files: [
          "lib.yaml": "undo-on: [failure]\nsteps:\n"
            + steps.map { "  \($0)" }.joined(separator: "\n")
        ],
        service)
      : try UndoTests.world(steps.joined("\n"), service)
    world.reply = { what, count, body in
      what == "POST /unsafe" && count == 1
        ? .failure(.broken, mayHaveBeenSent: true) : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .inDoubt)
    #expect(service.things.map(\.name) == ["a", "b"])
    let around = isPlayed ? [StepPath.Component.step("p")] : []
    let path = StepPath(components: around + [.undo, .step("1-b"), .step("u")])
    var settled = try world.reopened(
      guidedBy: Guidance(assumptions: [path: .done([:])]))
    #expect(try settled.run().outcome == .failed)
    #expect(service.things == [])
    #expect(settled.count("POST /unsafe") == 1)
  }

  // MARK: Going on

  @Test func `a run that was undone is not reopened`() throws {
    let service = ThingService()
    var world = try UndoTests.world(UndoTests.make("a") + "\n" + UndoTests.fail, service)
    try world.run()
    let sent = world.sent.count
    var again = try world.reopened()
    #expect(try again.run().outcome == .failed)
    #expect(again.sent.count == sent)
    #expect(service.things == [])
  }

  @Test func `a play that was undone begins anew when its run goes on`() throws {
    let service = ThingService()
    let steps = "- { id: o, call: unsafe }\n- { id: p, play: lib.yaml }"
    var world = try UndoTests.world(steps, causes: nil, files: ["lib.yaml": UndoTests.lib], service)
    world.reply = { what, count, body in
      what == "GET /read" && count == 1 ? .answer(422, "{}") : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [])
    var again = try world.reopened()
    #expect(try again.run().outcome == .succeeded)
    #expect(service.things.map(\.id) == ["2"])
    #expect(again.count("POST /unsafe") == 1)
    // What was made again is not undone any more.
    #expect(again.machine.state.overview.undone.isEmpty)
  }

  @Test func `a plan undoes nothing`() throws {
    let planning = Guidance(planning: Planning())
    var world = try UndoTests.world(UndoTests.make("a") + "\n" + UndoTests.fail, guidedBy: planning)
    world.reply = { what, _, _ in what == "GET /things" ? .ok("[]") : nil }
    #expect(try world.run().outcome == .failed)
    #expect(UndoTests.undoings(world) == [])
  }

  @Test func `a run that keeps to a plan undoes what it did`() throws {
    let service = ThingService()
    let steps =
      UndoTests.make("a") + "\n- { id: r, call: read }\n"
      + "- { id: f, assert: \"${{ steps.r.value == 1 }}\" }"
    var planned = try UndoTests.world(steps, service, guidedBy: Guidance(planning: Planning()))
    planned.reply = { what, count, body in
      what == "GET /read" ? .ok(#"{"value": 1}"#) : service.reply(what, count, body)
    }
    #expect(try planned.run().outcome == .succeeded)
    var world = try UndoTests.world(
      steps, service, guidedBy: Guidance(decisions: Decisions(of: planned.events)))
    world.reply = { what, count, body in
      what == "GET /read" ? .ok(#"{"value": 2}"#) : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .failed)
    #expect(service.things == [])
    #expect(world.count("POST /drop") == 1)
  }
}

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
}

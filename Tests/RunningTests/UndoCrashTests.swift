import Events
import Expressions
import Machine
import Operations
import Running
import Testing

/// Runs that are undone and are interrupted, wherever.
@Suite("Interrupted undos")
struct UndoCrashTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let steps: String
    var causes: String? = "failure, cancel"
    var cancelledAt: Duration?
    let outcome: Outcome
    /// The names of the things that are left.
    let left: [String]

    var testDescription: String { name }
  }

  private static let lib = """
    undo-on: [failure, cancel]
    steps:
      \(UndoTests.make("a"))
      \(UndoTests.make("b"))
      - { id: refused, call: harmless }
    """

  private static let rows: [Row] = [
    Row(
      name: "the run itself",
      steps: [UndoTests.make("a"), UndoTests.make("b"), UndoTests.fail].joined(separator: "\n"),
      outcome: .failed, left: []),
    Row(
      name: "a run that is cancelled",
      steps: [UndoTests.make("a"), UndoTests.make("b"), "- { id: w, wait: 1h }"]
        .joined(separator: "\n"),
      cancelledAt: .seconds(20), outcome: .cancelled, left: []),
    Row(
      name: "a play with rescue and always, in a group that goes on",
      steps: """
        - \(UndoTests.make("o").dropFirst(2))
        - id: g
          steps: [ { id: p, play: lib.yaml, rescue: [ { id: r, assert: "${{ false }}" } ],
            always: [ { id: z, wait: 1s } ] } ]
          rescue: [ { id: saved, wait: 1s } ]
        """, causes: nil, outcome: .succeeded, left: ["o"]),
    Row(
      name: "a play, and then the run around it",
      steps: "\(UndoTests.make("o"))\n- { id: p, play: lib.yaml }", outcome: .failed, left: []),
    Row(
      name: "an undo that fails in part",
      steps: [
        UndoTests.make("a"), UndoTests.make("b", "undo: [ { id: x, assert: \"${{ false }}\" } ]"),
        UndoTests.fail,
      ].joined(separator: "\n"), outcome: .failed, left: ["b"]),
    Row(
      name: "a loop, and a call that failed after its effect",
      steps: """
        - id: l
          for-each: "${{ ['a', 'b'] }}"
          as: n
          concurrency: 2
          steps:
            - { id: m, call: kin, with: { name: "${{ n }}" }, ensure: present, undo: auto,
                expect: "${{ n != 'b' }}" }
        """, outcome: .failed, left: []),
  ]

  private static func world(_ row: Row, _ service: ThingService) throws -> World {
    var world = try UndoTests.world(
      row.steps, causes: row.causes, files: ["lib.yaml": lib], service)
    world.reply = { what, count, body in
      what == "POST /harmless" ? .answer(422, "{}") : service.reply(what, count, body)
    }
    if let moment = row.cancelledAt { world.schedule(.input(.cancel), at: moment) }
    return world
  }

  /// A request that was on its way when the process ended is sent again or asked about, as ever.
  @Test(arguments: rows)
  func `a run that is interrupted at any moment is undone as it would have been`(
    _ row: Row
  ) throws {
    let whole = ThingService()
    var first = try Self.world(row, whole)
    #expect(try first.run().outcome == row.outcome)
    #expect(whole.things.map(\.name) == row.left)
    let start = try #require(first.events.first?.at)
    let moments = Set(first.events.map { $0.at - start }).sorted()
    for moment in moments.flatMap({ [$0, $0 + .microseconds(500)] }) {
      let service = ThingService()
      var world = try Self.world(row, service)
      world.schedule(.restart, at: moment)
      #expect(try world.run().outcome == row.outcome, "at \(moment)")
      #expect(service.things.map(\.name) == row.left, "at \(moment)")
      #expect(world.machine.state.scopeCount == 1)
    }
  }

  /// A call that can be sent again, and so can what undoes it.
  private static func order(_ id: String) -> String {
    "{ id: \(id), call: order, with: { name: \(id) }, "
      + "undo: [ { id: back_\(id), call: order, with: { name: \"not ${{ steps.\(id).outcome }}\" } } ] }"
  }

  private static let repeatable = [
    "- \(order("a"))\n- \(order("b"))\n- { id: f, assert: \"${{ false }}\" }",
    """
    - \(order("o"))
    - id: p
      play: lib.yaml
      rescue: [ { id: r, assert: "${{ false }}" } ]
      always: [ { id: z, wait: 1s } ]
    """,
    """
    - id: l
      for-each: "${{ [1, 2] }}"
      as: n
      concurrency: 2
      retry: { attempts: 2, backoff: 1s, on: [expectation] }
      steps:
        - \(order("a"))
        - { id: f, assert: "${{ n == 1 }}" }
    """,
  ]

  /// Between two events of one commit, too.
  @Test(arguments: repeatable)
  func `a run that is continued after any of its events is undone as it would have been`(
    _ steps: String
  ) throws {
    let lib =
      "undo-on: [failure]\nsteps:\n  - \(Self.order("b"))\n"
      + "  - { id: f, assert: \"${{ false }}\" }"
    var whole = try UndoTests.world(steps, files: ["lib.yaml": lib])
    whole.reply = { what, _, _ in what == "POST /order" ? .ok() : nil }
    #expect(try whole.run().outcome == .failed)
    let undone = RunOverview(of: whole.events).undone
    #expect(undone.count == 2 && undone.doneCount == 2)
    for count in 1..<whole.events.count {
      var world = try whole.continued(
        after: Array(whole.events.prefix(count)), downtime: .milliseconds(5))
      #expect(try world.run().outcome == .failed)
      let again = RunOverview(of: world.events).undone
      #expect(
        again.count == 2 && again.doneCount == 2 && again.kept == [],
        "after \(whole.events[count - 1].word)")
      #expect(world.machine.state.scopeCount == 1)
    }
  }
}

extension RunOverview {
  fileprivate init(of events: [RunEvent]) {
    self.init()
    for event in events { apply(event) }
  }
}

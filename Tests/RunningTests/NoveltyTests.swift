import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Testing

/// What a lookup finds may be older than the request that it is about.
@Suite("Whether what a lookup finds is new")
struct NoveltyTests {
  private static let make = "- { id: m, call: make, with: { name: x } }"
  private static let list = "- { id: l, call: items }"
  private static let one = #"[{"name":"x","id":"1"}]"#
  private static let both = #"[{"name":"x","id":"1"},{"name":"x","id":"7"}]"#
  private static let seven = #"[{"name":"y","id":"2"},{"name":"x","id":"7"}]"#
  private static let older = "cut; `items` finds one that fits and may be older than the request"

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let steps: [String]
    /// What is listed before the request and after it.
    let (before, after): (String, String)
    /// Which request for a thing gets no response.
    var lost = 1
    var outcome = Outcome.succeeded
    var message: String?
    /// What the last of them gives.
    var made: Value = nil
    var sendings = 1

    var testDescription: String { name }
  }

  private static let rows: [Row] = [
    Row(
      name: "no list was read", steps: [make], before: "[]", after: seven, outcome: .inDoubt,
      message: older),
    Row(
      name: "the list was empty", steps: [list, make], before: "[]", after: seven, made: "7"),
    Row(
      name: "the list had another of that name", steps: [list, make], before: one, after: both,
      made: "7"),
    Row(
      name: "the list had the one that is found", steps: [list, make], before: one, after: one,
      made: "8", sendings: 2),
    Row(
      name: "the list had none, and two are there", steps: [list, make], before: "[]", after: both,
      outcome: .inDoubt, message: "cut; `items` finds 2 that fit"),
    Row(
      name: "another step made one just before the list was read",
      steps: ["- { id: a, call: make, with: { name: x } }", list, make], before: "[]", after: both,
      lost: 2, outcome: .inDoubt, message: older, sendings: 2),
    Row(
      name: "another step had made one long before the list was read",
      steps: ["- { id: a, call: make, with: { name: x } }", "- { wait: 11s }", list, make],
      before: one, after: both, lost: 2, made: "7", sendings: 2),
    Row(
      name: "another step made one of another name",
      steps: [list, "- { id: a, call: make, with: { name: y } }", make], before: "[]", after: seven,
      lost: 2, made: "7", sendings: 2),
    Row(
      name: "the list was that of another user",
      steps: ["- { call: items, session: { username: v, password: p-of-v-1 } }", make],
      before: "[]", after: seven, outcome: .inDoubt, message: older),
    Row(
      name: "the list was read in part",
      steps: ["- { call: items, with: { page: 2 } }", make], before: "[]", after: seven,
      outcome: .inDoubt, message: older),
  ]

  private static func world(_ steps: [String]) throws -> World {
    try World(
      try PlannedText.plan(
        "session: {username: u, password: p-of-u-1}\nsteps:\n"
          + steps.map { "  \($0)\n" }.joined()))
  }

  private static func reply(
    _ row: Row, loss: World.Reply
  ) -> (String, Int, String) -> World.Reply? {
    var isLost = false
    return { what, count, _ in
      switch what {
      case "POST /make":
        if count == row.lost {
          isLost = true
          return loss
        }
        return .ok(#"{"id":"\#(count > row.lost ? 8 : 1)"}"#)
      case "GET /items": return .ok(isLost ? row.after : row.before)
      case _: return nil
      }
    }
  }

  @Test(arguments: rows)
  func `one that is found counts where the run knows that it is new`(_ row: Row) throws {
    var world = try Self.world(row.steps)
    world.reply = Self.reply(row, loss: .failure(.broken, mayHaveBeenSent: true))
    let result = try world.run()
    #expect(result.outcome == row.outcome)
    #expect(result.failure?.message == row.message)
    #expect(world.count("POST /make") == row.sendings)
    if row.outcome == .succeeded { #expect(world.value(of: "m") == ["id": row.made]) }
  }

  @Test(arguments: rows)
  func `an interruption changes nothing of that`(_ row: Row) throws {
    var world = try Self.world(row.steps)
    world.reply = Self.reply(row, loss: .silence)
    world.schedule(.restart, at: .seconds(20))
    #expect(try world.run().outcome == row.outcome)
    #expect(world.count("POST /make") == row.sendings)
  }

  @Test func `what a person says was done is the one that is found`() throws {
    let row = Self.rows[0]
    var world = try Self.world(row.steps)
    world.reply = Self.reply(row, loss: .failure(.broken, mayHaveBeenSent: true))
    #expect(try world.run().outcome == .inDoubt)
    let path = StepPath(components: [.step("m")])
    world = try world.reopened(guidedBy: Guidance(assumptions: [path: .done(nil)]))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.value(of: "m") == ["id": "7"])
  }

  @Test func `two steps that ask for one name at once may each have made what is found`() throws {
    var world = try Self.world([
      Self.list,
      "- { id: p, parallel: { l: [ { id: a, call: make, with: { name: x } } ], "
        + "r: [ { id: b, call: make, with: { name: x } } ] } }",
    ])
    world.reply = { what, count, _ in
      switch what {
      case "POST /make":
        count == 1
          ? .failure(.broken, mayHaveBeenSent: true) : .ok(#"{"id":"7"}"#, after: .seconds(3))
      case "GET /items": .ok(count == 1 ? "[]" : Self.seven)
      case _: nil
      }
    }
    #expect(try world.run().outcome == .inDoubt)
    #expect(world.count("POST /make") == 2)
  }

  /// What the run removed itself may still be listed for a while.
  @Test(arguments: [("[]", "8", 2), (#"[{"name":"x","id":"7"}]"#, "7", 1)])
  func `what the run removed a moment ago is not taken for new`(
    _ later: String, _ id: String, _ sendings: Int
  ) throws {
    var world = try Self.world([
      "- { id: r, call: remove, with: { name: x } }", "- { id: a, call: add, with: { name: x } }",
    ])
    world.reply = { what, count, _ in
      switch what {
      case "POST /add":
        count == 1 ? .failure(.broken, mayHaveBeenSent: true) : .ok(#"{"id":"8"}"#)
      case "GET /items": .ok(count < 6 ? Self.one : later)
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /add") == sendings)
    #expect(world.value(of: "a") == ["id": .string(id), "key": nil, "other": nil])
  }
}

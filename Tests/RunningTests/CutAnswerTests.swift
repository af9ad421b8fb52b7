import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Testing

/// A connection that ends within the body of an answer: its head says what it says.
@Suite("Answers of which only the head came")
struct CutAnswerTests {
  private static let id = [HTTPField("X-Dpt-Cab-Id", "c-1")]
  private static let shown = #"[{"name":"x","id":"7"}]"#

  private static func world(_ call: String) throws -> World {
    try World(
      try PlannedText.plan(
        "session: {username: u, password: p-of-u-1}\nsteps:\n  - { id: a, call: \(call) }\n"))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let call: String
    let status: Int
    var headers: [HTTPField] = []
    /// What the lookup shows.
    var shown = "[]"
    let outcome: Outcome
    var value: Value?
    let sendings: Int
    var lookups = false

    var testDescription: String { name }
  }

  private static let rows: [Row] = [
    Row(
      name: "an accepted command", call: "command", status: 202, headers: id, outcome: .succeeded,
      value: ["value": nil, "commandId": "c-1"], sendings: 1),
    Row(
      name: "an accepted command that may be repeated", call: "repeatable", status: 202,
      headers: id, outcome: .succeeded, value: ["value": nil, "commandId": "c-1"], sendings: 1),
    Row(
      name: "an accepted command without an id", call: "command", status: 202, outcome: .inDoubt,
      sendings: 1),
    Row(
      name: "something created that only the body names", call: "create", status: 202, headers: id,
      outcome: .inDoubt, sendings: 1),
    Row(
      name: "something that shows", call: "add, with: { name: x }", status: 200, shown: shown,
      outcome: .succeeded, value: ["id": "7", "key": nil, "other": nil], sendings: 1,
      lookups: true),
    Row(
      name: "something that does not show, but was accepted", call: "add, with: { name: x }",
      status: 200, outcome: .inDoubt, sendings: 1, lookups: true),
    Row(
      name: "a refusal", call: "add, with: { name: x }", status: 422, outcome: .failed, sendings: 1),
    Row(
      name: "a request to wait", call: "add, with: { name: x }", status: 503,
      headers: [HTTPField("Retry-After", "1")], outcome: .succeeded,
      value: ["id": "8", "key": nil, "other": nil], sendings: 2),
    Row(
      name: "a failure of the service", call: "add, with: { name: x }", status: 502,
      shown: shown, outcome: .succeeded, value: ["id": "7", "key": nil, "other": nil], sendings: 1,
      lookups: true),
    Row(name: "a read", call: "read", status: 200, outcome: .succeeded, sendings: 2),
  ]

  private static func reply(_ row: Row) -> (String, Int, String) -> World.Reply? {
    let path = "/" + row.call.prefix { $0 != "," }
    return { what, count, _ in
      switch what {
      case "POST \(path)", "GET \(path)":
        count == 1 ? .cut(row.status, headers: row.headers) : .ok(#"{"id":"8"}"#)
      case "GET /items": .ok(row.shown)
      case _ where what.hasPrefix("GET /status"): .ok(#"["finished"]"#)
      case _: nil
      }
    }
  }

  private static func sendings(_ world: World, _ row: Row) -> Int {
    let path = "/" + row.call.prefix { $0 != "," }
    return world.requests.count { $0.path == path }
  }

  @Test(arguments: rows) func `what the head says is believed`(_ row: Row) throws {
    var world = try Self.world(row.call)
    world.reply = Self.reply(row)
    #expect(try world.run().outcome == row.outcome)
    #expect(Self.sendings(world, row) == row.sendings)
    #expect((world.count("GET /items") > 0) == row.lookups)
    if let value = row.value { #expect(world.value(of: "a") == value) }
  }

  /// Between any two events, too.
  @Test(arguments: rows.filter { $0.sendings == 1 })
  func `an interruption does not make it less known`(_ row: Row) throws {
    var whole = try Self.world(row.call)
    whole.reply = Self.reply(row)
    try whole.run()
    let answered = whole.events.firstIndex {
      if case .requestAnswered = $0.kind { true } else { false }
    }
    let first = try #require(answered)
    for count in (first + 1)..<whole.events.count {
      var world = try whole.continued(
        after: Array(whole.events.prefix(count)), downtime: .milliseconds(5))
      let outcome = try world.run().outcome
      // A request without an effect may be sent again.
      #expect(outcome == row.outcome || row.outcome == .failed, "after \(count) events")
      #expect(Self.sendings(world, row) == 1 || row.outcome == .failed)
    }
  }
}

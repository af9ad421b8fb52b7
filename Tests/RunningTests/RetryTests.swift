import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("Retries and timeouts")
struct RetryTests {
  /// What one attempt meets.
  enum Trouble: String, Sendable, CaseIterable {
    case refused, cut, throttled, busy, unavailable, crashed, wrong, malformed

    var reply: World.Reply {
      switch self {
      case .refused: .failure(.unreachable, mayHaveBeenSent: false)
      case .cut: .failure(.broken, mayHaveBeenSent: true)
      case .throttled: .answer(429, "{}")
      case .busy: .answer(503, "{}", headers: [HTTPField("Retry-After", "1")])
      case .unavailable: .answer(503, "{}")
      case .crashed: .answer(500, "{}")
      case .wrong: .answer(422, "{}")
      case .malformed: .answer(200, "<html>")
      }
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var operation: String
    var trouble: Trouble
    var retry: String
    var sendings: Int
    var outcome: Outcome

    init(
      _ operation: String, _ trouble: Trouble, retry: String = "", _ sendings: Int,
      _ outcome: Outcome
    ) {
      self.operation = operation
      self.trouble = trouble
      self.retry = retry
      self.sendings = sendings
      self.outcome = outcome
    }

    var testDescription: String { "\(operation) \(trouble) \(retry) → \(sendings) \(outcome)" }
  }

  private static let all =
    ", retry: {attempts: 4, backoff: 10ms, on: [network, timeout, throttled, server-error, "
    + "unauthorised, invalid, malformed, expectation, local]}"

  static let rows: [Row] =
    ["safe", "harmless", "detectable", "unsafe"].flatMap { operation -> [Row] in
      let repeats = operation == "safe" || operation == "harmless"
      // A read shows what was done.
      let shown: Outcome = operation == "detectable" ? .succeeded : .inDoubt
      return [
        // Where nothing can have happened, every operation is tried again.
        Row(operation, .refused, 3, .failed),
        Row(operation, .throttled, 3, .failed),
        Row(operation, .busy, 3, .failed),
        Row(operation, .refused, retry: all, 4, .failed),
        Row(operation, .wrong, 1, .failed),
        Row(operation, .wrong, retry: all, 4, .failed),
        // Where something may have happened, only what may be repeated.
        Row(operation, .cut, repeats ? 3 : 1, repeats ? .failed : shown),
        Row(operation, .crashed, repeats ? 3 : 1, repeats ? .failed : shown),
        Row(operation, .unavailable, repeats ? 3 : 1, repeats ? .failed : shown),
        Row(operation, .cut, retry: all, repeats ? 4 : 1, repeats ? .failed : shown),
        Row(operation, .crashed, retry: all, repeats ? 4 : 1, repeats ? .failed : shown),
        Row(operation, .malformed, 1, repeats ? .failed : shown),
        Row(operation, .malformed, retry: all, repeats ? 4 : 1, repeats ? .failed : shown),
      ]
    }

  private func world(_ steps: String, settings: RunSettings = RunSettings()) throws -> World {
    try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(steps)"),
      settings: settings)
  }

  @Test(arguments: rows) func `what is tried again`(_ row: Row) throws {
    var world = try world("  - {id: a, call: \(row.operation)\(row.retry)}")
    world.reply = { what, _, _ in what == "POST /\(row.operation)" ? row.trouble.reply : nil }
    let result = try world.run()
    #expect(world.count("POST /\(row.operation)") == row.sendings)
    #expect(result.outcome == row.outcome)
    #expect(result.failedStep?.description == (row.outcome == .succeeded ? nil : "a"))
  }

  @Test(arguments: ["command", "repeatable"])
  func `a rejected command is never tried again`(_ operation: String) throws {
    var world = try world("  - {id: a, call: \(operation)\(Self.all)}")
    world.schedule(World.status("c-1", 3, body: #""profile.not_an_owner""#), at: .seconds(1))
    let result = try world.run()
    #expect(world.count("POST /\(operation)") == 1)
    #expect(result.outcome == .failed)
    #expect(result.failure?.message == "the command was rejected: profile.not_an_owner")
  }

  @Test(arguments: [(7, 7), (4000, 300)])
  func `Retry-After is obeyed up to a bound`(_ asked: Int, _ obeyed: Int) throws {
    var world = try world("  - {id: a, call: unsafe}")
    world.reply = { what, count, _ in
      what == "POST /unsafe" && count == 1
        ? .answer(429, "{}", headers: [HTTPField("Retry-After", "\(asked)")]) : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.pauses == [.seconds(obeyed)])
  }

  @Test(arguments: 0..<20) func `pauses double, are capped, and lie in the upper half`(
    _ seed: Int
  ) throws {
    let plan = try PlannedText.plan(
      """
      session: {username: u, password: p-of-u-1}
      steps:
        - {id: a, call: safe, retry: {attempts: 8, backoff: 1s, max-backoff: 10s}}
      """)
    var world = try World(plan, seed: UInt64(seed))
    world.reply = { what, _, _ in what == "POST /safe" ? .answer(500, "{}") : nil }
    try world.run()
    let wholes = [1, 2, 4, 8, 10, 10, 10]
    #expect(world.pauses.count == wholes.count)
    for (pause, whole) in zip(world.pauses, wholes) {
      #expect(pause >= .seconds(whole) / 2 && pause <= .seconds(whole))
    }
  }

  @Test(arguments: [
    ("", [200, 400]), (", retry: {attempts: 4}", [1000, 2000, 4000]),
    (", retry: {attempts: 3, max-backoff: 500ms}", [500, 500]),
    (", retry: {attempts: 3, backoff: 1m}", [60_000, 60_000]),
    (", retry: {attempts: 7}", [1000, 2000, 4000, 8000, 16_000, 30_000]),
    (", retry: {attempts: 3, backoff: \"${{ '3s' }}\"}", [3000, 6000]),
  ])
  func `a pause that is left out is as long as documented`(_ retry: String, _ wholes: [Int]) throws
  {
    var world = try world("  - {id: a, call: safe\(retry)}")
    world.reply = { what, _, _ in what == "POST /safe" ? .answer(500, "{}") : nil }
    _ = try world.run()
    #expect(world.pauses.count == wholes.count)
    for (pause, whole) in zip(world.pauses, wholes) {
      #expect(pause >= .milliseconds(whole) / 2 && pause <= .milliseconds(whole))
    }
  }

  @Test(arguments: [
    ("harmless", "timeout: 2s", Outcome.failed), ("unsafe", "timeout: 2s", .inDoubt),
    ("harmless", "timeout: 2s, retry: {attempts: 3, backoff: 10ms}", .failed),
  ])
  func `a call without an answer ends with its time`(
    _ operation: String, _ more: String, _ outcome: Outcome
  ) throws {
    var world = try world("  - {id: a, call: \(operation), \(more)}")
    world.reply = { what, _, _ in what == "POST /\(operation)" ? .silence : nil }
    let result = try world.run()
    #expect(result.outcome == outcome)
    #expect(result.failure?.kind == .timeout)
    #expect(world.count("POST /\(operation)") == (more.contains("retry") ? 3 : 1))
    #expect(world.elapsed < .seconds(10))
  }

  @Test func `a group that took too long is reported as such, once its children ended`() throws {
    var world = try world(
      """
        - id: g
          timeout: 1s
          steps: [{id: a, wait: 1h}, {id: b, call: unsafe}]
      """)
    let result = try world.run()
    #expect(result.failure?.message == "`g` was not done within the step's timeout of 1s")
    #expect(world.outcomes == ["g/a cancelled", "g failed"])
    #expect(world.elapsed == .seconds(1))
  }

  @Test func `a group is in doubt when what it had in flight is`() throws {
    var world = try world(
      """
        - id: g
          timeout: 1s
          retry: {attempts: 3, backoff: 10ms}
          steps: [{id: b, call: unsafe}]
      """)
    world.reply = { what, _, _ in what == "POST /unsafe" ? .silence : nil }
    #expect(try world.run().outcome == .inDoubt)
    #expect(world.count("POST /unsafe") == 1)
    #expect(world.outcomes == ["g/b in-doubt", "g in-doubt"])
  }

  /// For want of a required field, or for a value that does not fit.
  @Test(arguments: ["{}", #"{"value":{"a":1}}"#])
  func `a request that cannot be made is not attempted again`(_ read: String) throws {
    var world = try world(
      """
        - {id: r, call: read}
        - id: o
          call: order
          with: {name: "${{ steps.r.value }}"}
          retry: {attempts: 5, backoff: 1h, max-backoff: 1h, on: [invalid]}
      """)
    world.reply = { what, _, _ in what == "GET /read" ? .ok(read) : nil }
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .invalid)
    #expect(world.count("POST /order") == 0 && world.pauses == [])
    #expect(world.elapsed < .seconds(10))
  }

  @Test func `a sibling in doubt keeps a broken group from being tried again`() throws {
    var world = try world(
      """
        - {id: warm, call: read}
        - id: g
          retry: {attempts: 3, backoff: 10ms, on: [invalid]}
          parallel:
            one: [{id: a, call: safe}]
            two: [{id: b, call: unsafe}]
      """)
    world.reply = { what, _, _ in
      switch what {
      case "POST /safe": .answer(422, "{}")
      case "POST /unsafe": .silence
      case _: nil
      }
    }
    #expect(try world.run().outcome == .inDoubt)
    #expect(world.count("POST /unsafe") == 1)
  }

  @Test func `a group repeats what may be repeated and keeps what may not`() throws {
    var world = try world(
      """
        - id: g
          retry: {attempts: 3, backoff: 10ms, on: [invalid]}
          steps:
            - {id: reserve, call: harmless, with: {value: 1}}
            - {id: exchange, call: unsafe, with: {value: "${{ steps.reserve.value }}"}}
            - {id: after, call: safe}
            - {id: breaks, call: detectable, retry: {attempts: 1}}
      """)
    world.reply = { what, count, _ in
      switch what {
      case "POST /detectable" where count < 3: .answer(422, "{}")
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    // What the kept one was made from is kept with it; what came after is done again.
    #expect(world.count("POST /harmless") == 1)
    #expect(world.count("POST /unsafe") == 1)
    #expect(world.count("POST /safe") == 3)
  }

  @Test func `a group is not tried again unless asked`() throws {
    var world = try world("  - {id: g, steps: [{id: a, call: safe}]}")
    world.reply = { what, _, _ in what == "POST /safe" ? .answer(500, "{}") : nil }
    #expect(try world.run().outcome == .failed)
    #expect(world.count("POST /safe") == 3)
  }

  @Test func `a condition is read until it holds`() throws {
    var world = try world(
      """
        - {id: w, wait: {until: "${{ answer.value == 3 }}", call: read, every: 1s}}
        - {id: a, assert: [{that: "${{ steps.w.value == 3 }}"}]}
      """)
    world.reply = { what, count, _ in what == "GET /read" ? .ok("{\"value\":\(count)}") : nil }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("GET /read") == 3)
    let intents = world.events.count { event in
      if case .requestIntended = event.kind { true } else { false }
    }
    #expect(intents == 1)
  }

  @Test func `a condition is read again after a login that failed`() throws {
    var world = try world(
      "  - {id: w, wait: {until: \"${{ answer.value == 3 }}\", call: read, every: 1s}}")
    world.reply = { what, count, _ in
      switch (what, count) {
      case ("GET /read", 2): .answer(401, "{}")
      case ("GET /read", _): .ok("{\"value\":\(count)}")
      case ("POST /login", 2): .answer(503, "{}")
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 3)
  }

  @Test func `a condition that never holds ends with its time and the last answer`() throws {
    var world = try world(
      """
        - {id: w, timeout: 5s, wait: {until: "${{ answer.value == 3 }}", call: read, every: 1s}}
      """)
    world.reply = { what, _, _ in what == "GET /read" ? .ok(#"{"value":1}"#) : nil }
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .timeout)
    #expect(result.failure?.answer == ["value": 1])
    #expect(
      result.failure?.message
        == "`answer.value == 3` did not become true within the step's timeout of 5s: "
        + "`answer.value` is 1")
  }

  @Test func `a wait whose reads fail gives the reason of the last one`() throws {
    var world = try world(
      """
        - {id: w, timeout: 5s, wait: {until: "${{ answer.value == 3 }}", call: read, every: 1s}}
      """)
    world.reply = { what, count, _ in
      guard what == "GET /read" else { return nil }
      return count == 1 ? .ok(#"{"value":1}"#) : .answer(503, #"{"message":"maintenance"}"#)
    }
    let result = try world.run()
    #expect(result.failure?.status == 503)
    #expect(
      result.failure?.message
        == "`answer.value == 3` did not become true within the step's timeout of 5s: "
        + #"`answer.value` is 1; the last read failed: HTTP 503: maintenance"#)
  }
}

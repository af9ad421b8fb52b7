import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Testing

/// A request whose answer was lost may have had its effect.
@Suite("Requests in doubt")
struct DoubtTests {
  private static func world(_ steps: String) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n"))
  }

  private static let add = "- { id: a, call: add, with: { name: x } }"
  private static let shown = #"[{"name":"y","id":"1"},{"name":"x","id":"7","key":"k-of-x"}]"#

  /// What a read shows, second by second, after the answer to the first `operation` was lost.
  private static func replies(
    _ operation: String, shown: @escaping (Int) -> String
  ) -> (String, Int, String) -> World.Reply? {
    { what, count, _ in
      switch what {
      case "POST /\(operation)":
        count == 1 ? .failure(.broken, mayHaveBeenSent: true) : .ok(#"{"id":"8"}"#)
      case "GET /items": .ok(shown(count))
      case _: nil
      }
    }
  }

  private static func verdicts(_ world: World) -> [DoubtVerdict] {
    world.events.compactMap { event in
      if case .doubtSettled(_, let verdict) = event.kind { verdict } else { nil }
    }
  }

  @Test func `what a read shows to be done is not done again, and gives what the read holds`()
    throws
  {
    var world = try Self.world(Self.add)
    world.reply = Self.replies("add") { _ in Self.shown }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /add") == 1)
    let result: Value = ["id": "7", "key": .secret(text: "k-of-x"), "other": nil]
    #expect(world.value(of: "a") == result)
    #expect(
      Self.verdicts(world)
        == [DoubtVerdict(isDone: true, means: .lookup, operation: "items", value: result)])
  }

  @Test(arguments: [1, 4, 9])
  func `an effect that shows late is waited for`(_ seconds: Int) throws {
    var world = try Self.world(Self.add)
    world.reply = Self.replies("add") { $0 > seconds ? Self.shown : "[]" }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /add") == 1)
  }

  @Test func `what does not show within ten seconds is sent again`() throws {
    var world = try Self.world(Self.add)
    world.reply = Self.replies("add") { _ in "[]" }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /add") == 2)
    #expect(world.sentTimes("POST /add")[1] >= .seconds(10))
    #expect(world.value(of: "a") == ["id": "8", "key": nil, "other": nil])
    #expect(
      Self.verdicts(world) == [DoubtVerdict(isDone: false, means: .lookup, operation: "items")])
  }

  @Test func `what a vote may hold is in doubt where it is not sent again`() throws {
    var world = try Self.world(
      "- { id: d, call: deposit, with: { name: x }, retry: { attempts: 1 } }")
    world.reply = Self.replies("deposit") { _ in "[]" }
    let result = try world.run()
    #expect(result.outcome == .inDoubt)
    #expect(result.failure?.message == "cut; it does not show, and a vote on it may still be open")
    #expect(world.count("POST /deposit") == 1)
  }

  @Test func `what should be gone and is has been removed`() throws {
    var world = try Self.world("- { id: r, call: remove, with: { name: x } }")
    world.reply = Self.replies("remove") { _ in "[]" }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /remove") == 1)
  }

  @Test func `what should be gone and stays is removed again`() throws {
    var world = try Self.world("- { id: r, call: remove, with: { name: x } }")
    world.reply = Self.replies("remove") { _ in Self.shown }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /remove") == 2)
  }

  @Test func `two that fit leave the step in doubt`() throws {
    var world = try Self.world(Self.add)
    world.reply = Self.replies("add") { _ in #"[{"name":"x"},{"name":"x"}]"# }
    let result = try world.run()
    #expect(result.outcome == .inDoubt)
    #expect(result.failure?.message == "cut; `items` finds 2 that fit")
    #expect(result.failure?.lookup == "items")
    #expect(world.count("POST /add") == 1)
  }

  @Test func `a list is read page by page`() throws {
    var world = try Self.world(Self.add)
    world.reply = Self.replies("add") { count in
      count < 3 ? #"[{"name":"y","id":"\#(count)"}]"# : Self.shown
    }
    #expect(try world.run().outcome == .succeeded)
    let pages = zip(world.sent, world.requests).filter { $0.0.what == "GET /items" }
      .map { $0.1.query.map(\.value) }
    #expect(pages == [["1"], ["2"], ["3"]])
    #expect(world.sentTimes("GET /items").last ?? .zero < .seconds(1))
  }

  @Test func `a page that is not there ends the list`() throws {
    var world = try Self.world("- { id: a, call: add, with: { name: x }, ensure: present }")
    var (isMade, pages) = (false, 0)
    world.reply = { what, _, _ in
      switch what {
      case "POST /add":
        isMade = true
        return .ok(#"{"id":"8"}"#)
      // Every other read is that of the second page.
      case "GET /items":
        pages += 1
        return pages.isMultiple(of: 2)
          ? .answer(404, "{}") : .ok(isMade ? Self.shown : #"[{"name":"y","id":"1"}]"#)
      case _: return nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /add") == 1)
    #expect(world.value(of: "a")?[field: "id"] == "8")

    var inDoubt = try Self.world(Self.add)
    inDoubt.reply = { what, count, body in
      what == "GET /items" && count.isMultiple(of: 2)
        ? .answer(404, "{}")
        : Self.replies("add") { _ in #"[{"name":"y","id":"1"}]"# }(what, count, body)
    }
    #expect(try inDoubt.run().outcome == .succeeded)
    #expect(inDoubt.count("POST /add") == 2)
    #expect(Self.verdicts(inDoubt).map(\.isDone) == [false])
  }

  @Test(arguments: [World.Reply.answer(401, "{}"), .answer(404, "{}")])
  func `credentials that are refused were not made valid`(_ refusal: World.Reply) throws {
    var world = try Self.world("- { id: r, call: rename, with: { password: new-password-1 } }")
    world.reply = { what, count, body in
      switch what {
      case "POST /rename": count == 1 ? .failure(.broken, mayHaveBeenSent: true) : .ok()
      case "POST /login" where body.contains("new-password-1"): refusal
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /rename") == 2)
    let lookups = world.requests.map { String(decoding: $0.body, as: UTF8.self) }
      .filter { $0.contains("new-password-1") && $0.contains("username") }
    #expect(lookups.first == #"{"username":"u","password":"new-password-1"}"#)
  }

  @Test func `credentials that are taken were made valid`() throws {
    var world = try Self.world("- { id: r, call: rename, with: { password: new-password-1 } }")
    world.reply = { what, _, _ in
      what == "POST /rename" ? .failure(.broken, mayHaveBeenSent: true) : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /rename") == 1)
    #expect(!world.outsideText.contains("new-password-1"))
  }

  @Test func `reads that fail are repeated within half a minute`() throws {
    var world = try Self.world(Self.add)
    world.reply = { what, _, _ in
      what == "POST /login" ? nil : .failure(.broken, mayHaveBeenSent: true)
    }
    let result = try world.run()
    #expect(result.outcome == .inDoubt)
    #expect(
      result.failure?.message == "cut; `items` could not be read within 30s: cut")
    #expect(world.elapsed >= .seconds(30) && world.elapsed < .seconds(35))
  }

  @Test func `a command that has not ended may still be carried out`() throws {
    var world = try World(
      try PlannedText.plan(
        "session: {username: u, password: p-of-u-1}\nsteps:\n  "
          + "- { id: c, call: add, timeout: 5s, with: { name: x } }\n"))
    world.reply = { what, _, _ in
      switch what {
      case "POST /add": .answer(202, #"["c-1"]"#)
      case "GET /items": .ok("[]")
      case _: nil
      }
    }
    let result = try world.run()
    #expect(result.outcome == .inDoubt)
    #expect(world.count("POST /add") == 1)
    #expect(result.failure?.message.hasSuffix("the command may still be carried out") ?? false)
  }

  @Test(arguments: [
    ("repeat", "unsafe", Outcome.succeeded, 2), ("fail", "unsafe", .failed, 1),
    ("ask", "unsafe", .inDoubt, 1), ("fail", "add", .failed, 1),
    ("repeat", "add", .succeeded, 2),
  ])
  func `the author says what is done where no read shows it`(
    _ choice: String, _ operation: String, _ outcome: Outcome, _ sendings: Int
  ) throws {
    let with = operation == "add" ? ", with: { name: x }" : ""
    var world = try Self.world("- { id: a, call: \(operation), in-doubt: \(choice)\(with) }")
    world.reply = Self.replies(operation) { _ in #"[{"name":"x"},{"name":"x"}]"# }
    #expect(try world.run().outcome == outcome)
    #expect(world.count("POST /\(operation)") == sendings)
  }

  @Test func `a step that fails for a doubt can be rescued`() throws {
    var world = try Self.world(
      "- { id: a, call: unsafe, in-doubt: fail, rescue: [ { id: r, wait: 1s } ] }")
    world.reply = Self.replies("unsafe") { _ in "[]" }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.outcomes == ["a/rescue/r succeeded", "a tolerated"])
  }

  @Test func `a step that is stopped while it is asked about stays in doubt`() throws {
    var world = try Self.world(Self.add)
    world.reply = Self.replies("add") { _ in "[]" }
    world.schedule(.input(.cancel), at: .seconds(2))
    #expect(try world.run().outcome == .inDoubt)
    #expect(world.count("POST /add") == 1)
  }

  @Test(arguments: [(true, 1), (false, 2)])
  func `a request in flight at an interruption is asked about`(
    _ isDone: Bool, _ sendings: Int
  ) throws {
    var world = try Self.world(Self.add)
    world.reply = { what, count, _ in
      switch what {
      case "POST /add": count == 1 ? .silence : .ok(#"{"id":"8"}"#)
      case "GET /items": .ok(isDone ? Self.shown : "[]")
      case _: nil
      }
    }
    world.schedule(.restart, at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /add") == sendings)
  }

  /// The process before may have been held up on its way from the record to the first byte.
  @Test(arguments: [(1, 40), (25, 40), (45, 55)])
  func `what nobody saw leave is not missed before it can leave no more`(
    _ restart: Int, _ resending: Int
  ) throws {
    var world = try Self.world(Self.add)
    world.reply = { what, count, _ in
      switch what {
      case "POST /add": count == 1 ? .silence : .ok(#"{"id":"8"}"#)
      case "GET /items": .ok("[]")
      case _: nil
      }
    }
    world.schedule(.restart, at: .seconds(restart))
    #expect(try world.run().outcome == .succeeded)
    let times = world.sentTimes("POST /add")
    #expect(times.count == 2)
    #expect(times[1] >= .seconds(resending) && times[1] < .seconds(resending + 3))
  }

  @Test func `a verdict that is recorded is carried out after another interruption`() throws {
    var world = try Self.world(Self.add)
    world.reply = Self.replies("add") { _ in Self.shown }
    _ = try world.run()
    let settled = try #require(
      world.events.firstIndex { if case .doubtSettled = $0.kind { true } else { false } })
    var continued = try world.continued(
      after: Array(world.events[...settled]), downtime: .seconds(5))
    #expect(try continued.run().outcome == .succeeded)
    #expect(continued.count("POST /add") == 1)
    #expect(continued.count("GET /items") == world.count("GET /items"))
  }

  @Test(arguments: [503, 401])
  func `a login that fails before the read says nothing about the request`(_ status: Int) throws {
    var world = try Self.world(Self.add)
    world.reply = { what, count, _ in
      switch what {
      case "POST /add": count == 1 ? .silence : .ok(#"{"id":"8"}"#)
      case "POST /login" where count > 1: .answer(status, "{}")
      case "GET /items": .ok(Self.shown)
      case _: nil
      }
    }
    world.schedule(.restart, at: .seconds(1))
    #expect(try world.run().outcome == .inDoubt)
    #expect(world.count("POST /add") == 1)
    let usual = world.reply
    world.reply = { what, count, body in what == "POST /login" ? nil : usual(what, count, body) }
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /add") == 1)
  }

  @Test(arguments: [#"[{"id":"7"}]"#, #"[{"id":"7"},{"name":"y","id":"8"}]"#])
  func `a read in another form decides nothing`(_ body: String) throws {
    var world = try Self.world(Self.add)
    world.reply = Self.replies("add") { _ in body }
    #expect(try world.run().outcome == .inDoubt)
    #expect(world.count("POST /add") == 1)
  }

  @Test func `a removal is believed only once reads cannot lag behind any more`() throws {
    var world = try Self.world("- { id: r, call: remove, with: { name: x } }")
    world.reply = Self.replies("remove") { $0 < 4 ? "[]" : Self.shown }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /remove") == 2)
  }

  @Test func `what a vote may hold is not taken for not done`() throws {
    var world = try Self.world("- { id: w, call: withdraw, with: { name: x } }")
    world.reply = Self.replies("withdraw") { _ in Self.shown }
    let result = try world.run()
    #expect(result.outcome == .inDoubt)
    #expect(
      result.failure?.message == "cut; `items` shows no effect, and a vote on it may still be open")
    #expect(world.count("POST /withdraw") == 1)
    world = try world.reopened()
    #expect(try world.run().outcome == .inDoubt)
    #expect(world.count("POST /withdraw") == 1)
  }

  @Test func `what a vote may hold is done as soon as that shows`() throws {
    var world = try Self.world("- { id: w, call: withdraw, with: { name: x } }")
    world.reply = Self.replies("withdraw") { $0 < 5 ? Self.shown : "[]" }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /withdraw") == 1)
  }

  @Test func `what a vote could hold and never left is sent again`() throws {
    var world = try Self.world("- { id: w, call: withdraw, with: { name: x } }")
    world.reply = { what, count, _ in
      what == "POST /withdraw" && count == 1 ? .failure(.unreachable, mayHaveBeenSent: false) : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /withdraw") == 2 && world.count("GET /items") == 0)
  }

  /// What the refusal of a repeat means depends on what shows then, or may show later.
  @Test(arguments: [
    ("deposit", true, Outcome.succeeded), ("deposit", false, .inDoubt), ("add", true, .succeeded),
    ("add", false, .failed),
  ])
  func `the refusal of a repeat may come of the first request`(
    _ operation: String, _ shows: Bool, _ outcome: Outcome
  ) throws {
    var world = try Self.world("- { id: a, call: \(operation), with: { name: x } }")
    var isRepeated = false
    world.reply = { what, count, _ in
      switch what {
      case "POST /\(operation)":
        isRepeated = count > 1
        return isRepeated ? .answer(422, "{}") : .failure(.broken, mayHaveBeenSent: true)
      case "GET /items": return .ok(isRepeated && shows ? Self.shown : "[]")
      case _: return nil
      }
    }
    #expect(try world.run().outcome == outcome)
    #expect(world.count("POST /\(operation)") == 2)
    guard outcome == .inDoubt else { return }
    world = try world.reopened()
    #expect(try world.run().outcome == .inDoubt)
    #expect(world.count("POST /\(operation)") == 2)
    let path = StepPath(components: [.step("a")])
    world = try world.reopened(guidedBy: Guidance(assumptions: [path: .done(nil)]))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /\(operation)") == 2)
  }
}

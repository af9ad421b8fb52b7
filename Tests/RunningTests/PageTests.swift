import Diagnostics
import Events
import Expressions
import Machine
import Operations
import Planning
import Playbooks
import Testing

@Suite("Loops over pages")
struct PageTests {
  /// Three pages with four elements, by what they are read by.
  static let pages = [
    "": #"{"items":["a","b"],"next":"2"}"#, "2": #"{"items":["c"],"next":"3"}"#,
    "3": #"{"items":["d"]}"#,
  ]

  /// What a request for a page asks for.
  static func asked(_ body: String) -> String {
    (try? JSON.parse(body.utf8))?[field: "after"]?.displayText ?? ""
  }

  static func reply(
    _ pages: [String: String] = pages
  ) -> (String, Int, String) -> World.Reply? {
    { what, _, body in
      switch what {
      case "POST /pages": pages[asked(body)].map { .ok($0) }
      case "POST /harmless", "POST /unsafe": .ok(body)
      case _: nil
      }
    }
  }

  static let read = """
    call: pages
    with: { after: "${{ next }}" }
    items: ${{ answer.items }}
    next: ${{ answer.next }}
    """

  /// A loop over pages, with the lines `beside` its keys and `inside` the mapping that reads.
  static func loop(
    beside: [String] = [], inside: [String] = [], call: String = "harmless", read: String = read
  ) -> String {
    let mapping = read.split(separator: "\n").map(String.init) + inside
    let lines =
      ["  - id: all", "    for-each:"] + mapping.map { "      \($0)" }
      + (["as: item"] + beside + ["steps:"]).map { "    \($0)" }
      + ["      - { id: a, call: \(call), with: { value: \"${{ item }}\" } }"]
    return "steps:\n" + lines.joined(separator: "\n")
      + "\noutputs: { all: \"${{ steps.all.map(r, r.a.value) }}\" }\n"
  }

  static func world(
    _ steps: String, guidedBy guidance: Guidance = Guidance(),
    settings: RunSettings = RunSettings(), pages: [String: String] = pages
  ) throws -> World {
    let plan = try PlannedText.plan(StepTests.session + steps)
    var world = try World(plan, settings: settings, guidedBy: guidance)
    world.reply = reply(pages)
    return world
  }

  /// By what the pages were read, in order; empty for the first.
  static func reads(_ world: World) -> [String] {
    zip(world.sent, world.requests).filter { $0.0.what == "POST /pages" }.map {
      asked(String(decoding: $0.1.body, as: UTF8.self))
    }
  }

  /// The ends of reads, in order.
  static func ends(_ world: World) -> [String] {
    world.outcomes.filter { $0.hasPrefix("all/page-") }
  }

  static let all: ValueMap = ["all": ["a", "b", "c", "d"]]

  @Test func `all pages are read before the first round, and then all elements gone through`()
    throws
  {
    var world = try Self.world(Self.loop())
    #expect(try world.run().outputs == Self.all)
    #expect(Self.reads(world) == ["", "2", "3"])
    #expect(
      world.outcomes == [
        "all/page-1 succeeded", "all/page-2 succeeded", "all/page-3 succeeded",
        "all[0]/a succeeded", "all[1]/a succeeded", "all[2]/a succeeded", "all[3]/a succeeded",
        "all succeeded",
      ])
  }

  @Test func `a null next is not sent`() throws {
    var world = try Self.world(Self.loop())
    try world.run()
    let first = try #require(zip(world.sent, world.requests).first { $0.0.what == "POST /pages" })
    #expect(!String(decoding: first.1.body, as: UTF8.self).contains("after"))
  }

  @Test func `pages can be counted`() throws {
    let read = """
      call: pages
      with: { after: "${{ next }}" }
      items: ${{ answer.items }}
      next: "${{ answer.items == [] ? null : next == null ? 2 : next + 1 }}"
      """
    var world = try Self.world(
      Self.loop(read: read),
      pages: ["": #"{"items":[1,2]}"#, "2": #"{"items":[3]}"#, "3": #"{"items":[]}"#])
    #expect(try world.run().outputs == ["all": [1, 2, 3]])
    #expect(Self.reads(world) == ["", "2", "3"])
  }

  @Test func `what else a loop can say holds over pages`() throws {
    var world = try Self.world(
      Self.loop(beside: [
        "index: n", "label: \"${{ n }} ${{ item }}\"", "until: item == 'c'", "concurrency: 2",
      ]))
    let pages = ["": #"{"items":["a","b"],"next":"2"}"#, "2": #"{"items":["c","d","e","f"]}"#]
    world.reply = { what, count, body in
      what == "POST /harmless"
        ? .ok(body, after: .milliseconds(count * 3)) : Self.reply(pages)(what, count, body)
    }
    #expect(try world.run().outputs == ["all": ["a", "b", "c", "d"]])
    let elements = world.events.compactMap { event in
      if case .stepStarted(_, let summary) = event.kind { summary.element } else { nil }
    }
    #expect(elements == ["0 a", "1 b", "2 c", "3 d"])
    #expect(world.peak == 2)
  }

  @Test func `pages without elements give an empty list`() throws {
    var world = try Self.world(Self.loop(), pages: ["": #"{"items":[]}"#])
    #expect(try world.run().outputs == ["all": []])
  }

  @Test func `pages are read in the session of the loop`() throws {
    let steps = Self.loop(beside: ["session: { username: v, password: p-of-v-1 }"])
    var world = try World(try PlannedText.plan(steps))
    world.reply = Self.reply()
    #expect(try world.run().outputs == Self.all)
    #expect(world.count("POST /login") == 1)
  }

  @Test func `results of pages are seen by nothing else`() throws {
    var world = try Self.world(
      Self.loop().replacing("item }}\" }", with: "size(steps) }}\" }"))
    #expect(try world.run().outputs == ["all": [0, 0, 0, 0]])
  }
}

/// Failures.
extension PageTests {
  @Test func `another attempt of the loop reads no page again, whatever the service has by then`()
    throws
  {
    var world = try Self.world(
      Self.loop(beside: ["retry: { attempts: 2, on: [invalid] }", "on-failure: continue"]))
    world.reply = { what, count, body in
      switch what {
      case "POST /harmless" where count == 3: .answer(422, #"{"message":"no"}"#)
      case "POST /pages" where count > 3: .ok(#"{"items":["new"]}"#)
      case _: Self.reply()(what, count, body)
      }
    }
    #expect(try world.run().outputs == Self.all)
    #expect(Self.reads(world) == ["", "2", "3"])
    #expect(world.count("POST /harmless") == 5)
  }

  @Test func `a read that fails is tried again, as any read is`() throws {
    var world = try Self.world(Self.loop())
    world.reply = { what, count, body in
      what == "POST /pages" && count == 2 ? .answer(503, "{}") : Self.reply()(what, count, body)
    }
    #expect(try world.run().outputs == Self.all)
    #expect(Self.reads(world) == ["", "2", "2", "3"])
  }

  @Test func `its own retry and timeout apply to each page`() throws {
    var world = try Self.world(
      Self.loop(inside: ["retry: { attempts: 2, on: [timeout], backoff: 1s }", "timeout: 3s"]))
    world.reply = { what, count, body in
      what == "POST /pages" && count == 2 ? .silence : Self.reply()(what, count, body)
    }
    #expect(try world.run().outputs == Self.all)
    #expect(Self.reads(world) == ["", "2", "2", "3"])
    #expect(world.duration > .seconds(3))
    #expect(world.duration < .seconds(6))
  }

  @Test func `another attempt of the loop goes on with the page that could not be read`() throws {
    var world = try Self.world(
      Self.loop(
        beside: ["retry: { attempts: 2, on: [invalid] }"], inside: ["retry: { attempts: 1 }"]))
    world.reply = { what, count, body in
      what == "POST /pages" && count == 2
        ? .answer(422, #"{"message":"no"}"#) : Self.reply()(what, count, body)
    }
    #expect(try world.run().outputs == Self.all)
    #expect(Self.reads(world) == ["", "2", "2", "3"])
    #expect(Self.ends(world).filter { $0.hasSuffix("failed") } == ["all/page-2 failed"])
  }

  @Test func `what is expected of a page fails the loop when it is false`() throws {
    var world = try Self.world(Self.loop(inside: ["expect: size(answer.items) > 1"]))
    let result = try world.run()
    #expect(result.failure?.kind == .expectation)
    #expect(world.outcomes.suffix(2) == ["all/page-2 failed", "all failed"])
    #expect(world.count("POST /harmless") == 0)
  }

  @Test(arguments: [
    (
      #"{"items":["c"],"next":"2"}"#,
      "`next` of page 2 is what a page before it was read by: the pages would not end"
    ),
    (#"{"items":{"c":1}}"#, "`items` of page 2 is not a list"),
    (#"{}"#, "`items` of page 2 is not a list"),
  ])
  func `a page that cannot be used fails the loop`(_ second: String, _ message: String) throws {
    var world = try Self.world(
      Self.loop(), pages: ["": #"{"items":["a"],"next":"2"}"#, "2": second])
    let result = try world.run()
    #expect(result.failure?.kind == .expectation)
    #expect(result.failure?.message == message)
    #expect(Self.reads(world) == ["", "2"])
    #expect(world.outcomes.suffix(2) == ["all/page-2 succeeded", "all failed"])
  }

  @Test func `pages that follow each other in a circle fail the loop`() throws {
    var world = try Self.world(
      Self.loop(),
      pages: [
        "": #"{"items":["a"],"next":"2"}"#, "2": #"{"items":["a"],"next":"3"}"#,
        "3": #"{"items":["a"],"next":"2"}"#,
      ])
    #expect(try world.run().outcome == .failed)
    #expect(Self.reads(world) == ["", "2", "3"])
  }

  @Test func `an expression over a page that fails says why`() throws {
    var world = try Self.world(
      Self.loop(read: Self.read.replacing("answer.next }}", with: "answer.items[7] }}")))
    let result = try world.run()
    #expect(result.failure?.kind == .expectation)
    #expect(result.failure?.location?.line == 10)
  }

  @Test func `there are limits of pages and of elements`() throws {
    var settings = RunSettings()
    settings.steps.pageLimit = 2
    var world = try Self.world(Self.loop(), settings: settings)
    #expect(
      try world.run().failure?.message == "there are more than 2 pages, which is the limit")
    settings = RunSettings()
    settings.steps.iterationLimit = 3
    world = try Self.world(Self.loop(), settings: settings)
    #expect(
      try world.run().failure?.message
        == "the pages up to page 3 have more than 3 elements, which is the limit")
  }

  @Test func `a group around the loop that is tried again keeps the pages that calls came from`()
    throws
  {
    let inner = Self.loop(call: "unsafe").split(separator: "\n").dropFirst().dropLast()
      .map { "    \($0)" }.joined(separator: "\n")
    var world = try Self.world(
      "steps:\n  - retry: { attempts: 2, on: [invalid] }\n    steps:\n\(inner)\n"
        + "      - { id: z, call: harmless, with: { value: 1 } }\n")
    world.reply = { what, count, body in
      switch what {
      case "POST /harmless" where count == 1: .answer(422, #"{"message":"no"}"#)
      case "POST /pages" where count > 3: .ok(#"{"items":["new"]}"#)
      case _: Self.reply()(what, count, body)
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /pages") == 3)
    #expect(world.count("POST /unsafe") == 4)
  }
}

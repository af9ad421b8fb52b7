import Events
import Expressions
import Machine
import Operations
import Planning
import Testing

/// Why the service refuses a request, and what a playbook makes of that.
@Suite("Reasons of refusals")
struct RefusalTests {
  private static let ending = """

    outputs: { end: "${{ steps.s.outcome }}" }
    """

  private static func world(
    _ steps: String, inputs: ValueMap = [:], guidedBy guidance: Guidance = Guidance()
  ) throws -> World {
    try World(
      try PlannedText.plan(StepTests.session + steps, inputs: inputs), guidedBy: guidance)
  }

  /// The n-th command of `POST /anonymous` ends with the n-th of `ends`, the last of them ever after.
  private static func commands(_ ends: [String]) -> (String, Int, String) -> World.Reply? {
    { what, count, _ in
      if what == "POST /anonymous" { return .command("c-\(count)") }
      guard what.hasPrefix("GET /status/c-"), let number = Int(what.dropFirst(14)) else {
        return nil
      }
      return .ok(ends[min(number, ends.count) - 1])
    }
  }

  private static let taken = #"["rejected","device.name_taken"]"#
  private static let done = #"["succeeded"]"#

  private static func reasons(_ world: World) -> [String] {
    world.events.compactMap { event in
      switch event.kind {
      case .stepFinished(_, let result): result.failure?.reason
      case .attemptFailed(_, _, let failure, _): failure.reason
      case _: nil
      }
    }
  }

  // MARK: Tolerate

  @Test func `a refusal for a reason that is tolerated ends the step, and the run goes on`() throws
  {
    var world = try Self.world(
      """
      steps:
        - { id: s, call: anonymous, tolerate: [device.name_taken], rescue: [{ call: unsafe }] }
        - { id: t, call: read }
      """ + Self.ending)
    world.reply = Self.commands([Self.taken])
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(result.outputs == ["end": "tolerated"])
    #expect(world.outcomes == ["s tolerated", "t succeeded"])
    #expect(Self.reasons(world) == ["device.name_taken"])
  }

  @Test(arguments: [
    #"{"errors":{"name":["device.name_taken"]}}"#, #"{"message":"device.name_taken"}"#,
    #""device.name_taken""#, "device.name_taken", #"["device.name_taken"]"#,
    #"{"violations":[{"propertyPath":"name","message":"device.name_taken"}],"title":"Invalid"}"#,
  ])
  func `the reason of an HTTP refusal is the only one that its body gives`(_ body: String) throws {
    var world = try Self.world(
      "steps: [{ id: s, call: unsafe, tolerate: [device.name_taken] }]" + Self.ending)
    world.reply = { what, _, _ in what == "POST /unsafe" ? .answer(422, body) : nil }
    #expect(try world.run().outputs == ["end": "tolerated"])
  }

  @Test(arguments: [
    (409, #"{"errors":{"name":["device.name_taken","device.too_many"]}}"#),
    (422, #"{"message":"device.too_many"}"#), (500, #"{"message":"device.name_taken"}"#),
  ])
  func `another refusal fails the step`(_ status: Int, _ body: String) throws {
    var world = try Self.world(
      """
      steps:
        - id: s
          call: harmless
          tolerate: [device.name_taken]
          retry: { attempts: 1 }
      """)
    world.reply = { what, _, _ in what == "POST /harmless" ? .answer(status, body) : nil }
    #expect(try world.run().outcome == .failed)
  }

  @Test func `nothing is tolerated while a repeat may be refused for what the first request did`()
    throws
  {
    var world = try Self.world(
      """
      steps: [{ id: s, call: add, with: { name: x }, tolerate: [name_taken] }]
      """ + Self.ending)
    world.reply = { what, count, _ in
      switch what {
      case "POST /add" where count == 1: .failure(.broken, mayHaveBeenSent: true)
      case "POST /add": .answer(422, #"{"message":"name_taken"}"#)
      // It shows late that the first request made it.
      case "GET /items?page=1", "GET /items": .ok(count < 20 ? "[]" : #"[{"name":"x","id":"7"}]"#)
      case _: nil
      }
    }
    let result = try world.run()
    #expect(world.count("POST /add") == 2)
    #expect(result.outputs == ["end": "succeeded"])
  }

  @Test(arguments: [
    (World.Reply.failure(.broken, mayHaveBeenSent: true), "failed"), (.answer(500, "{}"), "failed"),
    (.failure(.unreachable, mayHaveBeenSent: false), "tolerated"),
    (.answer(429, "{}"), "tolerated"),
  ])
  func `nothing is tolerated after an attempt that may have done it`(
    _ first: World.Reply, _ outcome: String
  ) throws {
    var world = try Self.world(
      """
      steps:
        - id: s
          call: add
          with: { name: x }
          in-doubt: repeat
          tolerate: [name_taken]
      """)
    world.reply = { what, count, _ in
      switch what {
      case "POST /add" where count == 1: first
      case "POST /add": .answer(422, #"{"message":"name_taken"}"#)
      // No read says whether the first request made it.
      case _ where what.hasPrefix("GET /items"): .answer(500, "{}")
      case _: nil
      }
    }
    let result = try world.run()
    #expect(world.count("POST /add") == 2)
    #expect(world.outcomes == ["s \(outcome)"])
    #expect(result.outcome == (outcome == "failed" ? .failed : .succeeded))
  }

  @Test func `what a step reads before it acts is refused, and that is not tolerated`() throws {
    var world = try Self.world(
      """
      steps:
        - { id: s, call: build, with: { name: x, size: 1 }, ensure: present, tolerate: [refused] }
      """)
    world.reply = { what, _, _ in
      what.hasPrefix("GET /things") ? .answer(403, #"{"message":"refused"}"#) : nil
    }
    #expect(try world.run().outcome == .failed)
    #expect(world.count("POST /build") == 0)
  }

  @Test func `an ensured call reads before its refusal is tolerated`() throws {
    for things in [[], [Thing(id: "7", name: "x", size: 1)]] {
      var world = try Self.world(
        """
        steps:
          - { id: s, call: build, with: { name: x, size: 1 }, ensure: present, tolerate: [refused] }
        """ + Self.ending)
      let service = ThingService()
      service.refuses = ["build"]
      world.reply = { what, count, body in
        if what == "POST /build" { things.forEach(service.add) }
        return service.reply(what, count, body)
      }
      #expect(
        try world.run().outputs == ["end": .string(things.isEmpty ? "tolerated" : "unchanged")])
    }
  }

  // MARK: Retry

  private static let retry =
    "retry: { attempts: 3, backoff: 1s, on: [rejected(device.name_taken)] }"

  @Test func `a refusal for a reason under retry is tried again`() throws {
    var world = try Self.world("steps: [{ id: s, call: anonymous, \(Self.retry) }]" + Self.ending)
    world.reply = Self.commands([Self.taken, Self.taken, Self.done])
    #expect(try world.run().outputs == ["end": "succeeded"])
    #expect(world.count("POST /anonymous") == 3)
    // That the same is not tried again would be wrong here.
    let hints = world.events.compactMap { event in
      if case .attemptFailed(_, _, let failure, _) = event.kind { failure.hint } else { nil }
    }
    #expect(hints == [])
  }

  @Test func `one that stays says what to change, and nothing of further attempts`() throws {
    var world = try Self.world("steps: [{ id: s, call: anonymous, \(Self.retry) }]")
    world.reply = Self.commands([Self.taken, Self.taken, Self.taken])
    let hint = try world.run().failure?.hint
    #expect(hint == "change the input, or what it refers to at the service")
    #expect(world.count("POST /anonymous") == 3)
  }

  @Test func `one for another reason is not`() throws {
    var world = try Self.world("steps: [{ id: s, call: anonymous, \(Self.retry) }]")
    world.reply = Self.commands([#"["rejected","device.too_many"]"#])
    #expect(try world.run().outcome == .failed)
    #expect(world.count("POST /anonymous") == 1)
  }

  @Test func `attempts come first, and what is tolerated then`() throws {
    var world = try Self.world(
      "steps: [{ id: s, call: anonymous, \(Self.retry), tolerate: [device.name_taken] }]"
        + Self.ending)
    world.reply = Self.commands([Self.taken])
    #expect(try world.run().outputs == ["end": "tolerated"])
    #expect(world.count("POST /anonymous") == 3)
  }

  @Test func `an HTTP refusal for the reason is tried again as well`() throws {
    var world = try Self.world("steps: [{ id: s, call: unsafe, \(Self.retry) }]" + Self.ending)
    world.reply = { what, count, _ in
      what == "POST /unsafe" && count == 1 ? .answer(409, #"{"message":"device.name_taken"}"#) : nil
    }
    #expect(try world.run().outputs == ["end": "succeeded"])
  }

  private static let group = """
    steps:
      - id: s
        \(retry)
        steps: [{ id: a, call: unsafe }, { id: b, call: anonymous }]
    """

  @Test func `a group around it is tried again, and does nothing twice`() throws {
    var world = try Self.world(Self.group + Self.ending)
    world.reply = Self.commands([Self.taken, Self.done])
    #expect(try world.run().outputs == ["end": "succeeded"])
    #expect(world.count("POST /unsafe") == 1)
    #expect(world.count("POST /anonymous") == 2)
  }

  @Test(arguments: [group, "steps: [{ id: s, call: anonymous, \(retry), tolerate: [nothing] }]"])
  func `after any interruption the same happens`(_ steps: String) throws {
    for milliseconds in Array(1...12) + [1005, 1007, 1010] {
      var world = try Self.world(steps + Self.ending)
      let reply = Self.commands([Self.taken, Self.done])
      world.reply = reply
      world.schedule(.restart, at: .milliseconds(milliseconds))
      let result = try world.run()
      guard result.outcome != .inDoubt else { continue }
      #expect(result.outputs == ["end": "succeeded"], "after \(milliseconds) ms")
    }
  }

  // MARK: What is recorded

  @Test func `a rescue knows the reason`() throws {
    var world = try Self.world(
      """
      steps:
        - id: s
          call: anonymous
          rescue:
            - { call: harmless, when: error.reason == 'device.name_taken', with: { value: "${{ error.reason }}" } }
        - { id: t, call: unsafe, rescue: [{ name: "because of ${{ error.reason }}", assert: error.reason == '' }] }
      """)
    let commands = Self.commands([Self.taken])
    world.reply = { what, count, body in
      what == "POST /unsafe" ? .answer(422, "{}") : commands(what, count, body)
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(
      world.requests.contains { String(decoding: $0.body, as: UTF8.self).contains("name_taken") })
  }

  @Test func `a text that is no key is a reason only where it is named`() throws {
    for tolerated in ["The name is taken", "another"] {
      var world = try Self.world(
        "steps: [{ id: s, call: anonymous, tolerate: [\(tolerated)], rescue: [{ call: read }] }]")
      world.reply = Self.commands([#"["rejected","The name is taken"]"#])
      try world.run()
      #expect(Self.reasons(world) == (tolerated == "another" ? [] : ["The name is taken"]))
    }
  }

  @Test func `what holds a secret is no reason`() throws {
    var world = try Self.world(
      """
      inputs: { hidden: { type: secret } }
      steps: [{ id: s, call: anonymous, with: { value: "${{ inputs.hidden }}" } }]
      """, inputs: ["hidden": .secret(text: "planted.secret")])
    world.reply = Self.commands([#"["rejected","planted.secret"]"#])
    #expect(try world.run().outcome == .failed)
    #expect(Self.reasons(world) == [])
  }

  @Test func `a reason that is named counts although the response is hidden`() throws {
    var world = try World(
      try PlannedText.plan(
        """
        inputs: { short: { type: secret } }
        session: { username: u, password: "${{ inputs.short }}" }
        steps: [{ id: s, call: unsafe, tolerate: [device.name_taken] }]
        """ + Self.ending, inputs: ["short": .secret(text: "dev")]))
    world.reply = { what, _, _ in
      what == "POST /unsafe" ? .answer(422, #"{"message":"device.name_taken"}"#) : nil
    }
    #expect(try world.run().outputs == ["end": "tolerated"])
    #expect(Self.reasons(world) == ["device.name_taken"])
  }
}

import Events
import Expressions
import Machine
import Operations
import Planning
import Playbooks
import Running
import Testing

/// Calls that read first and do only what differs.
@Suite("Ensured calls")
struct EnsureTests {
  private static func world(_ steps: String, _ service: ThingService) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n"))
    world.reply = service.reply
    return world
  }

  private static let make = "- { id: a, call: build, with: { name: x, size: 1 }, ensure: present }"

  private static func result(of id: String, in world: World) -> StepResult? {
    for event in world.events.reversed() {
      if case .stepFinished(let path, var result) = event.kind, path.description == id {
        result.observed = nil
        return result
      }
    }
    return nil
  }

  private static func counts(_ kinds: StateChange.Kind...) -> ChangeCounts {
    var counts = ChangeCounts()
    for kind in kinds { counts.add(kind) }
    return counts
  }

  /// The requests that are neither reads nor about sessions.
  private static func writes(_ world: World) -> [String] {
    world.sent.map(\.what).filter { $0.hasPrefix("POST") && $0 != "POST /login" }
  }

  @Test func `what is there as asked is left alone, and gives what was read`() throws {
    let service = ThingService([.init(id: "7", name: "x", size: 1)])
    var world = try Self.world(Self.make, service)
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(Self.writes(world) == [])
    #expect(
      Self.result(of: "a", in: world)
        == StepResult(
          outcome: .unchanged, value: ["receipt": nil, "id": "7"],
          change: StateChange(.unchanged)))
    #expect(result.changes == Self.counts(.unchanged))
  }

  @Test(
    arguments: [
      ([Thing(id: "7", name: "x", size: 1)], "present", ["size": 1]),
      ([Thing(id: "7", name: "x", size: 4)], "present", ["size": 1]),
      ([], "present", ["size": 1]),
      ([Thing(id: "7", name: "x", size: 4)], "absent", nil),
    ] as [([Thing], String, ValueMap?)])
  func `a step records how it left its thing`(
    _ things: [Thing], _ state: String, _ fields: ValueMap?
  ) throws {
    var world = try Self.world(
      "- { id: a, call: build, with: { name: x, size: 1 }, ensure: \(state) }",
      ThingService(things))
    #expect(try world.run().outcome == .succeeded)
    let observed = world.events.compactMap { event in
      if case .stepFinished(_, let result) = event.kind { result.observed } else { nil }
    }
    #expect(observed == [ObservedThing(identity: ["name": "x"], fields: fields)])
  }

  @Test func `what is missing is made, and read until it shows`() throws {
    let service = ThingService(lag: 3)
    var world = try Self.world(Self.make, service)
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(Self.writes(world) == ["POST /build"])
    #expect(
      Self.result(of: "a", in: world)
        == StepResult(
          outcome: .succeeded, value: ["receipt": "r", "id": "1"], change: StateChange(.create)))
    #expect(result.changes == Self.counts(.create))
  }

  @Test func `what differs is corrected, field by field`() throws {
    let service = ThingService([.init(id: "7", name: "x", size: 4)])
    var world = try Self.world(Self.make, service)
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.writes(world) == ["POST /resize"])
    #expect(service.things == [.init(id: "7", name: "x", size: 1)])
    let change = StateChange(
      .change, differences: [Lookup.Difference(field: "size", asked: 1, found: 4)])
    #expect(
      Self.result(of: "a", in: world)
        == StepResult(outcome: .succeeded, value: ["receipt": nil, "id": "7"], change: change))
  }

  @Test(arguments: [
    ("fail", Outcome.failed, [String]()), ("warn", .succeeded, []),
    ("recreate", .succeeded, ["POST /drop", "POST /fixed"]),
  ])
  func `what differs and cannot be corrected is drift`(
    _ choice: String, _ outcome: Outcome, _ writes: [String]
  ) throws {
    let service = ThingService([.init(id: "7", name: "x", size: 4)])
    let step = "- { id: a, call: fixed, with: { name: x, size: 1 }, ensure: present"
    var world = try Self.world("\(step), on-drift: \(choice) }", service)
    let result = try world.run()
    #expect(result.outcome == outcome)
    #expect(Self.writes(world) == writes)
    if outcome == .failed {
      #expect(
        result.failure?.message
          == "it differs, and the API cannot correct that: size: 4 (asked: 1)"
      )
    }
    if choice == "warn" { #expect(result.changes == Self.counts(.drift)) }
    if choice == "recreate" { #expect(service.things == [.init(id: "1", name: "x", size: 1)]) }
  }

  @Test func `several of one name are an error`() throws {
    let both = [Thing(id: "7", name: "x"), Thing(id: "8", name: "x")]
    var world = try Self.world(
      "- { id: a, call: twin, with: { name: x }, ensure: present }", ThingService(both))
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.message == "there are 2 whose `name` is x: 7 and 8")
  }

  @Test func `what others may have made a moment ago is missed twice before it is made`() throws {
    let service = ThingService(lag: 0)
    var world = try Self.world(
      "- { id: a, call: twin, with: { name: x }, ensure: present }", service)
    world.schedule(.probe { _ in service.add(Thing(id: "7", name: "x")) }, at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.writes(world) == [])
    #expect(Self.result(of: "a", in: world)?.value == ["id": "7"])
  }

  @Test(arguments: [(Duration.seconds(10), [String]()), (.zero, ["POST /build"])])
  func `what an earlier run made a moment before is looked for until it may show`(
    _ unsettled: Duration, _ writes: [String]
  ) throws {
    let service = ThingService()
    var settings = RunSettings()
    settings.lookups.unsettled = unsettled
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n  \(Self.make)\n"),
      settings: settings)
    world.reply = service.reply
    world.schedule(
      .probe { _ in service.add(Thing(id: "7", name: "x", size: 1)) }, at: .seconds(5))
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.writes(world) == writes)
  }

  @Test func `a second one that shows beside what was made is reported`() throws {
    let service = ThingService()
    service.alsoMakes = Thing(id: "9", name: "x")
    var world = try Self.world(
      "- { id: a, call: twin, with: { name: x }, ensure: present }", service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(
      result.failure?.message
        == "there are 2 whose `name` is x: 9 and 1; another was created at the same time")
    #expect(Self.writes(world) == ["POST /twin"])
  }

  @Test func `what is refused because somebody else did it counts as there`() throws {
    let service = ThingService()
    service.refuses = ["build"]
    service.alsoMakes = Thing(id: "9", name: "x", size: 1)
    var world = try Self.world(Self.make, service)
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.result(of: "a", in: world)?.outcome == .unchanged)
    #expect(Self.result(of: "a", in: world)?.value == ["receipt": nil, "id": "9"])
  }

  @Test func `a refusal stands where it does not show`() throws {
    let service = ThingService()
    service.refuses = ["build"]
    var world = try Self.world(Self.make, service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .invalid)
    #expect(
      result.failure?.hint == "`things` does not show it as asked: it may exist with other values")
    #expect(Self.writes(world) == ["POST /build"])
  }

  @Test(arguments: [
    (
      409, "username taken",
      "the profile exists and has another password (HTTP 409: username taken)",
      "give the password of the profile, or another username"
    ),
    (
      422, "no", "HTTP 422: no",
      "the profile may exist with another password: give that, or another username"
    ),
  ])
  func `a refused registration says that the profile may have another password`(
    _ status: Int, _ reason: String, _ message: String, _ hint: String
  ) throws {
    var world = try Self.world(
      "- { id: a, call: sign-up, with: { username: u, password: p-of-u-2 }, session: none, "
        + "ensure: present }", ThingService())
    world.reply = { what, _, _ in
      switch what {
      case "POST /login": .answer(401, "{}")
      case "POST /sign-up": .answer(status, #"{"message":"\#(reason)"}"#)
      case _: nil
      }
    }
    let result = try world.run()
    #expect(result.failure?.message == message)
    #expect(result.failure?.hint == hint)
  }

  @Test func `a state is set where it is not held, and not otherwise`() throws {
    let step = "- { id: a, call: allow, with: { id: '7' }, ensure: present }"
    let service = ThingService([.init(id: "7", name: "x", state: "off")])
    var world = try Self.world(step, service)
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.writes(world) == ["POST /allow"])
    var again = try Self.world(step, service)
    #expect(try again.run().outcome == .succeeded)
    #expect(Self.writes(again) == [])
    var other = try Self.world(step, ThingService())
    let failure = try #require(try other.run().failure)
    #expect(failure.message == "`things` shows none whose `id` is 7")
    #expect(failure.hint == "correct `id`, or create it in an earlier step")
  }

  @Test func `what is not there is not set, and missed twice before the step fails`() throws {
    let step = "- { id: a, call: mark, with: { id: '7', size: 2 }, ensure: present }"
    var world = try Self.world(step, ThingService([.init(id: "8", name: "x")]))
    #expect(try world.run().failure?.message == "`things` shows none whose `id` is 7")
    #expect(Self.writes(world) == [])
    #expect(world.sent.filter { $0.what == "GET /things" }.count == 2)
    // The list shows what it was a read before.
    let service = ThingService(lag: 1)
    var late = try Self.world(
      "- { call: things }\n- { call: build, with: { name: x, size: 1 } }\n"
        + step.replacing("'7'", with: "'1'"), service)
    #expect(try late.run().outcome == .succeeded)
    #expect(service.things.map(\.size) == [2])
  }

  @Test func `what may be another than its identity says is set although it does not show`() throws
  {
    let step = "- { id: a, call: mark, with: { id: '7', name: y, size: 2 }, ensure: present }"
    var world = try Self.world(step, ThingService())
    _ = try world.run()
    #expect(Self.writes(world).first == "POST /mark")
  }

  @Test(arguments: [
    ("build", "name: x", ["POST /allow-no-more", "POST /drop"]),
    ("drop", "id: '7'", ["POST /drop"]),
  ])
  func `what is to be gone is removed, and what is gone is left alone`(
    _ operation: String, _ field: String, _ writes: [String]
  ) throws {
    let step = "- { id: a, call: \(operation), with: { \(field) }, ensure: absent }"
    let service = ThingService([.init(id: "7", name: "x")], lag: 2)
    var world = try Self.world(step, service)
    #expect(try world.run().changes == Self.counts(.remove))
    #expect(Self.writes(world) == writes)
    #expect(service.things == [])
    var again = try Self.world(step, service)
    #expect(try again.run().changes == Self.counts(.unchanged))
    #expect(Self.writes(again) == [])
  }

  @Test func `what goes before the thing itself may be refused`() throws {
    let service = ThingService([.init(id: "7", name: "x")])
    service.refuses = ["allow-no-more"]
    var world = try Self.world(
      "- { id: a, call: build, with: { name: x }, ensure: absent }", service)
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things == [])
  }

  @Test func `what was made and never shows is not made again`() throws {
    let service = ThingService(lag: 100_000)
    var world = try Self.world(
      """
      - id: g
        retry: { attempts: 3, backoff: 1s, on: [timeout, network, expectation] }
        steps:
        - { id: a, call: build, with: { name: x, size: 1 }, ensure: present }
      """, service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(
      result.failure?.message
        == "the service accepted it, but `things` does not show it within 30s")
    #expect(Self.writes(world) == ["POST /build"])
  }

  @Test(arguments: 1...40)
  func `wherever the process ends, one is made and shows`(_ milliseconds: Int) throws {
    let service = ThingService(lag: 2)
    var world = try Self.world(Self.make, service)
    world.schedule(.restart, at: .milliseconds(milliseconds * 2 - 1))
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(service.things == [.init(id: "1", name: "x", size: 1)])
    #expect(Self.writes(world).count == 1)
    // The response to a request that was in flight is lost, and what it said with it.
    let results: [Value] = [["receipt": "r", "id": "1"], ["receipt": nil, "id": "1"]]
    #expect(Self.result(of: "a", in: world).map { results.contains($0.value) } ?? false)
    #expect(result.changes == Self.counts(.create))
  }

  @Test func `a lost response is looked up, and one is made`() throws {
    let service = ThingService(lag: 4)
    service.losesFirst = ["build"]
    var world = try Self.world(Self.make, service)
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(Self.writes(world) == ["POST /build"])
    #expect(Self.result(of: "a", in: world)?.value == ["receipt": nil, "id": "1"])
    #expect(result.changes == Self.counts(.create))
  }

  private static let twin = "- { id: a, call: twin, with: { name: x }, ensure: present }"

  @Test(arguments: [0, 4])
  func `what is found after a lost response is the one that the step did not read before`(
    _ lag: Int
  ) throws {
    let service = ThingService([.init(id: "7", name: "y")], lag: lag)
    service.losesFirst = ["twin"]
    var world = try Self.world(Self.twin, service)
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(Self.writes(world) == ["POST /twin"])
    #expect(
      Self.result(of: "a", in: world)
        == StepResult(outcome: .succeeded, value: ["id": "1"], change: StateChange(.create)))
  }

  @Test(arguments: 0..<10)
  func `one of a name that is not unique is made wherever the process ends`(
    _ number: Int
  ) throws {
    let service = ThingService(lag: 2)
    var world = try Self.world(Self.twin, service)
    world.schedule(.restart, at: .milliseconds(2001 + number * 6))
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(service.things == [.init(id: "1", name: "x")])
    #expect(Self.writes(world) == ["POST /twin"])
    #expect(result.changes == Self.counts(.create))
  }

  @Test func `what another step may have made at the same time is no proof`() throws {
    let service = ThingService()
    var world = try Self.world(
      """
      - id: p
        parallel:
          left: [{ id: a, call: twin, with: { name: x }, ensure: present }]
          right: [{ id: b, call: twin, with: { name: x } }]
      """, service)
    world.reply = { what, count, body in
      guard what == "POST /twin" else { return service.reply(what, count, body) }
      if count == 2 { _ = service.reply(what, count, body) }
      return count == 2 ? .failure(.broken, mayHaveBeenSent: true) : .silence
    }
    #expect(try world.run().outcome == .inDoubt)
    #expect(
      Self.result(of: "p.left/a", in: world)?.failure?.message
        == "cut; `things` finds one that fits and may be older than the request")
  }

  @Test func `a request that did not arrive is sent again`() throws {
    let service = ThingService()
    service.dropsFirst = ["build"]
    var world = try Self.world(Self.make, service)
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.writes(world) == ["POST /build", "POST /build"])
    #expect(service.things == [.init(id: "1", name: "x", size: 1)])
  }
}

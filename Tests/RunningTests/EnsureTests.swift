import Events
import Expressions
import Machine
import Operations
import Planning
import Playbooks
import Running
import Synchronization
import Testing

/// Calls that read first and do only what differs.
@Suite("Ensured calls")
struct EnsureTests {
  private static func world(_ steps: String, _ service: Service) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n"))
    world.reply = service.reply
    return world
  }

  private static let make = "- { id: a, call: build, with: { name: x, size: 1 }, ensure: present }"

  private static func result(of id: String, in world: World) -> StepResult? {
    for event in world.events.reversed() {
      if case .stepFinished(let path, let result) = event.kind, path.description == id {
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
    let service = Service([.init(id: "7", name: "x", size: 1)])
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

  @Test func `what is missing is made, and read until it shows`() throws {
    let service = Service(lag: 3)
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
    let service = Service([.init(id: "7", name: "x", size: 4)])
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
    let service = Service([.init(id: "7", name: "x", size: 4)])
    let step = "- { id: a, call: fixed, with: { name: x, size: 1 }, ensure: present"
    var world = try Self.world("\(step), on-drift: \(choice) }", service)
    let result = try world.run()
    #expect(result.outcome == outcome)
    #expect(Self.writes(world) == writes)
    if outcome == .failed {
      #expect(
        result.failure?.message
          == "it is there and differs, and the API cannot correct that: `size` is 4, and 1 is asked"
      )
    }
    if choice == "warn" { #expect(result.changes == Self.counts(.drift)) }
    if choice == "recreate" { #expect(service.things == [.init(id: "1", name: "x", size: 1)]) }
  }

  @Test func `several of one name are an error unless the newest is meant`() throws {
    let both = [Thing(id: "7", name: "x"), Thing(id: "8", name: "x")]
    var world = try Self.world(
      "- { id: a, call: twin, with: { name: x }, ensure: present }", Service(both))
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.message == "there are 2 of the same `name`")
    var other = try Self.world(
      "- { id: a, call: twin, with: { name: x }, ensure: present, match: newest }", Service(both))
    #expect(try other.run().outcome == .succeeded)
    #expect(Self.result(of: "a", in: other)?.value == ["id": "8"])
  }

  @Test func `what others may have made a moment ago is missed twice before it is made`() throws {
    let service = Service(lag: 0)
    var world = try Self.world(
      "- { id: a, call: twin, with: { name: x }, ensure: present }", service)
    world.schedule(.probe { _ in service.add(Thing(id: "7", name: "x")) }, at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.writes(world) == [])
    #expect(Self.result(of: "a", in: world)?.value == ["id": "7"])
  }

  @Test func `a second one that shows beside what was made is reported`() throws {
    let service = Service()
    service.alsoMakes = Thing(id: "9", name: "x")
    var world = try Self.world(
      "- { id: a, call: twin, with: { name: x }, ensure: present }", service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(
      result.failure?.message
        == "there are 2 now: another of that name was created at the same time")
    #expect(Self.writes(world) == ["POST /twin"])
  }

  @Test func `what is refused because somebody else did it counts as there`() throws {
    let service = Service()
    service.refuses = ["build"]
    service.alsoMakes = Thing(id: "9", name: "x", size: 1)
    var world = try Self.world(Self.make, service)
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.result(of: "a", in: world)?.outcome == .unchanged)
    #expect(Self.result(of: "a", in: world)?.value == ["receipt": nil, "id": "9"])
  }

  @Test func `a refusal stands where it does not show`() throws {
    let service = Service()
    service.refuses = ["build"]
    var world = try Self.world(Self.make, service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .invalid)
    #expect(
      result.failure?.hint == "`things` does not show it as asked: it may exist with other values")
    #expect(Self.writes(world) == ["POST /build"])
  }

  @Test func `a state is set where it is not held, and not otherwise`() throws {
    let step = "- { id: a, call: allow, with: { id: '7' }, ensure: present }"
    let service = Service([.init(id: "7", name: "x", state: "off")])
    var world = try Self.world(step, service)
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.writes(world) == ["POST /allow"])
    var again = try Self.world(step, service)
    #expect(try again.run().outcome == .succeeded)
    #expect(Self.writes(again) == [])
    var other = try Self.world(step, Service())
    #expect(try other.run().failure?.message == "`things` shows no such thing")
  }

  @Test(arguments: [
    ("build", "name: x", ["POST /allow-no-more", "POST /drop"]),
    ("drop", "id: '7'", ["POST /drop"]),
  ])
  func `what is to be gone is removed, and what is gone is left alone`(
    _ operation: String, _ field: String, _ writes: [String]
  ) throws {
    let step = "- { id: a, call: \(operation), with: { \(field) }, ensure: absent }"
    let service = Service([.init(id: "7", name: "x")], lag: 2)
    var world = try Self.world(step, service)
    #expect(try world.run().changes == Self.counts(.remove))
    #expect(Self.writes(world) == writes)
    #expect(service.things == [])
    var again = try Self.world(step, service)
    #expect(try again.run().changes == Self.counts(.unchanged))
    #expect(Self.writes(again) == [])
  }

  @Test func `what goes before the thing itself may be refused`() throws {
    let service = Service([.init(id: "7", name: "x")])
    service.refuses = ["allow-no-more"]
    var world = try Self.world(
      "- { id: a, call: build, with: { name: x }, ensure: absent }", service)
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things == [])
  }

  @Test func `what was made and never shows is not made again`() throws {
    let service = Service(lag: 100_000)
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
    let service = Service(lag: 2)
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
    let service = Service(lag: 4)
    service.losesFirst = ["build"]
    var world = try Self.world(Self.make, service)
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(Self.writes(world) == ["POST /build"])
    #expect(Self.result(of: "a", in: world)?.value == ["receipt": nil, "id": "1"])
    #expect(result.changes == Self.counts(.create))
  }

  @Test func `a request that did not arrive is sent again`() throws {
    let service = Service()
    service.dropsFirst = ["build"]
    var world = try Self.world(Self.make, service)
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.writes(world) == ["POST /build", "POST /build"])
    #expect(service.things == [.init(id: "1", name: "x", size: 1)])
  }
}

/// A thing of the scripted service.
private struct Thing: Hashable {
  var id: String
  var name: String
  var size: Int64 = 0
  var state = "on"
}

/// A service that keeps things in a list, which shows what it was so many reads before.
private final class Service: Sendable {
  fileprivate struct State {
    var things: [Thing]
    var shown: [[Thing]] = []
    var lag: Int
    var refuses: Set<String> = []
    var losesFirst: Set<String> = []
    var dropsFirst: Set<String> = []
    var alsoMakes: Thing?
    var nextID = 1
  }

  private let state: Mutex<State>

  init(_ things: [Thing] = [], lag: Int = 0) {
    state = Mutex(State(things: things, lag: lag))
  }

  var things: [Thing] { state.withLock { $0.things } }
  var refuses: Set<String> {
    get { state.withLock { $0.refuses } }
    set { state.withLock { $0.refuses = newValue } }
  }
  var losesFirst: Set<String> {
    get { state.withLock { $0.losesFirst } }
    set { state.withLock { $0.losesFirst = newValue } }
  }
  var dropsFirst: Set<String> {
    get { state.withLock { $0.dropsFirst } }
    set { state.withLock { $0.dropsFirst = newValue } }
  }
  var alsoMakes: Thing? {
    get { state.withLock { $0.alsoMakes } }
    set { state.withLock { $0.alsoMakes = newValue } }
  }

  func add(_ thing: Thing) { state.withLock { $0.things.append(thing) } }

  /// The answer to a request such as `POST /build`.
  func reply(_ what: String, _ count: Int, _ body: String) -> World.Reply? {
    state.withLock { $0.reply(what, count, body) }
  }
}

extension Service.State {
  fileprivate mutating func reply(_ what: String, _ count: Int, _ body: String) -> World.Reply? {
    if what == "GET /things" { return .ok(listing(), after: .milliseconds(10)) }
    guard what.hasPrefix("POST /"), what != "POST /login" else { return nil }
    let operation = String(what.dropFirst(6))
    if dropsFirst.contains(operation), count == 1 {
      return .failure(.broken, mayHaveBeenSent: true)
    }
    if let other = alsoMakes {
      things.append(other)
      alsoMakes = nil
    }
    if refuses.contains(operation) { return .answer(422, #"{"message":"refused"}"#) }
    guard let fields = try? JSON.parse(Array(body.utf8)), case .map(let fields) = fields else {
      return nil
    }
    act(operation, fields)
    if losesFirst.contains(operation), count == 1 {
      return .failure(.broken, mayHaveBeenSent: true)
    }
    return .ok(#"{"receipt":"r"}"#, after: .milliseconds(10))
  }

  private mutating func act(_ operation: String, _ fields: ValueMap) {
    let id = fields["id"]?.displayText
    switch operation {
    case "build", "twin", "fixed":
      var thing = Thing(id: "\(nextID)", name: fields["name"]?.displayText ?? "")
      if case .int(let size)? = fields["size"] { thing.size = size }
      nextID += 1
      things.append(thing)
    case "resize", "allow":
      for index in things.indices where things[index].id == id {
        if case .int(let size)? = fields["size"] { things[index].size = size }
        if operation == "allow" { things[index].state = "on" }
      }
    case "drop": things.removeAll { $0.id == id }
    case _: break
    }
  }

  private mutating func listing() -> String {
    shown.append(things)
    let seen = lag < shown.count ? shown[shown.count - 1 - lag] : shown[0]
    let rows = seen.map { thing in
      #"{"name":"\#(thing.name)","id":"\#(thing.id)","size":\#(thing.size),"state":"\#(thing.state)"}"#
    }
    return "[\(rows.joined(separator: ","))]"
  }
}

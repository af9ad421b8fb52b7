import Events
import Expressions
import Machine
import Planning
import Testing

/// Steps of one run that make sure of the same thing.
@Suite("Ensured calls about the same thing")
struct EnsureTurnTests {
  private static func world(_ steps: String, _ service: ThingService) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)\n" }.joined()
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)"))
    world.reply = service.reply
    return world
  }

  private static func step(_ id: String, _ call: String = "twin", _ more: String = "") -> String {
    "{ id: \(id), call: \(call), with: { name: x }, ensure: present\(more) }"
  }

  private static let rounds = """
    - id: l
      for-each: [1, 2, 3]
      as: number
      concurrency: 3
      steps: [\(step("a"))]
    """

  /// The kinds of changes of the steps, in the order of their ends.
  private static func changes(_ world: World) -> [StateChange.Kind] {
    world.events.compactMap { event in
      if case .stepFinished(_, let result) = event.kind { result.change?.kind } else { nil }
    }
  }

  /// Which steps wait for which.
  private static func waits(_ world: World) -> [String] {
    world.events.compactMap { event in
      if case .stepWaiting(let path, .step(let other)) = event.kind {
        "\(path) \(other)"
      } else {
        nil
      }
    }
  }

  @Test func `rounds take turns, and those that follow find what the first one made`() throws {
    let service = ThingService()
    var world = try Self.world(Self.rounds, service)
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things == [Thing(id: "1", name: "x")])
    #expect(Self.changes(world) == [.create, .unchanged, .unchanged])
    #expect(
      Self.waits(world) == ["l[1]/a l[0]/a", "l[2]/a l[0]/a", "l[2]/a l[1]/a"])
  }

  @Test(arguments: 0..<24)
  func `an interruption changes nothing of that`(_ number: Int) throws {
    let service = ThingService()
    var world = try Self.world(Self.rounds, service)
    world.schedule(.restart, at: .milliseconds(number < 12 ? number * 2 : 1980 + number * 4))
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things == [Thing(id: "1", name: "x")])
    #expect(Set(Self.changes(world)) == [.create, .unchanged])
  }

  @Test func `a step that was to wait makes it when the one before it fails`() throws {
    let service = ThingService()
    var world = try Self.world(
      """
      - id: p
        parallel:
          left: [\(Self.step("a", "twin", ", rescue: [{ wait: 1s }]"))]
          right: [\(Self.step("b", "twin", ", timeout: 4s"))]
      """, service)
    world.reply = { what, count, body in
      what == "POST /twin" && count == 1
        ? .answer(422, "{}", after: .seconds(30)) : service.reply(what, count, body)
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.waits(world) == ["p.right/b p.left/a"])
    #expect(service.things == [Thing(id: "1", name: "x")])
    #expect(Self.changes(world) == [.create])
  }

  private static let others: [String] = [
    "{ id: b, call: twin, with: { name: y }, ensure: present }",
    "{ id: b, call: twin, with: { name: x }, ensure: present, "
      + "session: { username: v, password: p-of-v-1 } }",
    "{ id: b, call: twin, with: { name: x } }",
  ]

  @Test(arguments: others)
  func `other things, those of others and plain calls are not waited for`(
    _ other: String
  ) throws {
    let left = Self.step("a")
    var world = try Self.world(
      "- { id: p, parallel: { left: [\(left)], right: [\(other)] } }", ThingService())
    _ = try world.run()
    #expect(Self.waits(world) == [])
  }

  @Test func `a step that waits can be cancelled, and no other waits for it then`() throws {
    let service = ThingService()
    var world = try Self.world(Self.rounds, service)
    world.schedule(.input(.cancel), at: .milliseconds(1000))
    #expect(try world.run().outcome == .cancelled)
    #expect(service.things == [])
  }
}

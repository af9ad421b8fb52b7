import Events
import Expressions
import Machine
import Planning
import Playbooks
import Testing

/// Ensured calls that act on one of several things of a name.
@Suite("Ensured calls about one of several")
struct EnsureChoiceTests {
  private static let twins = [Thing(id: "7", name: "x", size: 1), Thing(id: "8", name: "x")]

  private static func world(
    _ steps: String, _ service: ThingService, _ guidance: Guidance = Guidance()
  ) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)\n" }.joined()
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)"),
      guidedBy: guidance)
    world.reply = service.reply
    return world
  }

  private static func step(_ id: String, _ more: String) -> String {
    "- { id: \(id), call: kin, with: { name: x, size: 1 }, match: newest, \(more) }"
  }

  private static func results(_ world: World) -> [StepResult] {
    world.events.compactMap { event in
      if case .stepFinished(_, let result) = event.kind { result } else { nil }
    }
  }

  private static func counts(_ kinds: StateChange.Kind...) -> ChangeCounts {
    var counts = ChangeCounts()
    for kind in kinds { counts.add(kind) }
    return counts
  }

  @Test func `the newest of several is left as it is, and that there are more is said`() throws {
    let service = ThingService([
      Thing(id: "7", name: "x"), Thing(id: "8", name: "x", size: 1),
    ])
    var world = try Self.world(Self.step("a", "ensure: present"), service)
    #expect(try world.run().outcome == .succeeded)
    #expect(
      Self.results(world).map(\.change)
        == [StateChange(.unchanged, reason: "it is the newest of 2")])
  }

  @Test(arguments: [0, 2])
  func `the one that was removed is waited for, and not the other of its name`(_ lag: Int) throws {
    let service = ThingService(Self.twins, lag: lag)
    var world = try Self.world(Self.step("a", "ensure: absent"), service)
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(result.changes == Self.counts(.remove))
    #expect(service.things == [Self.twins[0]])
    // That nothing of the name is left would be false.
    #expect(Self.results(world).map(\.observed) == [nil])
  }

  @Test(arguments: 0..<15)
  func `one is removed wherever the process ends`(_ number: Int) throws {
    let service = ThingService(Self.twins, lag: 2)
    var world = try Self.world(Self.step("a", "ensure: absent"), service)
    world.schedule(.restart, at: .milliseconds(number * 4 + 1))
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things == [Self.twins[0]])
  }

  @Test(arguments: [0, 2])
  func `the one that is created again is waited for, and not an older one that is as asked`(
    _ lag: Int
  ) throws {
    let service = ThingService(Self.twins, lag: lag)
    var world = try Self.world(Self.step("a", "ensure: present, on-drift: recreate"), service)
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things == [Self.twins[0], Thing(id: "1", name: "x", size: 1)])
    #expect(Self.results(world).map(\.value) == [["id": "1"]])
  }

  @Test func `a plan does not say that the others are gone`() throws {
    let service = ThingService(Self.twins)
    var world = try Self.world(
      Self.step("a", "ensure: absent") + "\n" + Self.step("b", "ensure: absent"), service,
      Guidance(planning: Planning()))
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.results(world).map { $0.change?.kind } == [.remove, .unknown])
    #expect(service.things == Self.twins)
  }

  @Test func `a step that fails after its request counts as what it did`() throws {
    let service = ThingService(Self.twins, lag: 100_000)
    var world = try Self.world(Self.step("a", "ensure: absent"), service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.changes == Self.counts(.remove))
    #expect(Self.results(world).map { $0.change?.kind } == [.remove])
  }

  @Test func `of a thing that is gone and not there again something was changed`() throws {
    let service = ThingService([Thing(id: "8", name: "x")])
    service.refuses = ["kin"]
    var world = try Self.world(Self.step("a", "ensure: present, on-drift: recreate"), service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.changes == Self.counts(.change))
    #expect(service.things == [])
  }
}

import Events
import Expressions
import Machine
import Operations
import Testing

/// Runs that keep to a saved plan.
@Suite("Runs that keep to a plan")
struct KeptPlanTests {
  private static func world(
    _ steps: String, _ service: ThingService, _ guidance: Guidance = Guidance()
  ) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n"),
      guidedBy: guidance)
    world.reply = service.reply
    return world
  }

  private static let make = "- { id: a, call: build, with: { name: x, size: 1 }, ensure: present }"

  /// The result of a run that keeps to a plan for `before`, and finds `after`.
  private static func run(
    _ steps: String = make, plannedWith before: [Thing], finding after: [Thing]
  ) throws -> (result: RunResult, writes: [String]) {
    var planned = try world(steps, ThingService(before), Guidance(planning: Planning()))
    #expect(try planned.run().outcome == .succeeded)
    #expect(planned.sent.allSatisfy { ["POST /login", "GET /things"].contains($0.what) })
    var world = try world(
      steps, ThingService(after), Guidance(decisions: Decisions(of: planned.events)))
    let result = try world.run()
    return (result, world.sent.map(\.what).filter { $0.hasPrefix("POST") && $0 != "POST /login" })
  }

  private static let old = Thing(id: "7", name: "x", size: 4)
  private static let asked = Thing(id: "7", name: "x", size: 1)

  @Test(arguments: [
    ([], [], ["POST /build"]), ([old], [old], ["POST /resize"]), ([asked], [asked], []),
    // Somebody else did what was planned.
    ([], [asked], []), ([old], [asked], []),
  ])
  func `what was planned is done`(_ before: [Thing], _ after: [Thing], _ writes: [String]) throws {
    let (result, sent) = try Self.run(plannedWith: before, finding: after)
    #expect(result.outcome == .succeeded)
    #expect(sent == writes)
  }

  @Test(arguments: [
    ([asked], [], "the run keeps to a plan, and the plan says `unchanged`, not `create`"),
    ([], [old], "the run keeps to a plan, and the plan says `create`, not `change`"),
    (
      [old], [Thing(id: "7", name: "x", size: 5)],
      "the run keeps to a plan, and it differs in another way than when it was planned"
    ),
  ])
  func `anything else is refused before it is sent`(
    _ before: [Thing], _ after: [Thing], _ message: String
  ) throws {
    let (result, sent) = try Self.run(plannedWith: before, finding: after)
    #expect(result.outcome == .failed)
    #expect(result.failure?.message == message)
    #expect(sent == [])
  }

  @Test func `a command is sent where the plan has it`() throws {
    let (result, sent) = try Self.run(
      "- { id: a, call: order, with: { name: x } }", plannedWith: [], finding: [])
    #expect(result.outcome == .succeeded)
    #expect(sent == ["POST /order"])
  }

  @Test func `a command that the plan skips is refused`() throws {
    let steps = """
      - { id: list, call: things }
      - { id: a, when: "size(steps.list.things) == 0", call: order, with: { name: x } }
      """
    let (result, sent) = try Self.run(steps, plannedWith: [Self.old], finding: [])
    #expect(result.failure?.message == "the run keeps to a plan, and the plan says nothing of it")
    #expect(sent == [])
  }

  private static let each = """
    - { id: list, call: things }
    - id: all
      for-each: "${{ steps.list.things }}"
      as: thing
      steps: [{ id: gone, call: drop, with: { id: "${{ thing.id }}" }, ensure: absent }]
    """
  private static let order = """
    - { id: list, call: things }
    - { id: a, call: order, with: { name: "${{ steps.list.things[0].name }}" } }
    """
  private static let write = """
    - { id: list, call: things }
    - { id: a, call: file.write, with: { path: "${{ steps.list.things[0].name }}", data: d } }
    """

  @Test(arguments: [(each, "id"), (order, "name"), (write, "path")])
  func `a call that would be given something else is refused`(
    _ steps: String, _ field: String
  ) throws {
    let other = Thing(id: "8", name: "y", size: 4)
    let (result, sent) = try Self.run(steps, plannedWith: [Self.old], finding: [other])
    #expect(
      result.failure?.message
        == "the run keeps to a plan, and the plan has another value of `\(field)`")
    #expect(sent == [])
  }

  @Test func `a file that the plan does not write is not written`() throws {
    let steps = """
      - { id: list, call: things }
      - { id: a, when: "size(steps.list.things) == 0", call: file.write, with: { path: p, data: d } }
      """
    let (result, _) = try Self.run(steps, plannedWith: [Self.old], finding: [])
    #expect(result.failure?.message == "the run keeps to a plan, and the plan says nothing of it")
  }
}

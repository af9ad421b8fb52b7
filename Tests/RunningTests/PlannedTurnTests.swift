import Events
import Expressions
import Machine
import Planning
import Playbooks
import Testing

/// Steps of one plan that make sure of the same thing, and what they say of each other.
@Suite("Planned calls about the same thing")
struct PlannedTurnTests {
  private static func plan(
    _ steps: String, _ things: [Thing] = [], _ planning: Planning = Planning()
  ) throws -> [StepResult] {
    let indented = steps.split(separator: "\n").map { "  \($0)\n" }.joined()
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)"),
      guidedBy: Guidance(planning: planning))
    let service = ThingService(things)
    world.reply = service.reply
    #expect(try world.run().outcome == .succeeded)
    #expect(service.things == things)
    return world.events.compactMap { event in
      if case .stepFinished(_, let result) = event.kind { result } else { nil }
    }
  }

  private static func changes(_ results: [StepResult]) -> [StateChange.Kind] {
    results.compactMap { $0.change?.kind }
  }

  private static let rounds = """
    - id: l
      for-each: [x, x, y, x]
      as: name
      concurrency: 4
      steps:
        - { id: a, call: build, with: { name: "${{ name }}", size: 1 }, ensure: present }
        - { id: b, call: allow, with: { id: "${{ steps.a.id }}" }, ensure: present }
    """

  @Test func `rounds of a plan find what the round before them leaves`() throws {
    let kinds = Self.changes(try Self.plan(Self.rounds))
    #expect(kinds.filter { $0 == .create }.count == 2)
    #expect(kinds.filter { $0 == .unchanged }.count >= 2)
    #expect(kinds.count == 8)
  }

  @Test func `rounds that differ from what is there correct it once`() throws {
    let things = [Thing(id: "7", name: "x", size: 4), Thing(id: "8", name: "y", size: 1)]
    let kinds = Self.changes(try Self.plan(Self.rounds, things))
    #expect(kinds.filter { $0 == .change }.count == 1)
    #expect(kinds.filter { $0 == .unchanged }.count == 7)
  }

  @Test func `a plan without reads does not wait either`() throws {
    let results = try Self.plan(Self.rounds, [], Planning(isOffline: true))
    #expect(Self.changes(results).allSatisfy { $0 == .unknown })
  }

  @Test func `branches of a plan take turns`() throws {
    let results = try Self.plan(
      """
      - id: p
        parallel:
          left: [{ id: a, call: twin, with: { name: x }, ensure: present }]
          right: [{ id: b, call: twin, with: { name: x }, ensure: present }]
          third: [{ id: c, call: twin, with: { name: x }, ensure: present }]
      """)
    #expect(Self.changes(results) == [.create, .unchanged, .unchanged])
  }

  @Test(arguments: [
    (
      "- { id: a, call: mark, with: { id: '7', size: 2 }, ensure: present }",
      StateChange.Kind.conflict
    ),
    ("- { id: a, call: mark, with: { id: '7', size: 1 }, ensure: present }", .conflict),
    ("- { id: a, call: allow, with: { id: '7' }, ensure: present }", .conflict),
    ("- { id: a, call: mark, with: { id: '8', size: 2 }, ensure: present }", .change),
    // By its name it may be another one.
    ("- { id: a, call: mark, with: { id: '7', name: y, size: 2 }, ensure: present }", .change),
    (
      """
      - { id: made, call: build, with: { name: y, size: 1 }, ensure: present }
      - { id: a, call: mark, with: { id: "${{ steps.made.id }}", size: 2 }, ensure: present }
      """, .change
    ),
    (
      """
      - { id: gone, call: drop, with: { id: '8' }, ensure: absent }
      - { id: a, call: mark, with: { id: '8', size: 2 }, ensure: present }
      """, .conflict
    ),
  ])
  func `what is set must be there, or made by an earlier step`(
    steps: String, kind: StateChange.Kind
  ) throws {
    let results = try Self.plan(steps, [Thing(id: "8", name: "x", size: 1)])
    #expect(Self.changes(results).last == kind)
    let reason = results.last?.change?.reason ?? ""
    let isMissing = reason.hasPrefix("`things` shows none whose `id` is ")
    #expect(isMissing == (kind == .conflict))
  }

  private static func reason(_ results: [StepResult]) -> String? {
    results.last { $0.change?.kind == .unchanged }?.change?.reason
  }

  @Test func `a step is named that changed what is compared, and no other`() throws {
    let things = [Thing(id: "7", name: "x", size: 4, state: "on")]
    let resized = "- { id: a, call: build, with: { name: x, size: 1 }, ensure: present }"
    #expect(
      Self.reason(
        try Self.plan(
          "\(resized)\n- { id: b, call: build, with: { name: x, size: 1 }, ensure: present }",
          things)) == "`a` makes it so")
    // Its state was so before.
    let allowed = try Self.plan(
      "\(resized)\n- { id: b, call: kin, with: { name: x }, ensure: present }", things)
    #expect(Self.changes(allowed) == [.change, .unchanged])
    #expect(Self.reason(allowed) == nil)
  }

  @Test func `what is created again is another thing, and loses what was done for the one before`()
    throws
  {
    let results = try Self.plan(
      """
      - { id: a, call: firm, with: { name: x, size: 1 }, ensure: present, on-drift: recreate }
      - { id: b, call: allow, with: { id: "${{ steps.a.id }}" }, ensure: present }
      """, [Thing(id: "7", name: "x", size: 4, state: "on")])
    #expect(
      results.first?.change?.reason
        == "it is removed and created again, and what `allow` did for it is lost")
    #expect(results.first?.value[field: "id"] == .unknown(Unknown("a.id")))
    #expect(results.last?.change?.kind != .unchanged)
  }

  @Test func `of a new thing the step is named that makes it`() throws {
    let results = try Self.plan(
      """
      - { id: a, call: build, with: { name: x, size: 1 }, ensure: present }
      - { id: b, call: kin, with: { name: x }, ensure: present }
      """)
    #expect(Self.reason(results) == "`a` makes it so")
  }
}

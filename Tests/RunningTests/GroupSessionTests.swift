import Events
import Expressions
import Machine
import Testing

@Suite("Sessions of groups")
struct GroupSessionTests {
  private static func world(_ steps: String, files: [String: String] = [:]) throws -> World {
    var world = try World(
      try PlannedText.plan(
        "inputs: { other: { type: string, default: v } }\n" + StepTests.session
          + "steps:\n\(steps)",
        files: files, inputs: ["other": "v"]))
    world.reply = { what, _, _ in what == "POST /harmless" ? .ok(#"{"value": 1}"#) : nil }
    return world
  }

  private static func logins(_ world: World) -> [String] {
    world.events.compactMap { event in
      guard case .sessionChanged(let name, .authenticated) = event.kind else { return nil }
      return name
    }
  }

  private static let other = "session: { username: \"${{ inputs.other }}\", password: p-of-v-1 }"

  @Test(arguments: [
    "steps: [{ call: harmless }]", "parallel: { one: [{ call: harmless }] }",
    "for-each: [1, 2, 3]\n    steps: [{ call: harmless }]", "play: inner.yaml",
  ])
  func `the steps inside a group use its session, and those after it the playbook's`(
    _ group: String
  ) throws {
    var world = try Self.world(
      "  - \(Self.other)\n    \(group)\n  - { call: harmless }",
      files: ["inner.yaml": "playbook: 1\nsteps: [{ call: harmless }]"])
    #expect(try world.run().failure == nil)
    #expect(Self.logins(world) == ["v", "u"])
  }

  @Test func `a played playbook's own session comes before that of its play`() throws {
    var world = try Self.world(
      "  - \(Self.other)\n    play: inner.yaml",
      files: [
        "inner.yaml": """
        playbook: 1
        session: { username: w, password: p-of-w-1 }
        steps: [{ call: harmless }]
        """
      ])
    #expect(try world.run().failure == nil)
    #expect(Self.logins(world) == ["w"])
  }

  @Test func `rounds share a session that comes from the inputs`() throws {
    var world = try Self.world(
      """
        - for-each: [1, 2, 3]
          steps:
            - \(Self.other)
              steps: [{ call: harmless }]
      """)
    #expect(try world.run().failure == nil)
    #expect(Self.logins(world) == ["v"])
  }

  @Test func `each round opens a session that comes from its element, and closes it`() throws {
    var world = try Self.world(
      """
        - for-each: [x, y]
          as: name
          steps:
            - session: { username: "${{ name }}", password: p-of-all-1 }
              steps: [{ call: harmless }, { call: harmless }]
      """)
    #expect(try world.run().failure == nil)
    #expect(Self.logins(world) == ["x", "y"])
    #expect(world.openSocketsAtMost <= 1)
  }
}

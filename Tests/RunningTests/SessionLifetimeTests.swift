import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("The end of sessions")
struct SessionLifetimeTests {
  /// A tenant's own playbook, which sends one command under the tenant's session.
  private static let tenant = """
    playbook: 1
    name: tenant
    inputs: { name: { type: string } }
    session: { username: "${{ inputs.name }}", password: p-of-tenant-1 }
    steps:
      - { id: a, call: repeatable }

    """

  private static func world(_ steps: String, session: String = "") throws -> World {
    var world = try World(
      try PlannedText.plan(
        "\(session)steps:\n\(steps)", files: ["tenant.yaml": tenant]))
    var commands = 0
    world.reply = { what, _, _ in
      guard what == "POST /repeatable" else { return nil }
      commands += 1
      return .command("c-\(commands)")
    }
    return world
  }

  private static func changes(_ world: World) -> [String] {
    world.events.compactMap { event in
      guard case .sessionChanged(let name, let change) = event.kind else { return nil }
      return "\(name) \(change)"
    }
  }

  @Test func `a play in a round closes its session when the round is over`() throws {
    var world = try Self.world(
      """
        - for-each: "${{ ['x', 'y', 'z'] }}"
          as: name
          steps:
            - { id: t, play: tenant.yaml, with: { name: "${{ name }}" } }
      """)
    for number in 1...3 {
      world.schedule(
        World.status("c-\(number)", 2), at: .milliseconds(10 * number))
    }
    #expect(try world.run().failure == nil)
    #expect(
      Self.changes(world) == [
        "x authenticated", "x joined", "x closed", "y authenticated", "y joined", "y closed",
        "z authenticated", "z joined", "z closed",
      ])
    #expect(world.openSocketsAtMost == 1)
  }

  @Test func `as many sockets are open as rounds are in progress`() throws {
    var world = try Self.world(
      """
        - for-each: "${{ ['a','b','c','d','e','f','g','h','i','j'] }}"
          as: name
          concurrency: 3
          steps:
            - { id: t, play: tenant.yaml, with: { name: "${{ name }}" } }
      """)
    world.reply = { what, _, _ in what == "POST /repeatable" ? .ok(#"{"value": 1}"#) : nil }
    #expect(try world.run().failure == nil)
    #expect(world.connections == 10)
    // One that is leaving waits for the answer while the next one opens.
    #expect(world.openSocketsAtMost <= 6)
  }

  @Test func `a session that the steps around still use stays open`() throws {
    var world = try Self.world(
      """
        - { id: t, play: tenant.yaml, with: { name: u } }
        - { id: b, call: repeatable }
      """, session: "session: { username: u, password: p-of-tenant-1 }\n")
    world.reply = { what, _, _ in what == "POST /repeatable" ? .ok(#"{"value": 1}"#) : nil }
    #expect(try world.run().failure == nil)
    #expect(Self.changes(world) == ["u authenticated", "u joined", "u closed"])
    #expect(world.count("POST /login") == 1)
  }

  @Test func `rounds share a session of a step's own that no round decides`() throws {
    var world = try Self.world(
      """
        - for-each: "${{ [1, 2, 3] }}"
          as: n
          steps:
            - { id: a, call: read, session: { username: operator, password: p-of-operator } }
            - id: b
              call: read
              session: { username: "user-${{ n }}", password: p-of-user-1 }
      """)
    #expect(try world.run().failure == nil)
    #expect(world.count("POST /login") == 4)
  }

  @Test func `a token is revoked when its session ends`() throws {
    let revoking = Self.tenant.replacing("p-of-tenant-1 }", with: "p-of-tenant-1, revoke: true }")
    var world = try World(
      try PlannedText.plan(
        """
        steps:
          - { id: t, play: tenant.yaml, with: { name: x } }
          - { id: w, wait: 1h }
        """, files: ["tenant.yaml": revoking]))
    world.reply = { what, _, _ in what == "POST /repeatable" ? .ok(#"{"value": 1}"#) : nil }
    #expect(try world.run().failure == nil)
    #expect(try #require(world.sentTimes("POST /revoke").first) < .seconds(1))
  }
}

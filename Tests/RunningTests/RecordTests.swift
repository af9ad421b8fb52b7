import Events
import Expressions
import Machine
import Planning
import Playbooks
import Testing

@Suite("Records")
struct RecordTests {
  private static let make = """
    playbook: 1
    name: make
    inputs:
      user:
        type: record
        fields:
          name: { type: string, pattern: "[a-z]+" }
          password: { type: secret }
          share: { type: number, default: 1 }
          devices:
            type: list
            of: { type: record, fields: { name: { type: string }, role: { type: string, default: storage } } }
            default: []
    session: { username: "${{ inputs.user.name }}", password: "${{ inputs.user.password }}" }
    steps:
      - id: a
        call: harmless
        with: { value: "${{ inputs.user.devices.map(d, d.name + ':' + d.role) }}" }
    outputs:
      name: ${{ inputs.user.name }}
      share: ${{ inputs.user.share }}
      password: ${{ inputs.user.password }}
      sent: ${{ steps.a.value }}
    """

  private func world(_ text: String, inputs: ValueMap = [:]) throws -> World {
    var world = try World(
      try PlannedText.plan(text, files: ["make.yaml": Self.make], inputs: inputs))
    world.reply = { what, _, body in
      switch what {
      case "POST /login": .ok(#"{"token":"t-1"}"#)
      case "POST /harmless": .ok(body)
      case _: nil
      }
    }
    return world
  }

  @Test func `a record given to a play is completed, and its secret field stays secret`() throws {
    var world = try world(
      """
      inputs: { users: { type: list } }
      steps:
        - id: made
          for-each: ${{ inputs.users }}
          as: user
          steps: [{ id: p, play: make.yaml, with: { user: "${{ user }}" } }]
      outputs: { names: "${{ steps.made.map(m, m.p.name) }}", all: "${{ steps.made }}" }
      """,
      inputs: [
        "users": [
          ["name": "alice", "password": "planted-1", "devices": [["name": "x"]]],
          ["name": "bob", "password": "planted-2", "share": 2],
        ]
      ])
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(result.outputs["names"] == ["alice", "bob"])
    guard case .list(let rounds)? = result.outputs["all"] else {
      Issue.record("no rounds")
      return
    }
    let plays = rounds.compactMap { $0[field: "p"] }
    #expect(plays.map { $0[field: "share"] } == [1.0, 2.0])
    #expect(plays.map { $0[field: "sent"] } == [["x:storage"], []])
    #expect(plays.map { $0[field: "password"]?.isSecret } == [true, true])
    #expect(!world.outsideText.contains("planted"))
  }

  @Test(
    arguments: [
      (["name": "alice"], "the input `user` of `make` needs the field `password` (secret)"),
      (
        ["name": "alice", "password": "p", "shar": 1],
        "the input `user` of `make` has no field `shar`"
      ),
      (
        ["name": "A", "password": "p"],
        "the input `user.name` of `make` does not match the pattern `[a-z]+`"
      ),
      (
        ["name": "a", "password": "p", "devices": [["name": "x"], ["name": 1]]],
        "the input `user.devices[1].name` of `make` must be a string"
      ),
      (["name": nil, "password": "p"], "the input `user.name` of `make` must be a string"),
      (
        ["name": "A", "shar": 1],
        "the input `user` of `make` has no field `shar`; the input `user.name` of `make` does not "
          + "match the pattern `[a-z]+`; the input `user` of `make` needs the field `password` (secret)"
      ),
    ] as [(ValueMap, String)])
  func `what is wrong with a record that a run made is reported with its place in it`(
    _ user: ValueMap, _ message: String
  ) throws {
    var world = try world(
      """
      inputs: { user: { type: map } }
      steps: [{ id: p, play: make.yaml, with: { user: "${{ inputs.user }}" } }]
      """, inputs: ["user": .map(user)])
    let result = try world.run()
    #expect(result.failure?.message == message)
    #expect(world.sent.isEmpty)
  }

  @Test func `a plan objects to a field that is known beside one that is not`() throws {
    let steps = """
      inputs: { share: { type: string } }
      session: { username: u, password: p-of-u-1 }
      steps:
        - { id: a, call: build, with: { name: x, size: 1 }, ensure: present }
        - id: p
          play: make.yaml
          with: { user: { name: "${{ steps.a.id }}", password: "p", share: "${{ dyn(inputs.share) }}" } }
      """
    var world = try World(
      try PlannedText.plan(steps, files: ["make.yaml": Self.make], inputs: ["share": "much"]),
      guidedBy: Guidance(planning: Planning()))
    world.reply = ThingService([]).reply
    let result = try world.run()
    #expect(result.failure?.message == "the input `user.share` of `make` must be a number")
  }

  @Test func `a plain field that is used as a secret is one, and the others are not`() throws {
    var world = try world(
      """
      inputs:
        user: { type: record, fields: { name: { type: string }, pin: { type: string } } }
      session: { username: "${{ inputs.user.name }}", password: "${{ inputs.user.pin }}" }
      steps: [{ id: a, call: harmless, with: { value: "${{ inputs.user.name }}" } }]
      outputs: { user: "${{ inputs.user }}" }
      """, inputs: ["user": ["name": "alice", "pin": "planted-3"]])
    let result = try world.run()
    #expect(result.outputs["user"]?[field: "name"] == "alice")
    #expect(result.outputs["user"]?[field: "pin"]?.isSecret == true)
    #expect(!world.outsideText.contains("planted"))
  }
}

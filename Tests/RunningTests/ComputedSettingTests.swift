import Events
import Expressions
import Machine
import Planning
import Playbooks
import Testing

@Suite("Settings that are computed")
struct ComputedSettingTests {
  private func world(_ steps: String, inputs: ValueMap = [:]) throws -> World {
    try World(
      try PlannedText.plan(
        StepTests.session + """
          inputs:
            pause: { type: string, default: 90s }
            count: { type: integer, default: 2 }
          steps:

          """ + steps,
        inputs: [
          "pause": inputs["pause"] ?? "90s", "count": inputs["count"] ?? 2,
        ]))
  }

  @Test func `a wait takes as long as its expression says`() throws {
    for pause in ["${{ inputs.pause }}", "${{ duration('90s') }}", "${{ inputs.count - 1 }}m30s"] {
      var world = try world("  - { id: w, wait: \"\(pause)\" }")
      #expect(try world.run().failure == nil)
      #expect(world.duration == .seconds(90))
    }
  }

  @Test func `an attempt ends, and others follow, as expressions say`() throws {
    var world = try world(
      """
        - id: a
          call: repeatable
          timeout: "${{ inputs.count }}s"
          retry:
            attempts: ${{ inputs.count + 1 }}
            backoff: ${{ inputs.pause }}
            max-backoff: ${{ inputs.pause }}
            on: [timeout]
      """)
    world.reply = { what, _, _ in what == "POST /repeatable" ? .silence : nil }
    #expect(try world.run().failure?.kind == .timeout)
    #expect(world.count("POST /repeatable") == 3)
    // Three attempts, and two pauses of at least half the backoff.
    #expect(world.duration >= .seconds(3 * 2 + 2 * 45))
  }

  @Test func `as many rounds run at once as an expression says`() throws {
    var world = try world(
      """
        - for-each: [1, 2, 3, 4, 5]
          concurrency: ${{ inputs.count }}
          steps: [{ call: harmless, with: { value: "${{ item }}" } }]
      """)
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    #expect(try world.run().failure == nil)
    #expect(world.peak == 2)
  }

  @Test(arguments: [
    ("timeout: \"${{ inputs.pause }}\"", "8x", "`timeout` is not a duration, not `8x`"),
    ("timeout: \"${{ inputs.pause }}\"", "200h", "`timeout` must be from 1ms to 168h, not `200h`"),
    (
      "retry: { attempts: \"${{ inputs.count }}\" }", "0",
      "`attempts` must be an integer from 1 to 100, not `0`"
    ),
  ])
  func `what is out of bounds fails the step before anything is sent`(
    _ setting: String, _ value: String, _ message: String
  ) throws {
    let count = Int64(value)
    var world = try world(
      "  - { id: a, call: unsafe, \(setting) }",
      inputs: count.map { ["count": .int($0)] } ?? ["pause": .string(value)])
    let result = try world.run()
    #expect(result.failure?.message == message)
    #expect(result.outcome == .failed)
    #expect(world.sent.isEmpty)
  }
}

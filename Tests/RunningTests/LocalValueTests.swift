import Events
import Expressions
import Machine
import Planning
import Playbooks
import Testing

@Suite("`let`")
struct LocalValueTests {
  private func world(
    _ text: String, files: [String: String] = [:], inputs: ValueMap = [:]
  ) throws -> World {
    try World(try PlannedText.plan(text, files: files, inputs: inputs))
  }

  @Test func `each value sees those before it, and every part of its step sees all`() throws {
    var world = try world(
      StepTests.session + """
        inputs: { names: { type: list, of: string } }
        let:
          first: ${{ inputs.names[0] }}
          both: ${{ first }}-${{ inputs.names[1] }}
        steps:
          - id: a
            name: Send ${{ twice }}
            let: { once: "${{ both }}!", twice: "${{ once + once }}" }
            when: size(twice) > 2
            call: harmless
            with: { value: "${{ twice }}" }
            expect: answer.value == twice
        outputs: { sent: "${{ steps.a.value }}", first: "${{ first }}" }
        """, inputs: ["names": ["x", "y"]])
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    let result = try world.run()
    #expect(result.outputs == ["sent": "x-y!x-y!", "first": "x"])
    #expect(world.titles == ["Send x-y!x-y!"])
  }

  @Test func `every expression of a run knows the time zones of its plan`() throws {
    var plan = try PlannedText.plan(
      StepTests.session + """
        inputs: { zone: { type: string } }
        let: { hour: "${{ timestamp(0).getHours(inputs.zone) }}" }
        steps:
          - id: a
            name: At ${{ timestamp(0).getHours(inputs.zone) }}
            when: timestamp(0).getHours(inputs.zone) == 3
            call: harmless
            with: { value: "${{ timestamp(0).getHours(inputs.zone) }}" }
            expect: timestamp(0).getHours(inputs.zone) == answer.value
        outputs: { sent: "${{ [steps.a.value, hour, timestamp(0).getHours(inputs.zone)] }}" }
        """, inputs: ["zone": "UTC"])
    plan.inputs["zone"] = "Test/Zone"
    plan.zones = NamedZones(
      rules: { name in
        guard name == "Test/Zone" else { return nil }
        return { _ in 10_800 }
      }, names: { ["Test/Zone"] })
    var world = try World(plan)
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    #expect(try world.run().outputs == ["sent": [3, 3, 3]])
    #expect(world.titles == ["At 3"])
  }

  @Test func `what the steps of a group give is seen after it`() throws {
    var world = try world(
      StepTests.session + """
        steps:
          - let: { n: 1 }
            steps:
              - { id: a, call: harmless, with: { value: "${{ n }}" } }
              - let: { m: "${{ steps.a.value + n }}" }
                steps: [{ id: b, call: harmless, with: { value: "${{ m }}" } }]
          - { id: c, call: harmless, with: { value: "${{ steps.b.value + steps.a.value }}" } }
        outputs: { c: "${{ steps.c.value }}" }
        """)
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    #expect(try world.run().outputs == ["c": 3])
    #expect(world.machine.state.scopeCount == 1)
  }

  @Test func `a round binds its own, and its results stay in it`() throws {
    var world = try world(
      StepTests.session + """
        steps:
          - id: all
            let: { base: 10 }
            for-each: [1, 2]
            as: n
            steps:
              - name: Round ${{ sum }}
                id: a
                let: { sum: "${{ base + n }}" }
                call: harmless
                with: { value: "${{ sum }}" }
        outputs: { all: "${{ steps.all.map(r, r.a.value) }}" }
        """)
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    #expect(try world.run().outputs == ["all": [11, 12]])
    #expect(world.titles == ["all", "Round 11", "Round 12"])
  }

  @Test func `a value that cannot be evaluated fails what uses it, and nothing else`() throws {
    var world = try world(
      StepTests.session + """
        steps:
          - id: a
            let: { first: "${{ run.name.split(',')[1] }}" }
            call: harmless
            with: { value: "${{ first }}" }
            rescue: [{ id: r, call: read, with: { value: "${{ error.class }}" } }]
            always: [{ id: s, wait: 1ms }]
          - id: b
            let: { other: "${{ run.name.split(',')[1] }}" }
            when: run.name == '' && other == ''
            wait: 1ms
        """)
    let result = try world.run()
    #expect(result.failure == nil)
    #expect(
      world.outcomes == [
        "a/rescue/r succeeded", "a/always/s succeeded", "a tolerated", "b skipped",
      ])
    #expect(world.sent.map(\.what).contains("POST /harmless") == false)
  }

  @Test func `those of a played playbook fail its play`() throws {
    var world = try world(
      StepTests.session + "steps: [{ id: p, play: inner.yaml, with: { names: [] } }]",
      files: [
        "inner.yaml": """
        playbook: 1
        inputs: { names: { type: list, of: string } }
        let: { first: "${{ inputs.names[0] }}" }
        steps: [{ id: a, call: read }, { assert: "first != ''" }]
        """
      ])
    let result = try world.run()
    #expect(result.failure?.kind == .expectation)
    #expect(world.sent.isEmpty)
  }

  @Test func `a value at the top that needs a step is known after it`() throws {
    var world = try world(
      StepTests.session + """
        let:
          base: 1
          sum: "${{ steps.a.value + steps.b.value + base }}"
          twice: "${{ sum * 2 }}"
        steps:
          - parallel:
              left: [{ id: a, call: harmless, with: { value: 2 } }]
              right: [{ id: b, call: harmless, with: { value: 3 } }]
          - steps: [{ id: c, call: harmless, with: { value: "${{ sum }}" } }]
        outputs: { sent: "${{ steps.c.value }}", twice: "${{ twice }}" }
        """)
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    #expect(try world.run().outputs == ["sent": 6, "twice": 12])
  }

  @Test(arguments: 1...16)
  func `one that needs a step keeps its value whatever interrupts the run`(_ crash: Int) throws {
    var world = try world(
      StepTests.session + """
        steps: [{ id: p, play: inner.yaml }]
        outputs: { all: "${{ steps.p }}" }
        """,
      files: [
        "inner.yaml": """
        playbook: 1
        let: { sum: "${{ steps.a.value + 1 }}" }
        steps:
          - { id: a, call: harmless, with: { value: 2 } }
          - { id: b, call: harmless, with: { value: "${{ sum }}" } }
        outputs: { sum: "${{ sum }}", sent: "${{ steps.b.value }}" }
        """
      ])
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    world.schedule(.restart, at: .milliseconds(crash))
    #expect(try world.run().outputs == ["all": ["sum": 3, "sent": 3]])
  }

  @Test func `one that cannot be evaluated fails what uses it, and no other step`() throws {
    var world = try world(
      StepTests.session + """
        let: { first: "${{ steps.a.value[0] }}" }
        steps:
          - { id: a, call: harmless, with: { value: [] } }
          - { id: b, call: harmless, with: { value: [1] } }
          - { id: c, assert: "first == 1", rescue: [{ wait: 1ms }] }
        """)
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    #expect(try world.run().failure == nil)
    #expect(
      world.outcomes == [
        "a succeeded", "b succeeded", "c/rescue/step-1 succeeded", "c tolerated",
      ])
  }

  @Test func `a value made of a secret is one`() throws {
    var world = try world(
      """
      inputs: { password: { type: secret } }
      let: { login: "user:${{ inputs.password }}" }
      session: { username: u, password: "${{ inputs.password }}" }
      steps: [{ id: a, name: "As ${{ login }}", call: harmless, with: { value: "${{ login }}" } }]
      """, inputs: ["password": .secret(Secret("planted-3f1a"))])
    world.reply = { what, _, _ in what == "POST /harmless" ? .ok() : nil }
    _ = try world.run()
    #expect(world.titles == ["As •••"])
    #expect(!"\(world.events)".contains("planted-3f1a"))
  }

  @Test(arguments: 1...12)
  func `after any interruption the names mean what they meant`(_ crash: Int) throws {
    var world = try world(
      StepTests.session + """
        let: { at: "${{ string(run.startedAt) }}" }
        steps:
          - let: { here: "${{ at + '!' }}" }
            steps:
              - { id: a, call: harmless, with: { value: "${{ here }}" } }
              - { id: b, call: harmless, with: { value: "${{ here }}" } }
        outputs: { same: "${{ steps.a.value == steps.b.value }}" }
        """)
    world.reply = { what, _, body in what == "POST /harmless" ? .ok(body) : nil }
    world.schedule(.restart, at: .milliseconds(crash))
    #expect(try world.run().outputs == ["same": true])
  }
}

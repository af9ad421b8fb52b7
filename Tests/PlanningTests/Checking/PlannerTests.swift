import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks
import Testing

/// Playbooks that are right, and the plans they give.
@Suite struct PlannerTests {
  private static let enrol = """
    playbook: 1
    name: enrol
    inputs:
      name: { type: string }
      weight: { type: number, default: 2 }
    steps:
      - id: request
        call: device.request-unique-identifier
        with: { deviceName: "${{ inputs.name }}-${{ inputs.weight }}" }
    outputs:
      command: ${{ steps.request.commandId }}
    """

  @Test func `a small playbook becomes a plan`() throws {
    let text = """
      playbook: 1
      name: small
      inputs: { password: { type: secret } }
      session: { username: a, password: "${{ inputs.password }}" }
      steps:
        - id: enrolled
          play: lib/enrol.yaml
          with: { name: vault, weight: 1 }
          retry: { attempts: 2, backoff: 1s }
        - name: Take a breath
          wait: 2s
          when: steps.enrolled.command != ''
      outputs: { command: "${{ steps.enrolled.command }}" }
      """
    let files = MemoryFiles(["small.yaml": text, "lib/enrol.yaml": Self.enrol])
    let checked = try files.check("small.yaml")
    let plan = try checked.plan(inputs: ["password": .secret(text: "p")])

    #expect(plan.inputs == ["password": .secret(text: "p")])
    #expect(plan.digest.count == 64)
    #expect(checked.warnings.isEmpty)
    let source = try Playbook(parsing: Array(text.utf8), file: "small.yaml")
    #expect(plan.playbook.session == source.session)
    #expect(plan.playbook.outputs == source.outputs)
    let request = try #require(plan.api.operations["device.request-unique-identifier"])
    let name = try Self.argument("deviceName", of: plan)
    var uses = UsedValues()
    for name in ["name", "weight"] { uses.add("inputs", field: name) }
    uses.add("steps", field: "request")
    let callee = PlannedPlaybook(
      name: "enrol", file: "lib/enrol.yaml", inputs: try Self.inputs(of: plan), session: nil,
      steps: [
        PlannedStep(
          id: "request", title: "request",
          kind: .call(PlannedCall(target: .operation(request), arguments: ["deviceName": name])),
          modifiers: PlannedModifiers(),
          location: Diagnostics.SourceLocation(
            file: "lib/enrol.yaml", line: 7, column: 5, length: 2))
      ], outputs: try Self.outputs(of: plan), uses: uses)
    let first = PlannedStep(
      id: "enrolled", title: "enrolled",
      kind: .play(
        callee,
        arguments: [
          "name": .literal("vault", Self.place(8, 19, 5)),
          "weight": .literal(1, Self.place(8, 34, 1)),
        ]),
      modifiers: PlannedModifiers(retry: source.steps[0].modifiers.retry),
      location: Self.place(6, 5, 2))
    let second = PlannedStep(
      id: "step-2", title: "Take a breath", kind: .wait(.constant(.seconds(2))),
      modifiers: PlannedModifiers(when: source.steps[1].modifiers.when),
      location: Self.place(10, 5, 4))
    #expect(plan.playbook.steps == [first, second])
  }

  @Test(arguments: [
    ("outputs: { x: \"${{ steps.a.commandId }}\" }", ["a", "c", "e"]),
    ("outputs: { x: \"${{ size(steps) }}\" }", nil),
  ])
  func `a playbook knows whose results any expression of it uses`(
    outputs: String, used: [String]?
  ) throws {
    let text = """
      playbook: 1
      session: { username: a, password: "${{ 'b' }}" }
      steps:
        - { id: a, call: device.request-unique-identifier, with: { deviceName: x } }
        - { id: b, call: device.request-unique-identifier, with: { deviceName: y } }
        - id: loop
          for-each: [1, 2]
          as: n
          steps:
            - { id: c, call: device.request-unique-identifier, with: { deviceName: z } }
            - { id: d, assert: "${{ steps.c.commandId != '' }}" }
        - id: e
          call: device.request-unique-identifier
          with: { deviceName: w }
          undo: [ { assert: "${{ steps.e.commandId != '' }}" } ]
      \(outputs)
      """
    let plan = try MemoryFiles(["main.yaml": text]).check("main.yaml").plan(inputs: [:])
    #expect(plan.playbook.uses.steps == used.map { Set($0) })
  }

  private static func place(_ line: Int, _ column: Int, _ length: Int) -> Diagnostics.SourceLocation
  {
    Diagnostics.SourceLocation(file: "small.yaml", line: line, column: column, length: length)
  }

  private static func callee(of plan: Plan) throws -> PlannedPlaybook {
    guard case .play(let callee, _) = try #require(plan.playbook.steps.first).kind else {
      throw InvalidInput([])
    }
    return callee
  }

  private static func inputs(
    of plan: Plan
  ) throws -> OrderedDictionary<String, InputDeclaration> {
    try callee(of: plan).inputs
  }

  private static func outputs(
    of plan: Plan
  ) throws -> OrderedDictionary<String, OutputDeclaration> {
    try callee(of: plan).outputs
  }

  private static func argument(_ name: String, of plan: Plan) throws -> Template {
    guard case .call(let call) = try #require(callee(of: plan).steps.first).kind else {
      throw InvalidInput([])
    }
    return try #require(call.arguments[name])
  }

  @Test func `the digest changes with any text and with the description of the API`() throws {
    let text = """
      playbook: 1
      name: small
      session: { username: a, password: "${{ 'b' }}" }
      steps:
        - play: lib/enrol.yaml
          with: { name: vault }
      """
    let files = ["small.yaml": text, "lib/enrol.yaml": Self.enrol]
    var other = files
    other["lib/enrol.yaml", default: ""] += "\n# a comment"
    let digest = try MemoryFiles(files).check("small.yaml").digest
    #expect(try MemoryFiles(files).check("small.yaml").digest == digest)
    #expect(try MemoryFiles(other).check("small.yaml").digest != digest)
    var api = try EmbeddedAPI.description()
    api.digest = "another"
    #expect(try MemoryFiles(files).check("small.yaml", against: api).digest != digest)
  }

  @Test func `a value of the playbook's own that cannot be evaluated is an error before the run`()
    throws
  {
    let text = """
      playbook: 1
      inputs: { names: { type: list, of: string } }
      let: { first: "${{ inputs.names[0] }}", id: "${{ run.id }}" }
      steps: [{ assert: "first != id" }]
      """
    let checked = try MemoryFiles(["a.yaml": text]).check("a.yaml")
    #expect(throws: Never.self) { _ = try checked.plan(inputs: ["names": ["x"]]) }
    #expect(
      throws: InvalidInput([
        Diagnostic(
          .evaluationFailed,
          "`first` has no value: the index is outside the list: 0 in a list of 0",
          at: SourceLocation(file: "a.yaml", line: 3, column: 32, length: 3),
          hint: "test the size first: `size(list) > n ? list[n] : other`")
      ])
    ) { _ = try checked.plan(inputs: ["names": []]) }
  }

  @Test func `a playbook that relies on its caller's session is no plan by itself`() throws {
    let checked = try MemoryFiles(["enrol.yaml": Self.enrol]).check("enrol.yaml")
    #expect(checked.warnings.isEmpty)
    #expect(throws: InvalidInput.self) { try checked.plan(inputs: ["name": "a"]) }
  }

  @Test func `what a group, a rescue and a loop leave can be used where it is seen`() throws {
    let text = """
      playbook: 1
      name: visible
      steps:
        - id: group
          steps:
            - id: inner
              call: utility.check-server-health
          always:
            - call: file.write
              with: { path: a, data: "${{ has(steps.inner) ? steps.inner.status : '' }}" }
          rescue:
            - call: file.write
              with: { path: "${{ error.message }}", data: "${{ string(error.status) }}" }
        - parallel:
            left: [{ id: l, call: utility.check-server-health }]
            right: [{ id: r, call: utility.check-server-health }]
        - id: loop
          for-each: [a, b]
          as: letter
          steps:
            - id: written
              call: file.write
              with: { path: "${{ letter + steps.l.status }}", data: "${{ steps.inner.status }}" }
        - assert: ${{ steps.loop.all(x, x.written.size > 0) && steps.r.status != null }}
      """
    #expect(try MemoryFiles(["visible.yaml": text]).diagnostics(in: "visible.yaml") == "")
  }

  @Test func `plays of plays cannot unfold without a limit`() throws {
    var files: [String: String] = [:]
    for level in 0..<20 {
      let step = "  - play: l\(level + 1).yaml\n"
      files["l\(level).yaml"] =
        "playbook: 1\nname: l\(level)\nsteps:\n" + String(repeating: step, count: 4)
    }
    files["l20.yaml"] = "playbook: 1\nname: l20\nsteps:\n  - wait: 1s\n"
    let diagnostics = try MemoryFiles(files).diagnostics(in: "l0.yaml")
    #expect(diagnostics.contains("[too-many-steps]"))
  }
}

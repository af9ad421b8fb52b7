import Diagnostics
import Planning
import Testing

/// Values that stand in an expression: they are known before anything runs.
@Suite struct ConstantExpressionTests {
  private static func said(_ value: String, inputs: String = "{}") throws -> String {
    let files = MemoryFiles([
      "main.yaml": """
      playbook: 1
      inputs: \(inputs)
      steps: [{ play: make.yaml, with: { user: \(value) } }]
      """,
      "make.yaml": """
      playbook: 1
      inputs:
        user:
          type: record
          fields: { name: { type: string }, password: { type: secret }, n: { type: integer, default: 1 } }
      session: { username: "${{ inputs.user.name }}", password: "${{ inputs.user.password }}" }
      steps: [{ call: device.retrieve-profile-devices, when: inputs.user.n > 0 }]
      """,
    ])
    return try files.diagnostics(in: "main.yaml")
  }

  @Test(arguments: [
    "\"${{ {'name': 'x', 'password': 'hunter2'} }}\"",
    "\"${{ json.decode('{\\\"name\\\":\\\"x\\\",\\\"password\\\":\\\"hunter2\\\"}') }}\"",
    "{ name: x, password: \"${{ 'hunter' + '2' }}\" }",
  ])
  func `a secret in an expression is in plain text`(_ value: String) throws {
    let text = try Self.said(value)
    #expect(text.contains("warning[P0702]"), "\(text)")
    #expect(!text.contains("hunter"), "\(text)")
  }

  @Test func `a map with a secret in it is to be declared as a record`() throws {
    let text = try Self.said("\"${{ inputs.user }}\"", inputs: "{ user: { type: map } }")
    #expect(
      text.contains("declare it as `type: record` with `fields: { password: { type: secret }, "),
      "\(text)")
  }

  @Test(arguments: [
    ("{'nme': 'x', 'password': 'p'}", ["has no field `nme`", "needs the field `name`"]),
    ("{'name': 'x', 'password': 'p', 'n': 'y'}", ["`.n` must be an integer"]),
    ("{'name': 5, 'password': 'p'}", ["`.name` must be a string"]),
  ])
  func `a record in an expression is checked field by field`(
    _ record: String, _ messages: [String]
  ) throws {
    let text = try Self.said("\"${{ \(record) }}\"")
    for message in messages { #expect(text.contains(message), "\(text)") }
  }
}

/// Results that are not there when a refusal was tolerated.
@Suite struct ToleratedResultTests {
  private static func said(_ step: String) throws -> String {
    try MemoryFiles([
      "main.yaml": """
      playbook: 1
      session: { username: a, password: "${{ inputs.password }}" }
      inputs: { password: { type: secret } }
      steps:
        - id: a
          call: device.approve-device
          with: { deviceIdentifier: d }
          tolerate: [device.not_found]
        - \(step)
      """
    ]).diagnostics(in: "main.yaml")
  }

  @Test(arguments: [
    "assert: steps.a.commandId != ''", "steps: [{ assert: \"steps.a['commandId'] != ''\" }]",
    "{ when: steps.a.commandId != '', wait: 1s }",
  ])
  func `what uses the result without asking gets a warning`(_ step: String) throws {
    #expect(try Self.said(step).contains("warning[P0412]: the step `a` has no `commandId`"))
  }

  @Test(arguments: [
    "assert: has(steps.a.commandId) && steps.a.commandId != ''",
    "assert: \"steps.a.outcome == 'tolerated' || steps.a.commandId != ''\"",
    "{ when: steps.a.outcome == 'succeeded', assert: steps.a.commandId != '' }",
    "{ when: has(steps.a.commandId), steps: [{ assert: steps.a.commandId != '' }] }",
    "assert: steps.a.changed || steps.a.outcome == 'tolerated'",
    "assert: steps.a.?commandId.orValue('') != ''",
  ])
  func `what asks first does not`(_ step: String) throws {
    #expect(try Self.said(step) == "")
  }
}

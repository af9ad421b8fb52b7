import Foundation
import Testing

/// `check` with inputs: what every run with them fails at is found before one is started.
@Suite("Failures that inputs make certain", .timeLimit(.minutes(20)))
struct CertainFailureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func check(_ playbook: String, _ inputs: String...) async throws -> Ended {
    try folder.write(
      """
      playbook: 1
      name: sure
      inputs: { p: { type: secret }, n: { type: integer, default: 1 }, t: { type: string, default: x } }
      session: { username: alice, password: "${{ inputs.p }}" }
      \(playbook)
      """, to: "sure.yaml")
    let given = (["p=env:P"] + inputs).flatMap { ["--input", $0] }
    return try await Program.run(
      ["check", "sure.yaml"] + given, in: folder.path, environment: ["P": "planted-55"])
  }

  @Test(arguments: [
    (
      "steps: [{ call: data-token.list-data-tokens, with: { perPage: '${{ inputs.n }}' } }]", "n=0",
      "the field `perPage` must be at least 1, not 0"
    ),
    (
      "steps: [{ call: device.approve-device, with: { deviceIdentifier: '${{ inputs.t }}' } }]",
      "t=", "the field `deviceIdentifier` must have at least 1 character, not 0"
    ),
    (
      "steps: [{ call: device.retrieve-profile-devices, timeout: '${{ inputs.t }}' }]", "t=0s",
      "`timeout` must be from"
    ),
    (
      "steps: [{ call: device.retrieve-profile-devices, timeout: '${{ inputs.t }}' }]", "t=abc",
      "`timeout` is not a duration, not `abc`"
    ),
    (
      "steps: [{ for-each: [1], as: e, concurrency: '${{ inputs.n }}', steps: [{ wait: 1s }] }]",
      "n=-3", "`concurrency` must be an integer from 1 to 1000, not `-3`"
    ),
    ("steps: [{ assert: inputs.n < 10 }]", "n=11", "`inputs.n < 10` is false"),
    ("steps: [{ assert: 'inputs.t.matches(inputs.t)' }]", "t=(", "`(` is not closed"),
    (
      "let: { rest: '${{ run.name + string(7 / inputs.n) }}' }\nsteps: [{ assert: rest != '' }]",
      "n=0", "divi"
    ),
  ])
  func `a step that fails in every run is an error where it is written`(
    _ playbook: String, _ input: String, _ message: String
  ) async throws {
    let ended = try await check(playbook, input)
    #expect(ended.status == 2)
    #expect(ended.output == "")
    #expect(ended.errors.contains(message), "\(ended.errors)")
    #expect(ended.errors.contains("sure.yaml:5:") || ended.errors.contains("sure.yaml:6:"))
  }

  @Test(arguments: [
    // It depends on the service.
    "steps: [{ id: d, call: device.retrieve-profile-devices }, { assert: steps.d.devices.size() > 3 }]",
    // It depends on when the run starts.
    "steps: [{ assert: run.startedAt < timestamp('2020-01-01T00:00:00Z') }]",
    // Somebody deals with it.
    "steps: [{ assert: inputs.n > 1, rescue: [{ wait: 1s }] }]",
    // It is not carried out.
    "steps: [{ when: inputs.n > 1, assert: inputs.n > 5 }]",
    // How it ends depends on the service.
    """
    steps:
      - { id: d, call: device.retrieve-profile-devices, rescue: [{ wait: 1s }] }
      - { assert: steps.d.outcome == 'tolerated' }
    """,
    """
    steps:
      - { id: d, call: device.retrieve-profile-devices }
      - { id: w, when: steps.d.devices.size() > 0, wait: 1s }
      - { assert: steps.w.outcome == 'skipped' }
    """,
  ])
  func `what a run may get past is none`(_ playbook: String) async throws {
    let ended = try await check(playbook)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output == "sure.yaml: ok\n")
  }
}

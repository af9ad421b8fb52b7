import Testing

/// A tenant is made, and then a shipped playbook is played for it, once or more often.
struct Story: Sendable, CustomTestStringConvertible {
  /// The playbook in `workflows/` that it is about, without the ending.
  let workflow: String
  /// The steps, as YAML of one level of indentation; `onboarded` is there already.
  let steps: String
  /// How many effects an operation has in all of it, the making of the tenant counted in.
  var effects: [String: Int] = [:]

  var testDescription: String { workflow }

  /// The whole of it as a playbook that stands in `workflows/`.
  var text: String {
    """
    playbook: 1
    name: story
    inputs:
      username: { type: string }
      password: { type: secret }
      newPassword: { type: secret }
      document: { type: file }
      revision: { type: file }
    steps:
      - id: onboarded
        play: onboard-tenant.yaml
        with:
          username: ${{ inputs.username }}
          password: ${{ inputs.password }}
          document: ${{ inputs.document }}
          keyFolder: keys
    \(steps)

    """
  }

  /// A story in which the playbook is played `times` times with the same inputs.
  static func playing(
    _ workflow: String, times: Int = 1, with inputs: [String], effects: [String: Int] = [:]
  ) -> Story {
    let inputs = ["username: ${{ inputs.username }}", "password: ${{ inputs.password }}"] + inputs
    let steps = (1...times).map { turn in
      """
        - id: turn\(turn)
          play: \(workflow).yaml
          with:
      \(inputs.map { "      \($0)" }.joined(separator: "\n"))
      """
    }
    return Story(workflow: workflow, steps: steps.joined(separator: "\n"), effects: effects)
  }
}

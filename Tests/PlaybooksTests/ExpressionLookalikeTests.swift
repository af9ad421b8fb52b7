import Playbooks
import Testing

@Suite struct ExpressionLookalikeTests {
  @Test(arguments: [
    ("{{ inputs.device }}", "an expression is written `${{ inputs.device }}`"),
    ("name-{{inputs.device}}-x", "an expression is written `${{ inputs.device }}`"),
    ("${ inputs.device }", "an expression is written `${{ inputs.device }}`"),
    (
      "{{ inputs.device | upper }}",
      "an expression is written `${{ inputs.device }}`, with functions in place of filters"
    ),
    (
      "{% if inputs.device %}",
      "there are no tags: a step has `when`, and an expression is written "
        + "`${{ condition ? value : other }}`"
    ),
    ("$(inputs.device)", "an expression is written `${{ inputs.device }}`"),
    ("{{ user }}", "an expression is written `${{ inputs.user }}`"),
    ("${user.name}", "an expression is written `${{ inputs.user.name }}`"),
    ("$(user.name)", "an expression is written `${{ inputs.user.name }}`"),
    ("{{ row }}", "an expression is written `${{ row }}`"),
    ("${HOME}", "an expression is written `${{ HOME }}`"),
    ("inputs.device", "an expression is written `${{ inputs.device }}`"),
    ("$steps.a.commandId", "an expression is written `${{ steps.a.commandId }}`"),
    (
      "{{ env.USER }}",
      "there is no `env` in expressions: declare an input and write `${{ inputs.… }}`"
    ),
    (
      "env:DEVICE",
      "`env:` names a variable for an input: declare one and write `${{ inputs.… }}`"
    ),
  ])
  func `what looks like an expression of another tool gets a hint`(text: String, hint: String) {
    #expect(ExpressionLookalike.hint(for: text, knowing: Self.names) == hint)
  }

  private static let names = ExpressionLookalike.Names(inputs: ["user", "row"], bound: ["row"])

  @Test(arguments: [
    ("{{ inputs.device }}", "${{ inputs.device }}"), ("${inputs.device}", "${{ inputs.device }}"),
    ("$(inputs.device)", "${{ inputs.device }}"), ("{{ user }}", "${{ inputs.user }}"),
    ("{{ row.name }}", "${{ row.name }}"), ("{{ inputs.device | lower }}", nil),
    ("{{ lower(inputs.device) }}", nil), ("{{ other }}", nil), ("${HOME}", nil),
    ("a-{{ inputs.device }}", nil), ("{{ inputs.a }}-{{ inputs.b }}", nil),
  ])
  func `it is replaced only by an expression that is right`(text: String, meant: String?) {
    #expect(
      ExpressionLookalike.meant(by: text, knowing: Self.names) == meant.map { "\"\($0)\"" })
  }

  @Test(arguments: [
    "", "inputs", "inputs.", "run.sh", "a.b", "inputs. All of them", "{a: 1}", "{{}}", "{{ }}",
    "$5", "${}", "10.0.0.1", "env: production", "steps...", "$(date)",
  ])
  func `an ordinary string gets none`(text: String) {
    #expect(ExpressionLookalike.hint(for: text) == nil)
  }
}

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
    #expect(ExpressionLookalike.hint(for: text) == hint)
  }

  @Test(arguments: [
    "", "inputs", "inputs.", "run.sh", "a.b", "inputs. All of them", "{a: 1}", "{{}}", "{{ }}",
    "$5", "${}", "10.0.0.1", "env: production", "steps...",
  ])
  func `an ordinary string gets none`(text: String) {
    #expect(ExpressionLookalike.hint(for: text) == nil)
  }
}

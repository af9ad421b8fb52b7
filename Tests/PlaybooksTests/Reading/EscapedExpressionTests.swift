import Diagnostics
import Expressions
import OrderedCollections
import Playbooks
import Testing

/// `$${{` stands for `${{` wherever a string may stand.
@Suite struct EscapedExpressionTests {
  private static let text = #"""
    playbook: 1
    name: "writes $${{ x }}"
    summary: "writes $${{ y }}"
    inputs:
      text: { type: string, default: "$${{ a }}", enum: ["$${{ a }}", b], summary: "$${{ s }}" }
      map: { type: map, of: string, default: { "$${{ k }}": "$${{ v }}" } }
      code: { type: string, pattern: "[$]$${{x" }
    steps:
      - name: "step $${{ n }}"
        assert:
          - { that: size(inputs.text) > 0, message: "no $${{ m }}" }
    outputs:
      map: { "$${{ k }}": "$${{ v }}" }
    """#

  @Test func `the escape is taken in every string`() throws {
    let playbook = try Playbook(parsing: Array(Self.text.utf8), file: "a.yaml")
    #expect(playbook.name == "writes ${{ x }}")
    #expect(playbook.summary == "writes ${{ y }}")
    let text = try #require(playbook.inputs["text"])
    #expect(text.defaultValue == "${{ a }}")
    #expect(text.schema.allowed == ["${{ a }}", "b"])
    #expect(text.summary == "${{ s }}")
    #expect(playbook.inputs["map"]?.defaultValue == ["${{ k }}": "${{ v }}"])
    #expect(playbook.inputs["code"]?.schema.pattern == "[$]${{x")
    #expect(playbook.steps.first?.name?.expressions == [])
    guard case .literal("step ${{ n }}", _, _)? = playbook.steps.first?.name else {
      Issue.record("the name is not a literal")
      return
    }
    guard case .map(let fields, _) = playbook.outputs["map"]?.value else {
      Issue.record("the output is not a map")
      return
    }
    #expect(Array(fields.keys) == ["${{ k }}"])
  }
}

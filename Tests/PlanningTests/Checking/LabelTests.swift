import Diagnostics
import Expressions
import OrderedCollections
import Planning
import Testing

@Suite struct LabelTests {
  private static let playbook = """
    playbook: 1
    labels:
      tenant: ${{ inputs.tenant }}
      stage: production
      app.size: "${{ size(inputs.names) }} of 9"
    inputs:
      tenant: { type: string }
      names: { type: list, default: [a, b] }
    steps: [ { wait: 1s } ]
    """

  @Test func `labels are known once the inputs are`() throws {
    let checked = try MemoryFiles(["a.yaml": Self.playbook]).check("a.yaml")
    let long = String(repeating: "x", count: 101)
    #expect(
      try checked.plan(inputs: ["tenant": "acme", "names": ["a", "b"]]).labels
        == ["tenant": "acme", "stage": "production", "app.size": "2 of 9"])
    #expect(
      try checked.plan(inputs: ["tenant": .string(long), "names": []]).labels["tenant"]
        == String(repeating: "x", count: 100) + "…")
  }
}

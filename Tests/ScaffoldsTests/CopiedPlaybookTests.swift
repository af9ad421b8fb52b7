import Scaffolds
import Testing

/// Playbooks that are copied.
@Suite struct CopiedPlaybookTests {
  private static let original = """
    # yaml-language-server: $schema=../schemas/playbook.schema.json
    # Does things.
    #
    #   privirun run workflows/onboard.yaml --sandbox
    playbook: 1
    name: onboard # the usual one
    inputs:
      document: { type: file, default: ./samples/a.txt }
      other: { type: file }
      text: { type: string, default: b.txt }
    steps:
      - name: onboard
        wait: 1s

    """

  @Test func `a copy has its own name, and its commands name its own file`() {
    let copy = CopiedPlaybook(Self.original, in: "/x/workflows/onboard.yaml")
    #expect(
      copy.text(named: "acme", in: "acme/new.yaml") == """
        # Does things.
        #
        #   privirun run acme/new.yaml --sandbox
        playbook: 1
        name: acme
        inputs:
          document: { type: file, default: ./samples/a.txt }
          other: { type: file }
          text: { type: string, default: b.txt }
        steps:
          - name: onboard
            wait: 1s

        """)
    #expect(copy.defaultFiles == ["./samples/a.txt"])
  }

  @Test(arguments: [
    ("playbook: 1\nsteps: []\n", "playbook: 1\nname: new\nsteps: []\n"),
    ("playbook: 1\nname: >-\n  a\n  b\nsteps: []\n", nil),
    ("{ playbook: 1, name: a, steps: [] }\n", nil),
    ("name: 'a b'\nplaybook: 1\n", "name: new\nplaybook: 1\n"),
    ("a: [\n", nil), ("", nil),
  ])
  func `a name that is not on a line of its own stays`(text: String, expected: String?) {
    #expect(CopiedPlaybook(text, in: "a.yaml").text(named: "new", in: "b.yaml") == expected ?? text)
  }
}

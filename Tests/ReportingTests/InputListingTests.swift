import Diagnostics
import Expressions
import OrderedCollections
import Planning
import Playbooks
import Reporting
import Testing

@Suite struct InputListingTests {
  private func place(_ file: String, _ line: Int) -> Diagnostics.SourceLocation {
    Diagnostics.SourceLocation(file: file, line: line, column: 3)
  }

  @Test func `each input is listed with its value and where it came from, secrets masked`() {
    let names = ["username", "password", "pin", "users", "dry", "region", "unused"]
    let playbook = PlannedPlaybook(
      name: "greet", file: "greet.yaml",
      inputs: OrderedDictionary(
        uniqueKeysWithValues: names.map {
          ($0, InputDeclaration(ValueSchema(.any), location: place("greet.yaml", 4)))
        }), session: nil, steps: [], outputs: [:],
      hiddenInputs: [InputPath(name: "pin")])
    let bound = BoundInputs(
      values: [
        "username": "alice", "password": .secret(text: "hunter2"), "pin": "1234",
        "users": [["name": "bob", "password": .secret(text: "hunter3")]], "dry": false,
      ],
      origins: [
        "username": InputOrigin(source: .file(place("prod.yaml", 3))),
        "password": InputOrigin(source: .commandLine, reference: "env:PASSWORD"),
        "pin": InputOrigin(source: .terminal), "users": InputOrigin(source: .commandLine),
        "dry": InputOrigin(source: .playbookDefault(place("greet.yaml", 9))),
      ])
    #expect(
      InputListing(bound, missing: ["region"], of: playbook).text(TerminalStyle()) == """
        username  alice                              prod.yaml:3
        password  •••                                env:PASSWORD (--input)
        pin       •••                                the terminal
        users     [{"name":"bob","password":"•••"}]  --input
        dry       false                              default of greet.yaml:9
        region                                       missing

        """)
  }
}

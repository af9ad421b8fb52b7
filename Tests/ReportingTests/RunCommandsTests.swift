import EventSamples
import Events
import Playbooks
import Reporting
import Testing

@Suite struct RunCommandsTests {
  private static let release = StepPath(components: [
    .step("stores"), .iteration(0), .step("release"),
  ])

  @Test(
    arguments: [
      (nil, ""), ("runs.sqlite", " --journal runs.sqlite"),
      ("~/j.sqlite", " --journal '~/j.sqlite'"),
      ("it's here/j $1", #" --journal 'it'\''s here/j $1'"#), ("", " --journal ''"),
    ] as [(String?, String)])
  func `a command names the journal as a shell reads it`(journal: String?, option: String) {
    let commands = RunCommands(of: SampleRun.run, journal: journal)
    #expect(
      [commands.resume, commands.show, commands.verify] == [
        "privirun resume 7k2m9q0d4x1z\(option)", "privirun show 7k2m9q0d4x1z\(option)",
        "privirun show 7k2m9q0d4x1z --verify\(option)",
      ])
  }

  @Test func `a decision names the fields to fill in`() {
    let types: [ValueType] = [.string, .integer, .number, .boolean, .secret]
    let fields = types.map { ApprovalField(name: "a_\($0.word)", type: $0) }
    let commands = RunCommands(of: SampleRun.run, journal: "j.sqlite")
    #expect(
      commands.approve(Self.release, fields)
        == "privirun approve 7k2m9q0d4x1z 'stores[0]/release' --field a_string=TEXT "
        + "--field a_integer=INTEGER --field a_number=NUMBER --field a_boolean=BOOLEAN "
        + "--field a_secret=env:VARIABLE --journal j.sqlite")
    #expect(
      commands.approve(StepPath(components: [.step("gate")]), [])
        == "privirun approve 7k2m9q0d4x1z gate --journal j.sqlite")
  }
}

import EventSamples
import Events
import Operations
import Playbooks
import Testing

@testable import Reporting

@Suite struct RunCommandsTests {
  private static let release = StepPath(components: [
    .step("stores"), .iteration(0), .step("release"),
  ])

  @Test(
    arguments: [
      (nil, ""),
      (
        JournalReference(arguments: ["--journal-key", "keys/ci.key"]), " --journal-key keys/ci.key"
      ),
      (
        JournalReference(arguments: ["--journal", "j.sqlite", "--journal-key", "a key"]),
        " --journal j.sqlite --journal-key 'a key'"
      ), ("runs.sqlite", " --journal runs.sqlite"),
      ("~/j.sqlite", " --journal '~/j.sqlite'"),
      ("it's here/j $1", #" --journal 'it'\''s here/j $1'"#), ("", " --journal ''"),
      (
        JournalReference(arguments: ["--environment", "staging"]), " --environment staging"
      ),
    ] as [(JournalReference?, String)])
  func `a command names the journal as a shell reads it`(journal: JournalReference?, option: String)
  {
    let commands = RunCommands(of: SampleRun.run, journal: journal)
    #expect(
      [commands.resume, commands.show, commands.verify] == [
        "privirun resume 7k2m9q0d4x1z\(option)", "privirun show 7k2m9q0d4x1z\(option)",
        "privirun show 7k2m9q0d4x1z --verify\(option)",
      ])
  }

  @Test func `an awaited decision is printed with the command that makes it`() throws {
    var tree = RunTree(journal: "j.sqlite")
    for event in SampleRun.events.prefix(8) { tree.apply(event) }
    let request = ApprovalRequest(
      message: "Go?", fields: [ApprovalField(name: "why", type: .string)])
    let event = RunEvent(
      sequence: 8, at: Moment(nanoseconds: 0), kind: .approvalRequested(Self.release, request))
    let sentence = EventSentence(event, in: tree)
    #expect(sentence.text == "approval required: Go?")
    #expect(
      sentence.details.map { $0.rendered(TerminalStyle()) } == [
        "  decide with `privirun approve 7k2m9q0d4x1z 'stores[0]/release' --field why=TEXT "
          + "--journal j.sqlite`"
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

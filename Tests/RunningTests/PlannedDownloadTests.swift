import Events
import Expressions
import Machine
import Playbooks
import Testing

/// Calls of a plan that would write what they bring to a file.
@Suite("Files that the calls of a plan would write")
struct PlannedDownloadTests {
  private static func unknown(_ source: String) -> Value { .unknown(Unknown(source)) }

  /// How the steps of a plan end, by their paths.
  private static func plan(
    _ steps: String, _ planning: Planning = Planning()
  ) throws -> [String: StepResult] {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n"),
      guidedBy: Guidance(planning: planning))
    let files = FilesInMemory()
    world.localActions = files.actions
    #expect(try world.run().outcome == .succeeded)
    #expect(files.all == [:])
    #expect(!world.sent.map(\.what).contains("POST /obtain"))
    var results: [String: StepResult] = [:]
    for event in world.events {
      if case .stepFinished(let path, let result) = event.kind {
        results[path.description] = result
      }
    }
    return results
  }

  @Test(arguments: [Planning(), Planning(isOffline: true)])
  func `what a call would write is known after apply, to the steps that read the file too`(
    _ planning: Planning
  ) throws {
    let results = try Self.plan(
      """
      - { id: got, call: obtain, with: { to: out/a.txt } }
      - { id: path, call: file.digest, with: { file: out/a.txt } }
      - { id: file, call: file.digest, with: { file: "${{ steps.got.file }}" } }
      - { id: text, call: file.read, with: { file: out/a.txt } }
      - { id: copy, call: file.write, with: { path: b.txt, data: "${{ steps.text.text }}" } }
      """, planning)
    #expect(
      results["got"]?.change
        == StateChange(.unknown, reason: "it writes `out/a.txt`", isLocal: true))
    let file = results["got"]?.value[field: "file"]
    #expect(file?[field: "path"] == "out/a.txt")
    #expect(file?[field: "name"] == "a.txt")
    let content = Self.unknown("got.file")
    #expect(file?[field: "size"] == content)
    for id in ["path", "file"] {
      #expect(results[id]?.value == ["sha256": content, "size": content])
      #expect(results[id]?.change == nil)
    }
    #expect(
      results["copy"]?.change
        == StateChange(.create, reason: "`b.txt` does not exist", isLocal: true))
  }

  @Test func `a file whose path is not known yet is written all the same`() throws {
    let results = try Self.plan(
      """
      - { id: made, call: make, with: { name: x } }
      - { id: got, call: obtain, with: { to: "${{ steps.made.id }}" } }
      - { id: read, call: file.digest, with: { file: "${{ steps.got.file }}" } }
      """)
    #expect(
      results["got"]?.change
        == StateChange(
          .unknown, reason: "it writes a file, and which one depends on `made.id`", isLocal: true))
    #expect(results["read"]?.value[field: "sha256"] == Self.unknown("got.file"))
  }

  @Test func `a call that keeps its data in memory changes no file`() throws {
    let results = try Self.plan("- { id: got, call: obtain }")
    #expect(results["got"]?.change == nil)
    #expect(results["got"]?.value == Self.unknown("got"))
  }

  @Test func `a file may be written where it is not known whether its step is carried out`() throws
  {
    let results = try Self.plan(
      """
      - { id: made, call: make, with: { name: x } }
      - { id: got, when: "steps.made.id == '7'", call: obtain, with: { to: a.txt } }
      """)
    #expect(results["got"]?.change?.kind == .unknown)
  }

  @Test func `what a step may write that may be skipped is not known either`() throws {
    let results = try Self.plan(
      """
      - { id: got, call: obtain, with: { to: out/a.txt } }
      - { id: size, call: file.digest, with: { file: out/a.txt } }
      - id: maybe
        when: "${{ steps.size.size > 3 }}"
        steps: [{ id: kept, call: file.write, with: { path: b.txt, data: x } }]
      - { id: text, call: file.read, with: { file: b.txt } }
      """)
    #expect(results["maybe"]?.change?.kind == .unknown)
    #expect(results["text"]?.value[field: "text"] == Self.unknown("maybe"))
  }
}

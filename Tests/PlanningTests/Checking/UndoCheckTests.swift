import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks
import Testing

/// What takes back what a step changed, as a plan has it.
@Suite struct UndoCheckTests {
  private static func check(
    _ steps: String, causes: String? = "failure", files: [String: String] = [:]
  ) throws -> CheckedPlaybook {
    let text = """
      playbook: 1
      inputs: { password: { type: secret }, who: { type: string, default: w } }
      session: { username: "${{ inputs.who }}", password: "${{ inputs.password }}" }
      \(causes.map { "undo-on: [\($0)]" } ?? "")
      steps:
      \(steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      """
    let file = "schemas/privicore-api.yaml"
    let api = try APIDescription(parsing: Array(try PackageFiles.text(file).utf8), file: file)
    return try MemoryFiles(files.merging(["main.yaml": text]) { $1 })
      .check("main.yaml", against: api)
  }

  private static let make =
    "call: device.request-unique-identifier, with: { deviceName: d }, ensure: present"
  private static let wait = "undo: [{ wait: 1s }]"

  @Test(arguments: [
    ("- { \(make) }", 1), ("- { \(make), \(wait) }", 0), ("- { \(make), undo: auto }", 0),
    ("- { steps: [{ \(make) }, { \(make) }] }", 2),
    ("- { steps: [{ \(make) }], \(wait) }", 0), ("- { play: lib.yaml }", 1),
    ("- { play: lib.yaml, \(wait) }", 0), ("- { play: undone.yaml, \(wait) }", 1),
    ("- { steps: [{ wait: 1s }], rescue: [{ \(make) }], \(wait) }", 1),
    ("- { call: device.retrieve-profile-devices }", 0),
  ])
  func `a change that is not undone is found where a playbook is undone`(
    _ steps: String, _ count: Int
  ) throws {
    let files = [
      "lib.yaml": "playbook: 1\nsteps: [{ \(Self.make) }]",
      "undone.yaml": "playbook: 1\nundo-on: [cancel]\nsteps: [{ \(Self.make) }]",
    ]
    let found = try Self.check(steps, files: files).stepsWithoutUndo
    #expect(found.count == count)
    #expect(found.allSatisfy { $0.code == .notUndone && $0.severity == .warning })
    if !steps.contains("undone.yaml") {
      #expect(try Self.check(steps, causes: nil, files: files).stepsWithoutUndo == [])
    }
  }

  @Test func `an undo that may be carried out by a caller gets no warning`() throws {
    let text = "playbook: 1\nsteps: [{ \(Self.make), \(Self.wait) }]"
    let file = "schemas/privicore-api.yaml"
    let api = try APIDescription(parsing: Array(try PackageFiles.text(file).utf8), file: file)
    let checked = try MemoryFiles(["main.yaml": text]).check("main.yaml", against: api)
    #expect(checked.dependence != nil)
    #expect(checked.warnings == [])
  }

  private static func undo(_ step: String) throws -> PlannedUndo {
    try #require(try check(step).planned.steps.last?.modifiers.undo)
  }

  @Test func `only what the steps use is kept for them`() throws {
    let undo = try Self.undo(
      """
      - { id: a, \(Self.make), undo: auto }
      - for-each: [x]
        as: n
        let: { prefix: "${{ 'p' }}", unused: "${{ prefix }}" }
        steps: [ { id: b, \(Self.make), undo: auto } ]
        undo:
          - { wait: 1s, name: "${{ inputs.who }} ${{ prefix }}" }
          - { assert: "${{ steps.a.deviceIdentifier != '' }}" }
      """)
    #expect(undo.uses.steps == ["a"])
    #expect(undo.uses.inputs == ["who"])
    #expect(undo.uses.names == ["prefix"])
  }

  @Test func `auto removes by what the call itself knows`() throws {
    func removals(_ step: String) throws -> [String] {
      guard case .removal(let removals) = try Self.undo(step).kind else { return [] }
      return removals.map { "\($0.operation.id) \($0.fields.values.map { "\($0)" })" }
    }
    #expect(
      try removals("- { \(Self.make), undo: auto }")
        == [#"device.remove-device ["result(\"deviceIdentifier\")"]"#])
    #expect(
      try removals(
        "- { call: storage.register-storage-device, with: { deviceIdentifier: d }, undo: auto }")
        == [#"storage.remove-storage ["argument(\"deviceIdentifier\")"]"#])
  }

  /// A run that is in progress must be planned again as it was, by a newer program, too.
  @Test func `an outline says something of undo only where there is one`() throws {
    func outline(_ causes: String?, _ step: String) throws -> [String] {
      try Self.check(step, causes: causes).plan(inputs: ["password": "p", "who": "w"]).outline
    }
    let plain = try outline(nil, "- { \(Self.make) }")
    #expect(!plain.joined().contains("undo"))
    let undone = try outline("failure, cancel", "- { \(Self.make), undo: auto }")
    #expect(undone.contains("undo-on failure, cancel"))
    #expect(
      undone.contains(" undo by device.remove-device (deviceIdentifier: result deviceIdentifier)"))
    #expect(plain == undone.filter { !$0.contains("undo") })
  }
}

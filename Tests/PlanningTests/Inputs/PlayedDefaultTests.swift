import Diagnostics
import Expressions
import OrderedCollections
import Planning
import Playbooks
import Testing

/// The files that inputs have by default, in the playbook of a run and in those it plays.
@Suite struct PlayedDefaultTests {
  private static func child(_ file: String) -> String {
    """
    playbook: 1
    inputs:
      document: { type: file, default: \(file) }
    steps:
      - call: file.digest
        with: { file: "${{ inputs.document }}" }
    """
  }

  private static func plan(of play: String, default file: String) throws -> PlannedPlaybook {
    let parent = """
      playbook: 1
      inputs: { mine: { type: file, default: nowhere.txt } }
      steps:
        - for-each: [1, 2]
          steps:
            - play: lib/child.yaml
      \(play)
            - call: file.digest
              with: { file: "${{ inputs.mine }}" }
      """
    return try MemoryFiles(["main.yaml": parent, "lib/child.yaml": child(file)])
      .check("main.yaml").planned
  }

  private static let sources = InputSources(
    environment: { _ in nil },
    size: { path throws(InputSources.FileFlaw) in
      guard path == "lib/contract.txt" else { throw .missing }
      return 12
    }, read: { _, _ throws(InputSources.FileFlaw) in throw .missing })

  /// The default of `document` in the playbook that the loop plays.
  private static func document(of planned: PlannedPlaybook) -> Value? {
    guard case .forEach(let loop)? = planned.steps.first?.kind,
      case .play(let played, _)? = loop.steps.first?.kind
    else { return nil }
    return played.inputs.values.first?.defaultValue
  }

  @Test func `a file that a played playbook has by default lies beside it`() throws {
    let planned = try Self.plan(of: "", default: "contract.txt")
    let settled = try InputBinder(sources: Self.sources).settlePlayed(in: planned)
    #expect(
      Self.document(of: settled) == [
        "path": "lib/contract.txt", "name": "contract.txt", "extension": "txt", "size": 12,
      ])
  }

  @Test func `one that does not exist is an error once, where it is declared`() throws {
    let planned = try Self.plan(of: "", default: "absent.txt")
    #expect(
      throws: InvalidInput([
        Diagnostic(
          .missingFile, "the file `absent.txt` of the input `document` does not exist",
          at: SourceLocation(file: "lib/child.yaml", line: 3, column: 3, length: 8),
          hint: "it is looked for in `lib`")
      ])
    ) { try InputBinder(sources: Self.sources).settlePlayed(in: planned) }
  }

  @Test func `one that the play replaces is not looked for`() throws {
    let planned = try Self.plan(
      of: "        with: { document: \"${{ inputs.mine }}\" }", default: "absent.txt")
    let settled = try InputBinder(sources: Self.sources).settlePlayed(in: planned)
    #expect(Self.document(of: settled) == "absent.txt")
  }

  @Test func `one of the playbook itself is only warned of, because a run can name another`() throws
  {
    let planned = try Self.plan(of: "", default: "contract.txt")
    #expect(
      InputBinder(sources: Self.sources).flawedDefaults(of: planned) == [
        Diagnostic(
          .missingFile, "the file `nowhere.txt` of the input `mine` does not exist",
          at: SourceLocation(file: "main.yaml", line: 2, column: 11, length: 4),
          severity: .warning)
      ])
  }
}

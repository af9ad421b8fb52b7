import Foundation
import Testing

@Suite("The journal as a file", .timeLimit(.minutes(20)))
struct JournalFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder.path)/\(name)")
  }

  private func run(_ playbook: String, journal: String) async throws -> Ended {
    try folder.write(playbook, to: "test.yaml")
    return try await Program.run(
      "run", "test.yaml", "--sandbox", "--quiet", "--journal", journal, in: folder.path,
      environment: ["HOME": folder.path])
  }

  private static let writing = """
    playbook: 1
    name: writing
    steps:
      - call: file.write
        with: { path: ~/out/a.txt, data: x }

    """

  @Test(arguments: [":memory:", "file:x.sqlite?mode=memory", ""])
  func `a journal in memory is refused before anything happens`(name: String) async throws {
    let ended = try await run(Self.writing, journal: name)
    #expect(ended.status == 2)
    #expect(
      ended.errors == """
        privirun: a journal is a file, and `\(name)` is not the path of one
          hint: give the path of a file, such as `--journal runs.sqlite`

        """)
    #expect(!exists("out"))
  }

  @Test func `a tilde in an option and in a playbook is the home folder`() async throws {
    #expect(try await run(Self.writing, journal: "~/journals/j.sqlite").status == 0)
    #expect(exists("journals/j.sqlite"))
    #expect(exists("out/a.txt"))
    #expect(!exists("~"))
    let other = try await run(Self.writing, journal: "~nobody-here/j.sqlite")
    #expect(other.status == 2)
    #expect(other.errors.contains("`~nobody-here/j.sqlite` begins with `~nobody-here`"))
  }

  @Test func `a journal that is replaced during the run stops it`() async throws {
    let ended = try await run(
      """
      playbook: 1
      name: replacing
      steps:
        - call: file.write
          with: { path: j.sqlite, data: x }
        - call: file.write
          with: { path: later.txt, data: x }

      """, journal: "j.sqlite")
    #expect(ended.status == 3)
    #expect(
      ended.errors.contains(
        "the journal j.sqlite or its key was removed or replaced by another file, so nothing more can "
          + "be recorded"
      ))
    #expect(!exists("later.txt"))
  }

  @Test func `a run that makes keys says last where they are, and one that loads them does not`()
    async throws
  {
    let playbook = """
      playbook: 1
      name: keys
      steps:
        - call: keys.generate
          with: { dataKeyFile: keys/a.data-key }

      """
    try folder.write(playbook, to: "keys.yaml")
    let first = try await Program.run(
      "run", "keys.yaml", "--sandbox", "--output", "plain", in: folder.path)
    #expect(
      first.output.hasSuffix(
        """
        note: a new key was written to `keys/a.data-key`: keep this file and back it up, because data \
        encrypted with a lost key cannot be recovered

        """))
    let again = try await Program.run(
      "run", "keys.yaml", "--sandbox", "--output", "plain", in: folder.path)
    #expect(again.status == 0)
    #expect(!again.output.contains("note:"))
  }
}

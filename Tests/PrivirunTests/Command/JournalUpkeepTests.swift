import Events
import Expressions
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite("The commands about the journal", .timeLimit(.minutes(20)))
struct JournalUpkeepTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("playbook: 1\nname: idle\nsteps: [{id: one, wait: 1ms}]\n", to: "idle.yaml")
  }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  private var journal: String { "\(folder.path)/.privirun/journal.sqlite" }

  private static let journalPath = ".privirun/journal.sqlite"

  /// Runs the playbook so often.
  private func record(_ count: Int) async throws {
    for _ in 0..<count { #expect(try await run("run", "idle.yaml", "--quiet") == Ended(status: 0)) }
  }

  private func ids(_ journal: String) async throws -> [String] {
    try JournalReader.open(at: "\(folder.path)/\(journal)").runs(limit: 100).map(\.run.text)
  }

  @Test func `what is archived is read and verified with --journal`() async throws {
    try await record(3)
    let all = try await ids(Self.journalPath)
    let stays = """
      old enough, but not moved:
        1 run: latest successful runs of a tenant and playbook: drift compares with them

      """
    #expect(
      try await run("journal", "archive", "--before", "0s", "--to", "old.sqlite", "--dry-run")
        == Ended(status: 0, output: "would move 2 runs (10 events) to old.sqlite\n" + stays))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/old.sqlite"))
    #expect(
      try await run("journal", "archive", "--before", "0s", "--to", "old.sqlite")
        == Ended(status: 0, output: "moved 2 runs (10 events) to old.sqlite\n" + stays))
    #expect(try await ids(Self.journalPath) == [all[0]])
    #expect(try await ids("old.sqlite") == Array(all[1...]))
    #expect(
      try await run("show", "latest", "--verify", "--journal", "old.sqlite")
        == Ended(status: 0, output: "run \(all[1]): the record is intact\n"))
    let report = try await run(
      "report", "latest", "--format", "markdown", "--journal", "old.sqlite")
    #expect(report.status == 0 && report.output.contains(all[1]))
    #expect(
      try await run("journal", "archive", "--before", "0s", "--to", "old.sqlite", "--compact")
        .output.hasPrefix("moved nothing\n" + stays + "the journal file is "))
  }

  @Test(
    arguments: [
      (
        ["archive", "--before", "soon", "--to", "a"], 2,
        """
        privirun: `--before soon` is not a time
          hint: write `90d`, `2027-01-01` or `2027-01-01T00:00:00Z`

        """
      ),
      (
        ["archive", "--before", "2200-01-01", "--to", "a"], 2,
        "privirun: `--before 2200-01-01` is in the future\n"
      ),
      (
        ["archive", "--before", "0s", "--to", journalPath], 2,
        """
        privirun: \(journalPath) is the journal itself
          hint: name another file with `--to FILE`

        """
      ),
      (
        ["backup", "--to", "idle.yaml"], 2,
        """
        privirun: idle.yaml exists already
          hint: name another file with `--to FILE`, or replace it with `--force`

        """
      ),
      (
        ["key", "rotate", "--journal-key", "\(journalPath).key"], 2,
        """
        privirun: the key \(journalPath).key was named, and other journals may have it, too: it is not replaced
          hint: name a file for the new key with `--new-key FILE`; it is made when it is missing

        """
      ),
      (
        ["check", "--journal", "none.sqlite"], 2,
        """
        privirun: no journal at none.sqlite: nothing has been run here yet
          hint: `privirun run PLAYBOOK` makes one; `--journal FILE` names another

        """
      ),
    ] as [([String], Int32, String)])
  func `what cannot be done is refused with what to do`(
    arguments: [String], status: Int32, errors: String
  ) async throws {
    try await record(1)
    #expect(
      try await Program.run(["journal"] + arguments, in: folder.path)
        == Ended(status: status, errors: errors))
  }

  @Test func `a check lists what is wrong, also for programs`() async throws {
    try await record(1)
    let id = try #require(try await ids(Self.journalPath).first)
    let left = """
      left behind by interruptions:
        1 process that drove runs ended, and drives none any more; the next process that records something \
      removes them

      """
    #expect(
      try await run("journal", "check")
        == Ended(
          status: 0,
          output: "\(Self.journalPath) is intact: 1 run, 5 events and 2 texts\n" + left))
    try await DatabaseQueue(path: journal).write { database in
      try database.execute(sql: "UPDATE runs SET file = 'x'")
    }
    #expect(
      try await run("journal", "check")
        == Ended(
          status: 1,
          output: """
            \(Self.journalPath): 1 problem in 1 run, 5 events and 2 texts
            the record of run \(id) is damaged:
              its line in the list of runs was altered
              hint: `privirun show \(id)` shows what stands before the first flaw; a backup may hold the whole

            """ + left))
    let json = try await run("journal", "check", "--output", "json")
    #expect(json.status == 1)
    #expect(
      json.output.contains(
        #""intact":false,"counts":{"rollouts":0,"runs":1,"events":5,"texts":2,"schedules":0,"ticks":0},"#
          + #""problems":[{"kind":"record","run":"\#(id)","message":"the record of run"#))
  }

  @Test func `the key is rotated once nobody uses the journal`() async throws {
    try await record(1)
    let owner = try SQLiteJournal.open(at: journal)
    let run = try #require(RunID("7k2m9q0d4x1z"))
    try await owner.append(
      [
        .runStarted(
          RunStart(
            run: run, playbook: "p", file: "p.yaml", planDigest: "", inputs: [:], seed: 1,
            version: "1"))
      ], to: run)
    #expect(
      try await self.run("journal", "key", "rotate")
        == Ended(
          status: 75,
          errors: """
            privirun: the journal \(Self.journalPath) is in use by process 1 on here
              hint: wait until it ends, or stop it; then try again

            """))
    withExtendedLifetime(owner) {}
  }

  @Test func `a rotation says where both keys are`() async throws {
    try await record(2)
    let old = try KeyFile(named: journal + ".key").load()
    let key = "\(Self.journalPath).key"
    #expect(
      try await run("journal", "key", "rotate")
        == Ended(
          status: 0,
          output: """
            the journal has a new key: 2 runs
              new key: \(key)
              old key: \(key).\(Hexadecimal.encode(old.id)); remove it once no backup, archive or saved plan \
            needs it
            saved plans that were sealed under the old key do not open any more

            """))
    #expect(try KeyFile(named: journal + ".key").load().id != old.id)
    #expect(try await run("journal", "check").status == 0)
  }

  @Test func `a restored backup is continued only once that is accepted`() async throws {
    try folder.write(
      "playbook: 1\nname: asking\nsteps: [{id: ask, approve: {message: go}}]\n", to: "ask.yaml")
    #expect(try await run("run", "ask.yaml", "--quiet", "--no-wait").status == 3)
    #expect(
      try await run("journal", "backup", "--to", "copy.sqlite", "--with-key")
        .output.hasSuffix("the key is in copy.sqlite.key: who has both can read all secrets\n"))
    try FileManager.default.removeItem(atPath: "\(folder.path)/.privirun")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/.privirun", withIntermediateDirectories: true)
    for suffix in ["", ".key"] {
      try FileManager.default.copyItem(
        atPath: "\(folder.path)/copy.sqlite\(suffix)", toPath: journal + suffix)
    }
    let made = try #require(try JournalReader.open(at: journal).backupMoment())
    #expect(
      try await run("resume", "latest", "--quiet", "--no-wait")
        == Ended(
          status: 3,
          errors: """
            privirun: the journal was restored from a backup of \(made.text): a run may have gone further \
            than its record says
              hint: compare its runs with the service; `privirun resume RUN --accept-loss` then continues one \
            from its record

            """))
    #expect(
      try await run("resume", "latest", "--quiet", "--no-wait", "--accept-loss").errors
        .contains("restored") == false)
    #expect(try JournalReader.open(at: journal).backupMoment() == nil)
  }
}

import Events
import Expressions
import Foundation
import GRDB
import Journaling
import Operations
import Testing

@Suite("Runs and what they were", .timeLimit(.minutes(20)))
struct HistoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path)
  }

  @Test(arguments: [["runs"], ["show", "a"], ["show", "a", "--verify"], ["diff", "a"]])
  func `without a journal there is nothing to show`(arguments: [String]) async throws {
    let ended = try await Program.run(arguments, in: folder.path)
    #expect(
      ended
        == Ended(
          status: 2,
          errors: """
            privirun: no journal at .privirun/journal.sqlite: nothing has been run here yet
              hint: `privirun run PLAYBOOK` makes one; `--journal FILE` names another

            """))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun"))
  }

  @Test func `a run is found by a prefix that only it has`() async throws {
    try folder.write("playbook: 1\nname: idle\nsteps: [{wait: 1ms}]\n", to: "idle.yaml")
    // More runs than there are first letters: two must begin alike.
    for _ in 1...33 {
      #expect(try await run("run", "idle.yaml", "--sandbox", "--quiet") == Ended(status: 0))
    }
    let ids = try await recordedRuns().map { $0.id }
    #expect(ids.count == 33)
    let id = try #require(ids.first)
    #expect(try await run("show", id).output.contains("idle"))
    #expect(
      try await run("show", id, "--verify")
        == Ended(status: 0, output: "run \(id): the record is intact\n"))

    let letters = Dictionary(grouping: ids) { $0.prefix(1) }
    let shared = try #require(letters.first { $0.value.count > 1 }?.key)
    let ambiguous = try await run("show", String(shared))
    #expect(ambiguous.status == 2)
    #expect(ambiguous.errors.hasPrefix("privirun: `\(shared)` could be any of "))
    let unknown = try await run("show", "\(id)0")
    #expect(unknown.status == 2)
    #expect(unknown.errors.hasPrefix("privirun: no run begins with `\(id)0`\n"))
    #expect(try await run("runs", "--limit", "2", "--output", "json").output.contains(id))
  }

  @Test func `the latest run is found by that name, and its failed steps alone are shown`()
    async throws
  {
    let empty = try await run("show", "latest")
    #expect(empty.status == 2)
    try folder.write("playbook: 1\nname: idle\nsteps: [{wait: 1ms}]\n", to: "idle.yaml")
    try folder.write(
      """
      playbook: 1
      name: broken
      steps:
        - { id: fine, wait: 1ms }
        - id: group
          steps:
            - { id: also_fine, wait: 1ms }
            - { id: forgiven, assert: 1 > 2, rescue: [{ id: rest_fine, wait: 1ms }] }
            - { id: wrong, assert: 1 > 2 }

      """, to: "broken.yaml")
    #expect(try await run("run", "idle.yaml", "--quiet") == Ended(status: 0))
    #expect(try await run("run", "broken.yaml", "--quiet").status == 1)
    let shown = try await run("show", "latest", "--failed").output
    #expect(shown.hasPrefix("broken  run "))
    #expect(shown.contains("wrong"))
    #expect(shown.contains("forgiven"))
    #expect(shown.contains("group"))
    #expect(!shown.contains("fine"))
  }

  @Test func `a long value is shown whole on request`() async throws {
    try folder.write(
      """
      playbook: 1
      name: long
      inputs: { words: { type: list, of: string } }
      steps: [{ wait: 1ms }]

      """, to: "long.yaml")
    let words = (1...100).map { "word-\($0)" }.joined(separator: ", ")
    #expect(
      try await run("run", "long.yaml", "--quiet", "--input", "words=[\(words)]").status == 0)
    let short = try await run("show", "latest").output
    #expect(short.contains("(cut: `privirun show RUN --full`)"))
    #expect(!short.contains("word-100"))
    let full = try await run("show", "latest", "--full").output
    #expect(full.contains("word-100"))
    #expect(!full.contains("(cut"))
  }

  @Test func `runs are distinguished by their labels`() async throws {
    try folder.write(
      """
      playbook: 1
      name: idle
      labels: { tenant: "${{ inputs.tenant }}", stage: test }
      inputs: { tenant: { type: string } }
      steps: [{ wait: 1ms }]

      """, to: "idle.yaml")
    for tenant in ["acme", "umbra"] {
      let ended = try await run(
        "run", "idle.yaml", "--sandbox", "--input", "tenant=\(tenant)", "--label", "stage=live",
        "--label", "ticket=7")
      #expect(ended.output.contains("tenant=\(tenant) stage=live ticket=7"))
    }
    let all = try await run("runs")
    #expect(all.output.contains("tenant=acme stage=live ticket=7"))
    let found = try await run("runs", "--label", "tenant=umbra", "--label", "stage=live")
    #expect(found.output.contains("tenant=umbra") && !found.output.contains("tenant=acme"))
    let wrong = try await run("runs", "--label", "a b=1")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("a label's name has letters, digits"))
  }

  @Test func `two runs at once share a journal`() async throws {
    try folder.write(
      """
      playbook: 1
      name: busy
      inputs: { n: { type: list, default: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } }
      steps:
        - for-each: ${{ inputs.n }}
          as: n
          steps: [{ call: utility.check-server-health }]

      """, to: "busy.yaml")
    async let first = run("run", "busy.yaml", "--sandbox", "--quiet")
    async let second = run("run", "busy.yaml", "--sandbox", "--quiet")
    #expect(try await [first, second] == [Ended(status: 0), Ended(status: 0)])
    let runs = try await recordedRuns()
    #expect(runs.map(\.outcome) == ["succeeded", "succeeded"])
    for (id, _) in runs {
      #expect(
        try await run("show", id, "--verify")
          == Ended(status: 0, output: "run \(id): the record is intact\n"))
    }
  }

  @Test(arguments: [
    ("/proc/none.sqlite", "the journal /proc/none.sqlite cannot be used"),
    ("/dev/null/x", "the journal /dev/null/x cannot be used"),
    (".", "the journal . cannot be used: it is a folder"),
    ("text", "text is not a journal: it is no SQLite database"),
  ])
  func `a journal that cannot be written is reported, and nothing is sent`(
    path: String, complaint: String
  ) async throws {
    try folder.write("only text\n", to: "text")
    try folder.write(
      "playbook: 1\nname: a\nsteps: [{call: utility.check-server-health}]\n", to: "a.yaml")
    try await HostileServer.serving { _ in
      .json("{}")
    } body: { server in
      let ended = try await run("run", "a.yaml", "--api-url", server.address, "--journal", path)
      #expect(ended.status == 2)
      #expect(ended.output == "")
      #expect(ended.errors.hasPrefix("privirun: \(complaint)"))
      #expect(ended.errors.contains("--journal FILE"))
      #expect(server.requests == [])
    }
  }

  @Test func `a journal of a newer program is left alone`() async throws {
    try folder.write("playbook: 1\nname: idle\nsteps: [{wait: 1ms}]\n", to: "idle.yaml")
    let path = "\(folder.path)/newer.sqlite"
    _ = try SQLiteJournal.open(at: path)
    let queue = try DatabaseQueue(path: path)
    try await queue.write { database in
      try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 of a later version')")
    }
    try queue.close()
    let complaint = Ended(
      status: 2,
      errors: """
        privirun: the journal newer.sqlite was written by a newer privirun
          hint: update privirun

        """)
    #expect(
      try await run("run", "idle.yaml", "--sandbox", "--journal", "newer.sqlite") == complaint)
    #expect(try await run("runs", "--journal", "newer.sqlite") == complaint)
    #expect(try await run("show", "a", "--journal", "newer.sqlite") == complaint)
  }

  @Test func `a run that cannot be recorded any more stops where it is`() async throws {
    try folder.write(
      """
      playbook: 1
      name: long
      inputs: { n: { type: list, default: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] } }
      steps:
        - for-each: ${{ inputs.n }}
          as: n
          steps:
            - for-each: ${{ inputs.n }}
              as: m
              steps: [{ call: utility.check-server-health }]

      """, to: "long.yaml")
    // No file may grow beyond 400 KiB, which the program gets as an error.
    let ended = try await Program.shell(
      "trap '' XFSZ; ulimit -f 400; exec \"$0\" run long.yaml --sandbox --output json",
      in: folder.path)
    #expect(ended.status == 3)
    let id = try #require(try JSONLines.objects(ended.output).last?["run"] as? String)
    #expect(
      ended.errors.hasPrefix(
        "privirun: run \(id) stopped because it could not be recorded: the journal "))
    #expect(ended.errors.hasSuffix("`privirun show \(id)` shows how far the run got\n"))
    #expect(
      try await run("show", id, "--verify")
        == Ended(status: 0, output: "run \(id): the record is intact\n"))
  }

  @Test func `a run that ended and was resumed is listed by where it stands now`() async throws {
    let run = try #require(RunID("0123456789ab"))
    let path = "\(folder.path)/j.sqlite"
    func listed() async throws -> String {
      let listed = try await self.run("runs", "--journal", "j.sqlite", "--output", "json")
      #expect(listed.errors == "")
      return listed.output
    }
    let start = RunStart(
      run: run, playbook: "p", file: "p.yaml", planDigest: "d", inputs: [:], seed: 1, version: "1")
    let resumption = RunResumption(owner: "a", epoch: 1, seed: 1, version: "1")
    do {
      let journal = try SQLiteJournal.open(at: path)
      let kinds: [RunEvent.Kind] = [
        .runStarted(start), .runFinished(RunResult(outcome: .cancelled)),
      ]
      try await journal.append(kinds, to: run)
      #expect(try await listed().contains(#""events":2,"outcome":"cancelled","since":"#))
      let claim = try await journal.claim(run)
      #expect(try await listed().contains(#""events":2,"outcome":"cancelled","since":"#))
      try await journal.append([.runResumed(resumption)], to: run, under: claim)
      #expect(
        try await listed().contains(
          #""events":3,"progress":"running","driver":{"process":1,"host":"here"},"since":"#))
    }
    #expect(try await listed().contains(#""events":3,"progress":"interrupted","since":"#))
    let shown = try await self.run("show", "latest", "--journal", "j.sqlite")
    #expect(shown.output.contains("p  run 0123456789ab  interrupted\n"))
    do {
      let journal = try SQLiteJournal.open(at: path)
      try await journal.append(
        [.runFinished(RunResult(outcome: .inDoubt))], to: run, under: journal.claim(run))
    }
    #expect(try await listed().contains(#""events":4,"outcome":"in-doubt","since":"#))
    #expect(
      try await self.run("runs", "--journal", "j.sqlite").output.contains(#/ p +in doubt /#))
  }

  /// The runs that `privirun runs` lists, each with its outcome.
  private func recordedRuns() async throws -> [(id: String, outcome: String)] {
    let listing = try await run("runs", "--output", "json")
    let whole = try JSONSerialization.jsonObject(with: Data(listing.output.utf8)) as? [String: Any]
    let runs = try #require(whole?["runs"] as? [[String: Any]])
    return try runs.map {
      (try #require($0["run"] as? String), try #require($0["outcome"] as? String))
    }
  }
}

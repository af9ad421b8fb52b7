import Cryptography
import EventSamples
import Events
import Expressions
import GRDB
import Operations
import Playbooks
import Testing

@testable import Journaling

@Suite struct RolloutReadingTests {
  private let folder: TemporaryFolder
  private let journal: SQLiteJournal

  init() throws {
    folder = try TemporaryFolder()
    journal = try SQLiteJournal.open(at: folder.journal)
  }

  private static func id(_ text: String) throws -> RunID { try #require(RunID(text)) }

  /// Three rollouts, two of them of one name, and a run.
  private func fill() throws {
    var records = RolloutRecords(journal)
    try records.add(rollout: Self.id("abcd00000000"), called: "onboard", .succeeded)
    try records.add(rollout: Self.id("abce00000000"), called: "onboard")
    try records.add(rollout: Self.id("xyz000000000"), called: "abcd00000000", .failed)
    try records.add(run: Self.id("r00000000000"))
  }

  @Test func `a rollout whose tenants wait may go on once one is asked for something, or over`()
    async throws
  {
    let (waiting, other) = (try Self.id("abcd00000000"), try Self.id("xyz000000000"))
    var records = RolloutRecords(journal)
    try records.add(rollout: waiting, .inDoubt)
    try records.add(rollout: other, .inDoubt)
    for (index, name) in ["acme", "globex"].enumerated() {
      try records.add(run: Self.id("r\(index)0000000000"), of: waiting, index, name)
      try records.add(run: Self.id("s\(index)0000000000"), of: other, index, name)
    }
    let reader = journal.reader
    let step = StepPath(components: [.step("ask")])
    try await journal.post(
      RunRequest(run: Self.id("s00000000000"), .decide(step, ApprovalDecision(.approved))))
    #expect(try !reader.mayGoOn(waiting, waitingRuns: 2))
    #expect(try reader.mayGoOn(other, waitingRuns: 2))
    try records.add(
      run: Self.id("r20000000000"), of: waiting, 2, "initech", RunResult(outcome: .succeeded))
    #expect(try !reader.mayGoOn(waiting, waitingRuns: 2))
    #expect(try reader.mayGoOn(waiting, waitingRuns: 3))
  }

  @Test func `rollouts are listed newest first, and are no runs`() throws {
    try fill()
    let reader = journal.reader
    let rollouts = try reader.rollouts(limit: 10)
    #expect(rollouts.map(\.rollout.text) == ["xyz000000000", "abce00000000", "abcd00000000"])
    #expect(rollouts.map(\.outcome) == [.failed, nil, .succeeded])
    #expect(rollouts.map(\.eventCount) == [2, 1, 2])
    #expect(rollouts.map { $0.start?.tenantCount } == [3, 3, 3])
    #expect(try reader.rollouts(limit: 1).count == 1)
    #expect(try reader.runs(limit: 10).map(\.run.text) == ["r00000000000"])
    #expect(try reader.run(matching: "latest").text == "r00000000000")
  }

  @Test(arguments: [
    ("latest", "xyz000000000"), ("LATEST", "xyz000000000"), ("onboard", "abce00000000"),
    ("abcd", "abcd00000000"), ("ABCE00000000", "abce00000000"), ("abcd00000000", "abcd00000000"),
    ("x", "xyz000000000"),
  ])
  func `a rollout is found by its id, a prefix, its name or latest`(
    text: String, expected: String
  ) throws {
    try fill()
    #expect(try journal.reader.rollout(matching: text).rollout.text == expected)
  }

  @Test(arguments: [
    ("abc", "`abc` could be any of abce00000000 (onboard), abcd00000000 (onboard)"),
    ("nothing", "no rollout is called `nothing`, and no rollout's id begins so"),
    ("", "no rollout is called ``, and no rollout's id begins so"),
    ("r000", "r00000000000 is a run, not a rollout"),
  ])
  func `what names no rollout says why`(text: String, expected: String) throws {
    try fill()
    #expect {
      try journal.reader.rollout(matching: text)
    } throws: { error in
      "\(error)" == expected
    }
  }

  @Test func `a rollout in place of a run is named as what it is`() throws {
    try fill()
    #expect {
      try journal.reader.run(matching: "xy")
    } throws: { error in
      "\(error)" == "xyz000000000 is a rollout (abcd00000000), not a run"
        && (error as? JournalError)?.hint
          == "`privirun rollout status xyz000000000` shows where it stands"
    }
    #expect(throws: JournalError.self) { try journal.reader.run(matching: "abc") }
    #expect(try journal.reader.record(matching: "xy").text == "xyz000000000")
    #expect(try journal.reader.record(matching: "r0").text == "r00000000000")
    #expect(throws: JournalError.noRollouts) {
      let empty = try TemporaryFolder()
      _ = try SQLiteJournal.open(at: empty.journal).reader.rollout(matching: "latest")
    }
  }

  @Test func `the end of a run is read from its last commit alone`() throws {
    var records = RolloutRecords(journal)
    let (run, other) = (SampleRun.drawn(1), SampleRun.drawn(2))
    var result = RunResult(outcome: .failed, failure: Failure(.timeout, "too late"))
    result.outputs = ["pin": .secret(text: "planted"), "host": "a"]
    try records.add(run: run, result)
    try records.add(run: other)
    let reader = journal.reader
    #expect(try reader.end(of: run, secrets: .unsealed) == result)
    let masked = try #require(try reader.end(of: run))
    #expect(masked.outputs["host"] == "a" && masked.outputs["pin"] == .secret(text: Secret.mask))
    #expect(try reader.end(of: other) == nil)
    #expect(throws: JournalError.unknownRun(prefix: SampleRun.run.text)) {
      try reader.end(of: SampleRun.run)
    }
  }

  @Test(arguments: [1, 2, 100])
  func `the tenants of a rollout are read page by page`(limit: Int) throws {
    var records = RolloutRecords(journal)
    let rollout = SampleRollout.rollout
    try records.add(rollout: rollout, tenants: 4)
    var unchanged = RunResult(outcome: .succeeded)
    unchanged.changes.add(.unchanged, count: 2)
    let failure = Failure(.timeout, "too late")
    let step = StepPath(components: [.step("a")])
    let blue = [RunLabel(name: "team", value: "blue")]
    try records.add(
      run: SampleRun.drawn(2), of: rollout, 2, "c",
      RunResult(outcome: .failed, failure: failure, failedStep: step))
    try records.add(run: SampleRun.drawn(0), of: rollout, 0, "a", labels: blue, unchanged)
    try records.add(run: SampleRun.drawn(3), of: rollout, 3, "d")
    func begin(_ minute: Int) -> Moment { SampleRun.beginning + .seconds(60 * minute) }
    let expected = [
      TenantRow(
        name: "a", index: 0, labels: blue, run: SampleRun.drawn(0), state: .unchanged,
        startedAt: begin(2), endedAt: begin(2) + .seconds(2), changes: unchanged.changes),
      TenantRow(
        name: "c", index: 2, run: SampleRun.drawn(2), state: .failed, startedAt: begin(1),
        endedAt: begin(1) + .seconds(2), failure: failure, failedStep: step),
      TenantRow(
        name: "d", index: 3, run: SampleRun.drawn(3), state: .running, startedAt: begin(3)),
    ]
    var (rows, last) = ([TenantRow](), -1)
    while true {
      let page = try journal.reader.tenantRows(of: rollout, after: last, limit: limit)
      guard let end = page.last else { break }
      #expect(page.count <= limit)
      rows += page
      last = end.index
    }
    #expect(rows == expected)
  }

  @Test func `the record of a rollout is verified with the texts that it names`() throws {
    let texts = try ["files", "description", "definition", "tenants"].map {
      try StoredText(Array($0.utf8))
    }
    let digests = texts.map { Hexadecimal.encode($0.digest.bytes) }
    var start = SampleRollout.start(tenants: 3)
    start.pinned.files = digests[0]
    start.pinned.description = digests[1]
    start.definition = digests[2]
    start.tenants = digests[3]
    let first = RunEvent(sequence: 0, at: SampleRun.beginning, kind: .rollout(.started(start)))
    try journal.append([first], run: start.rollout, texts: Array(texts.prefix(3)))
    let reader = journal.reader
    #expect(try reader.verify(start.rollout) == nil)
    #expect(try reader.verifiedRecord(of: start.rollout).flaws == [.missingText(.tenants)])
    #expect(
      "\(ChainFlaw.missingText(.tenants))" == "the text of the selected tenants is missing")
  }

  @Test(
    arguments: [
      "kind = 0", "name = 'other'", "tenant = 'x'", "tenant_index = 1", "rollout = 'x'",
      "state = 'failed'", "outcome = 'succeeded'", "playbook = 'x'", "file = 'x'",
    ])
  func `an altered line of the list is found`(change: String) throws {
    var records = RolloutRecords(journal)
    let (rollout, run) = (SampleRollout.rollout, SampleRun.drawn(1))
    try records.add(rollout: rollout, .failed)
    try records.add(
      run: run, of: rollout, 0, "a", RunResult(outcome: .cancelled))
    for id in [rollout, run] { #expect(try journal.reader.verify(id) == nil) }
    try DatabaseQueue(path: folder.journal).write { database in
      try database.execute(sql: "UPDATE runs SET \(change)")
    }
    let flaws = try [rollout, run].map { try journal.reader.verify($0) }
    #expect(flaws.contains(.summaryDiffers))
  }
}

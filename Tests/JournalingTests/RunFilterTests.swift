import EventSamples
import Events
import Expressions
import Operations
import Testing

@testable import Journaling

@Suite struct RunFilterTests {
  private let folder: TemporaryFolder
  private let reader: JournalReader

  private static let rollout = SampleRun.drawn(50)
  private static let other = SampleRun.drawn(51)
  private static let blue = RunLabel(name: "team", value: "blue")

  /// The runs, oldest first: two tenants of a rollout, one of another, and two of their own.
  private static let runs = (0..<5).map { SampleRun.drawn(UInt64($0)) }

  init() throws {
    folder = try TemporaryFolder()
    let journal = try SQLiteJournal.open(at: folder.journal)
    var records = RolloutRecords(journal)
    let runs = Self.runs
    try records.add(rollout: Self.rollout, .failed)
    try records.add(
      run: runs[0], of: Self.rollout, 0, "acme", labels: [Self.blue],
      RunResult(outcome: .succeeded))
    try records.add(run: runs[1], of: Self.rollout, 1, "globex", RunResult(outcome: .failed))
    try records.add(rollout: Self.other)
    try records.add(run: runs[2], of: Self.other, 0, "acme-2", labels: [Self.blue])
    try records.add(run: runs[3], labels: [Self.blue], RunResult(outcome: .failed))
    try records.add(run: runs[4])
    reader = journal.reader
  }

  @Test(
    arguments: [
      (RunFilter(limit: 10), [4, 3, 2, 1, 0]),
      (RunFilter(limit: 2), [4, 3]),
      (RunFilter(limit: 0), []),
      (RunFilter(limit: -1), []),
      (RunFilter(limit: .max, labels: [blue]), [3, 2, 0]),
      (RunFilter(limit: 2, labels: [blue]), [3, 2]),
      (RunFilter(limit: 10, labels: [blue, RunLabel(name: "a", value: "b")]), []),
      (RunFilter(limit: 10, rollout: rollout), [1, 0]),
      (RunFilter(limit: 1, rollout: rollout), [1]),
      (RunFilter(limit: 10, rollout: runs[0]), []),
      (RunFilter(limit: 10, tenant: .matching(Glob("acme*"))), [2, 0]),
      (RunFilter(limit: 10, tenant: .matching(Glob("acme"))), [0]),
      (RunFilter(limit: 1, tenant: .matching(Glob("*"))), [2]),
      (RunFilter(limit: 10, tenant: .named("acme")), [0]),
      (RunFilter(limit: 10, tenant: .named("acme*")), []),
      (RunFilter(limit: 10, labels: [blue], tenant: .matching(Glob("*e*"))), [2, 0]),
      (RunFilter(limit: 10, outcomes: [.failed]), [3, 1]),
      (RunFilter(limit: 10, outcomes: [.succeeded, .cancelled]), [0]),
      (RunFilter(limit: 10, outcomes: [nil]), [4, 2]),
      (RunFilter(limit: 10, outcomes: [nil, .failed]), [4, 3, 2, 1]),
      (RunFilter(limit: 10, outcomes: [.failed], membership: .ofRollouts), [1]),
      (RunFilter(limit: 10, membership: .ofTheirOwn), [4, 3]),
      (RunFilter(limit: 10, since: SampleRun.beginning + .seconds(240)), [4, 3, 2]),
      (RunFilter(limit: 10, rollout: rollout, since: SampleRun.beginning + .seconds(120)), [1]),
    ] as [(RunFilter, [Int])])
  func `a filter lets those runs through of which all of it is true`(
    filter: RunFilter, expected: [Int]
  ) throws {
    #expect(try reader.runs(filter).map(\.run) == expected.map { Self.runs[$0] })
  }

  /// Which of the newest `limit` runs of a playbook recorded something after that many seconds.
  private func recent(
    _ playbook: String = "onboard-tenant", _ file: String = "onboard-tenant.yaml",
    after seconds: Int, among limit: Int
  ) throws -> [Int] {
    try reader.recentRuns(
      of: playbook, in: file, activeAfter: SampleRun.beginning + .seconds(seconds), among: limit
    ).compactMap { Self.runs.firstIndex(of: $0.run) }
  }

  @Test func `the latest runs of a playbook are those of which something was recorded lately`()
    throws
  {
    #expect(try recent(after: 0, among: 2) == [4, 3])
    // The last event of the last but one came two seconds after its first.
    #expect(try recent(after: 301, among: 10) == [4, 3])
    #expect(try recent(after: 302, among: 10) == [4])
    #expect(try recent(after: 360, among: 10) == [])
    #expect(try recent("other", after: 0, among: 10) == [])
    #expect(try recent("onboard-tenant", "other.yaml", after: 0, among: 10) == [])
  }

  @Test func `a run of a tenant says of which, and others do not`() throws {
    let tenants = try reader.runs(limit: 10).map { $0.tenant.map { "\($0.name) \($0.index)" } }
    #expect(tenants == [nil, nil, "acme-2 0", "globex 1", "acme 0"])
  }

  @Test func `more runs than one page holds are all looked through`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    var records = RolloutRecords(journal)
    for index in 2..<450 {
      try records.add(
        run: SampleRun.drawn(UInt64(1000 + index)), of: Self.rollout, index, "t-\(index)",
        labels: index.isMultiple(of: 3) ? [Self.blue] : [])
    }
    let filter = RunFilter(limit: .max, labels: [Self.blue], rollout: Self.rollout)
    #expect(try reader.runs(filter).count == 150)
  }
}

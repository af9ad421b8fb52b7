import Events
import Expressions
import Hosting
import Journaling
import Machine
import Operations
import Randomness
import Running
import Testing

/// What a host records about schedules, and of notifications, with the record of a rollout.
@Suite("Ledgers and notices in a host") struct HostLedgerTests {
  private static let now = Moment(nanoseconds: 1_000_000_000)
  private static let (nightly, weekly) = (run(98), run(99))

  private static func run(_ number: UInt64) -> RunID {
    var random = SplitMix(seed: number)
    return RunID(using: &random)
  }

  /// The run of a tenant of `rollout`.
  private static func admit(_ number: UInt64, of rollout: RunID) throws -> HostInput {
    let plan = try PlannedText.plan("steps:\n  - { id: a, call: anonymous }\n")
    let start = RunStart(
      run: run(number), playbook: "main", file: "f", planDigest: "", inputs: [:], seed: number,
      version: "t")
    var order = RunOrder(starting: RunMachine(plan: plan, start: start))
    order.group = RunGroupID(rollout)
    return .admit(order)
  }

  private static func open(_ rollout: RunID) -> [HostInput] {
    [
      .openRecord(rollout, RunClaim(epoch: 0, head: .empty)),
      .openGroup(RunGroupID(rollout), RunGroupLimits(), failures: 0),
    ]
  }

  private static func change(_ name: String, _ rollout: RunID) -> LedgerChange {
    let state = ScheduleState(name: name, definition: "", file: "", firstSeen: now)
    return LedgerChange(by: .daemon(epoch: 1), to: state, rollout: rollout)
  }

  private static func notice(_ number: UInt64) -> StoredNotice {
    StoredNotice(id: run(500 + number), form: [], due: now)
  }

  /// The next event of a rollout, with the change that starts it where `schedule` names one.
  private static func entry(
    _ rollout: RunID, _ sequence: Int, schedule: String? = nil, notice number: UInt64
  ) -> HostInput {
    let event = RunEvent(sequence: sequence, at: now, kind: .rollout(.paused))
    var entry = RecordEntry(rollout, [event])
    if let schedule { entry.ledger = [change(schedule, rollout)] }
    entry.notices = [notice(number)]
    return .record(entry)
  }

  private static func commit(in actions: [HostAction]) -> JournalCommit? {
    actions.lazy.compactMap { if case .commit(let commit) = $0 { commit } else { nil } }.first
  }

  private static func endings(_ actions: [HostAction]) -> [RunID: RunEnding] {
    actions.reduce(into: [:]) { endings, action in
      if case .ended(let run, let ending) = action { endings[run] = ending }
    }
  }

  private static func committed(_ commit: JournalCommit) -> HostInput {
    .commitEnded(
      .committed(
        commit.parts.map { JournalHead(count: $0.expected.count + $0.events.count, digest: []) }))
  }

  @Test func `what comes with an event is in its commit, also when that is sent again`() throws {
    var host = HostMachine()
    let actions = host.apply(
      Self.open(Self.nightly) + [Self.entry(Self.nightly, 0, schedule: "nightly", notice: 1)],
      at: Self.now)
    let first = try #require(Self.commit(in: actions))
    #expect(first.ledger == [Self.change("nightly", Self.nightly)])
    #expect(first.notices == [Self.notice(1)])
    // What comes meanwhile is recorded with it when it is sent again.
    _ = host.apply([Self.entry(Self.nightly, 1, notice: 2)], at: Self.now)
    let locked = HostInput.commitEnded(.unknown(.locked(path: "j")))
    let again = try #require(Self.commit(in: host.apply([locked], at: Self.now)))
    #expect(again.parts.map(\.events.count) == [2])
    #expect(again.ledger == first.ledger)
    #expect(again.notices == [Self.notice(1), Self.notice(2)])
    _ = host.apply([Self.committed(again)], at: Self.now)
    let next = try #require(
      Self.commit(in: host.apply([Self.entry(Self.nightly, 2, notice: 3)], at: Self.now)))
    #expect(next.ledger == [] && next.notices == [Self.notice(3)])
  }

  private static let refusals: [CommitOutcome] = [
    .conflict(.ledgerMoved(schedule: "nightly", rollout: nightly)),
    .conflict(.leaseLost(rollout: nightly, to: nil)), .fenced(nightly, by: nil),
  ]

  private static func ending(_ refusal: CommitOutcome) -> RunEnding? {
    switch refusal {
    case .conflict(let error): .unrecorded(error, eventCount: 0)
    case .fenced: .lost(to: nil)
    case .committed, .blocked, .unknown: nil
    }
  }

  @Test(arguments: refusals)
  func `no tenant of a rollout that is refused begins, and another rollout is recorded`(
    refusal: CommitOutcome
  ) throws {
    var limits = HostLimits()
    limits.runs = 4
    var host = HostMachine(limits: limits)
    // One of its tenants comes in the same commit, one after it, and one waits for its turn.
    let actions = host.apply(
      Self.open(Self.nightly) + Self.open(Self.weekly) + [
        Self.entry(Self.nightly, 0, schedule: "nightly", notice: 1),
        Self.entry(Self.weekly, 0, schedule: "weekly", notice: 2),
        try Self.admit(1, of: Self.nightly), try Self.admit(2, of: Self.weekly),
      ], at: Self.now)
    let first = try #require(Self.commit(in: actions))
    #expect(
      first.parts.map(\.run) == [Self.nightly, Self.weekly, Self.run(1), Self.run(2)])
    _ = host.apply(
      try [3, 4, 5].map { try Self.admit($0, of: Self.nightly) }
        + [Self.entry(Self.nightly, 1, notice: 3), Self.entry(Self.weekly, 1, notice: 4)],
      at: Self.now)
    let refused = host.apply([.commitEnded(refusal)], at: Self.now)
    var expected: [RunID: RunEnding] = [Self.nightly: Self.ending(refusal) ?? .notStarted]
    for number: UInt64 in [1, 3, 4, 5] { expected[Self.run(number)] = .notStarted }
    #expect(Self.endings(refused) == expected)
    let next = try #require(Self.commit(in: refused))
    #expect(next.parts.map(\.run) == [Self.weekly, Self.run(2)])
    #expect(next.ledger == [Self.change("weekly", Self.weekly)])
    #expect(next.notices == [Self.notice(2), Self.notice(4)])
    // One that was being prepared comes too late.
    let late = host.apply(
      [try Self.admit(6, of: Self.nightly), try Self.admit(7, of: Self.weekly)], at: Self.now)
    #expect(Self.endings(late) == [Self.run(6): .notStarted])
  }

  @Test func `an entry without events is recorded for what comes with it`() throws {
    var host = HostMachine()
    var entry = RecordEntry(Self.nightly, [])
    entry.ledger = [Self.change("nightly", Self.nightly)]
    let actions = host.apply(Self.open(Self.nightly) + [.record(entry)], at: Self.now)
    let commit = try #require(Self.commit(in: actions))
    #expect(commit.parts == [] && commit.ledger == entry.ledger)
  }
}

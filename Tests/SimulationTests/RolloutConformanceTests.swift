import EventSamples
import Events
import Journaling
import Operations
import Simulation
import Testing

/// What every journal must do about rollouts.
@Suite("Every journal's rollouts") struct RolloutConformanceTests {
  private static let rollout = SampleRollout.rollout
  private static let run = SampleRun.drawn(1)
  private static let resumption = RolloutEvent.resumed(
    RolloutResumption(owner: "a", epoch: 1, version: "1", tenants: .unfinished))
  private static let end = RolloutEvent.finished(
    RolloutResult(outcome: .failed, counts: TenantCounts()))

  private static func event(_ sequence: Int, _ kind: RunEvent.Kind) -> RunEvent {
    RunEvent(sequence: sequence, at: SampleRun.beginning + .seconds(sequence), kind: kind)
  }

  /// The commit with the next events of the rollout.
  private static func commit(
    after head: JournalHead = .empty, epoch: Int = 0, _ kinds: RolloutEvent...
  ) -> JournalCommit {
    commit(of: rollout, after: head, epoch: epoch, kinds.map { .rollout($0) })
  }

  private static func commit(
    of record: RunID, after head: JournalHead = .empty, epoch: Int = 0, _ kinds: [RunEvent.Kind]
  ) -> JournalCommit {
    let events = kinds.enumerated().map { event(head.count + $0, $1) }
    return JournalCommit([
      JournalCommit.Part(run: record, expected: head, epoch: epoch, events: events)
    ])
  }

  private static var start: RolloutEvent { .started(SampleRollout.start(tenants: 3)) }

  private static func head(
    _ outcome: CommitOutcome, _ location: SourceLocation = #_sourceLocation
  ) throws -> JournalHead {
    guard case .committed(let heads) = outcome, let head = heads.first else {
      Issue.record("the commit ended with \(outcome)", sourceLocation: location)
      throw CancellationError()
    }
    return head
  }

  @Test(arguments: JournalConformance.allCases)
  func `a rollout is recorded to its end, and goes on when it is resumed`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let head = try Self.head(await journals[0].commit(Self.commit(Self.start, .paused)))
    let over = try Self.head(await journals[0].commit(Self.commit(after: head, Self.end)))
    let claim = try await journals[1].claim(Self.rollout)
    #expect(claim == RunClaim(epoch: 1, head: over))
    #expect(
      await journals[1].commit(Self.commit(after: over, epoch: 1, .paused))
        == .conflict(.misplaced(run: Self.rollout, sequence: 3)))
    let last = try Self.head(
      await journals[1].commit(Self.commit(after: over, epoch: 1, Self.resumption, .unpaused)))
    _ = try Self.head(await journals[1].commit(Self.commit(after: last, epoch: 1, Self.end)))
    let kinds = try await journals[0].record(of: Self.rollout).events.map(\.kind)
    #expect(
      kinds
        == [Self.start, .paused, Self.end, Self.resumption, .unpaused, Self.end]
        .map { .rollout($0) })
  }

  @Test(arguments: JournalConformance.allCases)
  func `the events of runs and rollouts are never mixed`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let journal = journals[0]
    let run = RunEvent.Kind.runStarted(SampleRollout.tenantStart(Self.run, 0))
    let wrong: [(RunID, [RunEvent.Kind])] = [
      (Self.rollout, [.rollout(.paused)]), (Self.run, [.rollout(Self.start)]),
      (Self.rollout, [run]), (Self.rollout, [.rollout(Self.start), .cancelRequested()]),
      (Self.rollout, [.rollout(Self.start), .rollout(Self.start)]),
      (Self.run, [run, .rollout(.paused)]),
    ]
    for (record, kinds) in wrong {
      let outcome = await journal.commit(Self.commit(of: record, kinds))
      #expect(outcome == .conflict(.misplaced(run: record, sequence: kinds.count - 1)))
    }
  }

  @Test(arguments: JournalConformance.allCases)
  func `a rollout that is not over takes requests, and only it can be paused`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let run = RunEvent.Kind.runStarted(SampleRollout.tenantStart(Self.run, 0))
    _ = try Self.head(await journals[0].commit(Self.commit(of: Self.run, [run])))
    let head = try Self.head(await journals[0].commit(Self.commit(Self.start)))
    let kinds: [RunRequest.Kind] = [
      .pause, .unpause, .cancel, .decide(.root, ApprovalDecision(.approved, by: "ann")),
    ]
    let requests = kinds.map { RunRequest(run: Self.rollout, $0) }
    for request in requests { try await journals[1].post(request) }
    for kind in [RunRequest.Kind.pause, .unpause] {
      await #expect(throws: JournalError.notARollout(run: Self.run)) {
        try await journals[1].post(RunRequest(run: Self.run, kind))
      }
    }
    #expect(try await journals[0].requests(after: .start).requests.map(\.request) == requests)
    _ = try Self.head(await journals[0].commit(Self.commit(after: head, Self.end)))
    await #expect(throws: JournalError.over(run: Self.rollout)) {
      try await journals[1].post(RunRequest(run: Self.rollout, .unpause))
    }
    _ = try await journals[0].claim(Self.rollout)
    #expect(try await journals[0].requests(after: .start).requests == [])
  }

  @Test(arguments: JournalConformance.allCases)
  func `whoever drives a rollout begins the runs of its tenants, and one for each`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    _ = try Self.head(await journals[0].commit(Self.commit(Self.start)))
    func begin(_ number: UInt64, _ index: Int) -> JournalCommit {
      let run = SampleRun.drawn(number)
      return Self.commit(of: run, [.runStarted(SampleRollout.tenantStart(run, index))])
    }
    func isFenced(_ outcome: CommitOutcome) -> Bool {
      if case .fenced(Self.rollout, _) = outcome { true } else { false }
    }
    _ = try Self.head(await journals[0].commit(begin(1, 0)))
    #expect(isFenced(await journals[1].commit(begin(2, 1))), "another process")
    #expect(isFenced(await journals[0].commit(begin(3, 0))), "a second run of a tenant")
    _ = try Self.head(await journals[0].commit(begin(4, 1)))
    #expect(try await journals[0].tenantRuns(of: Self.rollout).map(\.index) == [0, 1])
    try await journals.kill(0)
    _ = try await journals[1].claim(Self.rollout)
    _ = try Self.head(await journals[1].commit(begin(5, 2)))
  }

  @Test(arguments: JournalConformance.allCases)
  func `the runs of a rollout are listed in the order of its tenants`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    var unchanged = RunResult(outcome: .succeeded)
    unchanged.changes.add(.unchanged, count: 2)
    let ends: [Int: RunResult] = [
      0: unchanged, 2: RunResult(outcome: .inDoubt), 3: RunResult(outcome: .succeeded),
    ]
    let other = SampleRun.drawn(99)
    for index in [3, 1, 0, 2] {
      let run = SampleRun.drawn(UInt64(index))
      var kinds = [RunEvent.Kind.runStarted(SampleRollout.tenantStart(run, index))]
      if let end = ends[index] { kinds.append(.runFinished(end)) }
      _ = try Self.head(await journals[index % 2].commit(Self.commit(of: run, kinds)))
    }
    let stranger = SampleRollout.tenantStart(other, of: SampleRun.drawn(98), 0)
    _ = try Self.head(
      await journals[0].commit(Self.commit(of: other, [.runStarted(stranger)])))
    let expected = [
      Self.row(0, .succeeded, .unchanged), Self.row(1, nil, .running, isDriven: true),
      Self.row(2, .inDoubt, .inDoubt), Self.row(3, .succeeded, .succeeded),
    ]
    for index in 0...1 {
      #expect(try await journals[index].tenantRuns(of: Self.rollout) == expected)
    }
    try await journals.kill(1)
    let rows = try await journals[0].tenantRuns(of: Self.rollout)
    #expect(rows[1] == Self.row(1, nil, .running))
  }

  private static func row(
    _ index: Int, _ outcome: Outcome?, _ state: TenantState, isDriven: Bool = false
  ) -> TenantRunRow {
    TenantRunRow(
      run: SampleRun.drawn(UInt64(index)), index: index, tenant: "tenant-\(index)",
      outcome: outcome, state: state, startedAt: SampleRun.beginning,
      lastEventAt: SampleRun.beginning + (outcome == nil ? .zero : .seconds(1)),
      epoch: 0, isDriven: isDriven)
  }
}

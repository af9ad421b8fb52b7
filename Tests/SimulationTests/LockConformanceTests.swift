import EventSamples
import Events
import Journaling
import Operations
import Simulation
import Testing

/// What every journal must do about runs that may not be driven at once.
@Suite("Every journal's locks") struct LockConformanceTests {
  private static let first = SampleRun.drawn(1)
  private static let second = SampleRun.drawn(2)
  private static let third = SampleRun.drawn(3)
  private static let resumption = RunEvent.Kind.runResumed(
    RunResumption(owner: "a", epoch: 1, seed: 1, version: "1"))
  private static let end = RunEvent.Kind.runFinished(RunResult(outcome: .failed))

  private static func event(_ sequence: Int, _ kind: RunEvent.Kind) -> RunEvent {
    RunEvent(
      sequence: sequence, at: SampleRun.beginning + .seconds(sequence), kind: kind)
  }

  /// The commit that starts `run`, which needs `locks`.
  private static func start(_ run: RunID, _ locks: String...) -> JournalCommit {
    let start = SampleRollout.tenantStart(run, 0, locks: locks)
    return JournalCommit([part(of: run, event(0, .runStarted(start)))])
  }

  private static func part(
    of run: RunID, after head: JournalHead = .empty, epoch: Int = 0, _ events: RunEvent...
  ) -> JournalCommit.Part {
    JournalCommit.Part(run: run, expected: head, epoch: epoch, events: events)
  }

  private static func commit(
    of run: RunID, after head: JournalHead, epoch: Int = 0, _ kind: RunEvent.Kind
  ) -> JournalCommit {
    JournalCommit([part(of: run, after: head, epoch: epoch, event(head.count, kind))])
  }

  /// The head after a commit of one run that must succeed.
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
  func `a run does not start while another one that is driven holds its lock`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let head = try Self.head(await journals[0].commit(Self.start(Self.first, "a", "b")))
    let late = Self.start(Self.second, "c", "b")
    for journal in [journals[1], journals[0]] {
      #expect(await journal.commit(late) == .blocked(Self.second, by: Self.first))
    }
    await #expect(throws: JournalError.unknownRun(prefix: Self.second.text)) {
      try await journals[1].record(of: Self.second)
    }
    // The lock that it could have had is still free.
    _ = try Self.head(await journals[1].commit(Self.start(Self.third, "c")))
    _ = try Self.head(await journals[0].commit(Self.commit(of: Self.first, after: head, Self.end)))
    #expect(await journals[1].commit(late) == .blocked(Self.second, by: Self.third))
    _ = try Self.head(await journals[1].commit(Self.start(Self.second, "b", "a")))
  }

  @Test(arguments: JournalConformance.allCases)
  func `nothing of a commit is recorded when one of its runs is blocked`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let journal = journals[0]
    let head = try Self.head(await journal.commit(Self.start(Self.first, "a")))
    let commit = JournalCommit(
      Self.start(Self.third, "c").parts
        + [Self.part(of: Self.first, after: head, Self.event(1, .cancelRequested()))]
        + Self.start(Self.second, "a").parts)
    #expect(await journal.commit(commit) == .blocked(Self.second, by: Self.first))
    #expect(try await journal.record(of: Self.first).events.count == 1)
    _ = try Self.head(await journal.commit(Self.start(Self.second, "c")))
  }

  @Test(arguments: JournalConformance.allCases)
  func `the lock of a run whose process died is taken over, and the run waits for it then`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 3)
    defer { withExtendedLifetime(journals) {} }
    _ = try Self.head(await journals[0].commit(Self.start(Self.first, "a", "b")))
    try await journals.kill(0)
    let head = try Self.head(await journals[1].commit(Self.start(Self.second, "a")))
    let blocked = JournalError.blocked(run: Self.first, by: Self.second)
    for index in 1...2 {
      await #expect(throws: blocked) { _ = try await journals[index].claim(Self.first) }
    }
    _ = try Self.head(
      await journals[1].commit(Self.commit(of: Self.second, after: head, Self.end)))
    let claim = try await journals[2].claim(Self.first)
    #expect(claim.epoch == 1 && claim.head.count == 1)
    #expect(
      await journals[1].commit(Self.start(Self.third, "a")) == .blocked(Self.third, by: Self.first))
    _ = try Self.head(
      await journals[2].commit(
        Self.commit(of: Self.first, after: claim.head, epoch: 1, Self.resumption)))
  }

  @Test(arguments: JournalConformance.allCases)
  func `who lost a lock with its run can record nothing more`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let head = try Self.head(await journals[0].commit(Self.start(Self.first, "a")))
    try await journals[0].release(Self.first, epoch: 0)
    _ = try Self.head(await journals[1].commit(Self.start(Self.second, "a")))
    let late = Self.commit(of: Self.first, after: head, .cancelRequested())
    guard case .fenced(Self.first, _) = await journals[0].commit(late) else {
      Issue.record("a run went on without its lock")
      return
    }
    await #expect(throws: JournalError.blocked(run: Self.first, by: Self.second)) {
      _ = try await journals[0].claim(Self.first)
    }
  }

  @Test(arguments: JournalConformance.allCases)
  func `a run that ended takes its locks again when it is resumed`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let head = try Self.head(await journals[0].commit(Self.start(Self.first, "a")))
    let over = try Self.head(
      await journals[0].commit(Self.commit(of: Self.first, after: head, Self.end)))
    let claim = try await journals[0].claim(Self.first)
    #expect(claim == RunClaim(epoch: 1, head: over))
    let other = try Self.head(await journals[1].commit(Self.start(Self.second, "a")))
    let resumed = Self.commit(of: Self.first, after: over, epoch: 1, Self.resumption)
    #expect(await journals[0].commit(resumed) == .blocked(Self.first, by: Self.second))
    try await journals[0].release(Self.first, epoch: 1)
    await #expect(throws: JournalError.blocked(run: Self.first, by: Self.second)) {
      _ = try await journals[0].claim(Self.first)
    }
    _ = try Self.head(
      await journals[1].commit(Self.commit(of: Self.second, after: other, Self.end)))
    #expect(try await journals[0].claim(Self.first) == RunClaim(epoch: 2, head: over))
    let again = try Self.head(
      await journals[0].commit(
        Self.commit(of: Self.first, after: over, epoch: 2, Self.resumption)))
    #expect(
      await journals[1].commit(Self.start(Self.third, "a")) == .blocked(Self.third, by: Self.first))
    _ = try Self.head(
      await journals[0].commit(Self.commit(of: Self.first, after: again, epoch: 2, Self.end)))
    _ = try Self.head(await journals[1].commit(Self.start(Self.third, "a")))
  }

  @Test(arguments: JournalConformance.allCases)
  func `a commit that is sent again takes and frees no lock`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let start = Self.start(Self.first, "a")
    let head = try Self.head(await journals[0].commit(start))
    #expect(try Self.head(await journals[0].commit(start)) == head)
    let end = Self.commit(of: Self.first, after: head, Self.end)
    let last = try Self.head(await journals[0].commit(end))
    _ = try Self.head(await journals[1].commit(Self.start(Self.second, "a")))
    #expect(try Self.head(await journals[0].commit(start)) == head)
    #expect(try Self.head(await journals[0].commit(end)) == last)
    #expect(
      await journals[0].commit(Self.start(Self.third, "a")) == .blocked(Self.third, by: Self.second)
    )
  }

  @Test(arguments: JournalConformance.allCases)
  func `a run that starts and ends in one commit leaves its lock free`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    var commit = Self.start(Self.first, "a")
    commit.parts[0].events.append(Self.event(1, Self.end))
    _ = try Self.head(await journals[0].commit(commit))
    _ = try Self.head(await journals[0].commit(Self.start(Self.second, "a")))
  }
}

import EventSamples
import Events
import Journaling
import Operations
import Simulation
import Testing

/// What every journal must do about notifications until they are delivered.
@Suite("Every journal's notices") struct NoticeConformanceTests {
  private static let first = SampleLedger.first()

  private static func commit(_ notices: StoredNotice...) -> JournalCommit {
    JournalCommit(
      LedgerChange(by: .person, to: first), notices: notices)
  }

  private static func taken(
    _ notice: StoredNotice, attempts: Int, until minute: Int
  ) -> StoredNotice {
    var notice = notice
    (notice.attempts, notice.due) = (attempts, SampleLedger.minute(minute))
    return notice
  }

  /// What is due at that minute, put off by three.
  private static func take(
    _ journal: any ScheduleLedger, at minute: Int, limit: Int = 9
  ) async throws -> [StoredNotice] {
    try await journal.takeNotices(
      due: SampleLedger.minute(minute), limit: limit, hold: .seconds(180))
  }

  @Test(arguments: JournalConformance.allCases)
  func `what is due is taken by one process, oldest first, and again when it was put off`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 2)
    defer { withExtendedLifetime(journals) {} }
    let notices = [3, 1, 2, 20].enumerated().map { number, due in
      SampleLedger.notice(UInt64(number), due: due, "form \(due)")
    }
    var commit = Self.commit()
    commit.notices = notices
    SampleLedger.expectCommitted(await journals[0].commit(commit))
    #expect(try await Self.take(journals[1], at: 0) == [])
    #expect(
      try await Self.take(journals[1], at: 10, limit: 2) == [
        Self.taken(notices[1], attempts: 1, until: 13),
        Self.taken(notices[2], attempts: 1, until: 13),
      ])
    #expect(
      try await Self.take(journals[0], at: 10) == [Self.taken(notices[0], attempts: 1, until: 13)])
    #expect(try await Self.take(journals[1], at: 12) == [])
    try await journals[1].remove(notice: notices[1].id)
    try await journals[1].delay(notice: notices[0].id, until: SampleLedger.minute(40))
    #expect(
      try await Self.take(journals[0], at: 30) == [
        Self.taken(notices[2], attempts: 2, until: 33),
        Self.taken(notices[3], attempts: 1, until: 33),
      ])
    for notice in notices.dropFirst() { try await journals[0].remove(notice: notice.id) }
    #expect(
      try await Self.take(journals[1], at: 99) == [Self.taken(notices[0], attempts: 2, until: 102)])
    try await journals[1].remove(notice: notices[0].id)
    try await journals[1].delay(notice: notices[0].id, until: SampleLedger.minute(0))
    #expect(try await Self.take(journals[1], at: 999) == [])
  }

  @Test(arguments: JournalConformance.allCases)
  func `a notice is kept with the event that it is about, once`(
    journal: JournalConformance
  ) async throws {
    let journals = try journal.opened(by: 1)
    defer { withExtendedLifetime(journals) {} }
    let event = RunEvent(
      sequence: 0, at: SampleRun.beginning,
      kind: .rollout(.started(SampleRollout.start(tenants: 1))))
    let part = JournalCommit.Part(
      run: SampleLedger.rollout, expected: .empty, epoch: 0, events: [event])
    var refused = JournalCommit([part])
    refused.parts[0].events[0].sequence = 1
    refused.notices = [SampleLedger.notice(1, due: 1)]
    _ = await journals[0].commit(refused)
    #expect(try await Self.take(journals[0], at: 9) == [])
    var commit = JournalCommit([part])
    commit.notices = [SampleLedger.notice(2, due: 1)]
    for _ in 1...2 { SampleLedger.expectCommitted(await journals[0].commit(commit)) }
    #expect(
      try await Self.take(journals[0], at: 9) == [
        Self.taken(commit.notices[0], attempts: 1, until: 12)
      ])
    // Sent again while it is being delivered, it stays put off.
    SampleLedger.expectCommitted(await journals[0].commit(commit))
    #expect(try await Self.take(journals[0], at: 9) == [])
  }
}

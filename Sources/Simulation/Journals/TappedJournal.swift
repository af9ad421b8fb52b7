package import Events
package import Journaling
package import Operations

/// A journal whose commits pass by somebody first, who may count them, or end them in its place.
package struct TappedJournal<Base: Journal>: Journal {
  private let journal: Base
  private let tap: @Sendable (JournalCommit) -> CommitOutcome?

  /// `journal`, each of whose commits goes through `tap`; where that returns nil, it is recorded.
  package init(
    _ journal: Base, tap: @escaping @Sendable (JournalCommit) -> CommitOutcome?
  ) {
    self.journal = journal
    self.tap = tap
  }

  /// What `tap` says of `commit`, or what the journal makes of it.
  package func commit(_ commit: JournalCommit) async -> CommitOutcome {
    if let outcome = tap(commit) { return outcome }
    return await journal.commit(commit)
  }

  /// As the journal does.
  package func claim(_ run: RunID) async throws(JournalError) -> RunClaim {
    try await journal.claim(run)
  }

  /// As the journal does.
  package func release(_ run: RunID, epoch: Int) async throws(JournalError) {
    try await journal.release(run, epoch: epoch)
  }

  /// As the journal does.
  package func record(of run: RunID) async throws(JournalError) -> RunRecord {
    try await journal.record(of: run)
  }

  /// As the journal does.
  package func tenantRuns(of rollout: RunID) async throws(JournalError) -> [TenantRunRow] {
    try await journal.tenantRuns(of: rollout)
  }

  /// As the journal does.
  package func text(_ digest: TextDigest) async throws(JournalError) -> [UInt8]? {
    try await journal.text(digest)
  }

  /// As the journal does.
  package func post(_ request: RunRequest) async throws(JournalError) {
    try await journal.post(request)
  }

  /// As the journal does.
  package func requests(
    after cursor: JournalCursor
  ) async throws(JournalError) -> RequestPage {
    try await journal.requests(after: cursor)
  }
}

extension TappedJournal: ScheduleLedger where Base: ScheduleLedger {
  /// As the journal does.
  package func takeLease(lapsed: LeaseSight?) async throws(JournalError) -> LeaseAttempt {
    try await journal.takeLease(lapsed: lapsed)
  }

  /// As the journal does.
  package func renewLease(epoch: Int) async throws(JournalError) -> Bool {
    try await journal.renewLease(epoch: epoch)
  }

  /// As the journal does.
  package func releaseLease(epoch: Int) async throws(JournalError) {
    try await journal.releaseLease(epoch: epoch)
  }

  /// As the journal does.
  package func schedules(
    after cursor: JournalCursor
  ) async throws(JournalError) -> SchedulePage {
    try await journal.schedules(after: cursor)
  }

  /// As the journal does.
  package func trigger(
    _ schedule: String, at moment: Moment, by person: String
  ) async throws(JournalError) {
    try await journal.trigger(schedule, at: moment, by: person)
  }

  /// As the journal does.
  package func takeNotices(
    due moment: Moment, limit: Int, hold: Duration
  ) async throws(JournalError) -> [StoredNotice] {
    try await journal.takeNotices(due: moment, limit: limit, hold: hold)
  }

  /// As the journal does.
  package func delay(notice: RunID, until due: Moment) async throws(JournalError) {
    try await journal.delay(notice: notice, until: due)
  }

  /// As the journal does.
  package func remove(notice: RunID) async throws(JournalError) {
    try await journal.remove(notice: notice)
  }
}

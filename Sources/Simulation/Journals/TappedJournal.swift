package import Events
package import Journaling

/// A journal whose commits pass by somebody first, who may count them, or end them in its place.
package struct TappedJournal: Journal {
  private let journal: any Journal
  private let tap: @Sendable (JournalCommit) -> CommitOutcome?

  /// `journal`, each of whose commits goes through `tap`; where that returns nil, it is recorded.
  package init(
    _ journal: any Journal, tap: @escaping @Sendable (JournalCommit) -> CommitOutcome?
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

import Events
import Journaling

/// A journal that keeps nothing: for reads that are no part of a run's record.
struct DiscardingJournal: Journal {
  func commit(_ commit: JournalCommit) async -> CommitOutcome {
    .committed(
      commit.parts.map { part in
        JournalHead(count: part.expected.count + part.events.count, digest: [])
      })
  }

  func claim(_ run: RunID) async throws(JournalError) -> RunClaim {
    throw .unknownRun(prefix: run.text)
  }

  func release(_ run: RunID, epoch: Int) async throws(JournalError) {}

  func record(of run: RunID) async throws(JournalError) -> RunRecord {
    throw .unknownRun(prefix: run.text)
  }

  func tenantRuns(of rollout: RunID) async throws(JournalError) -> [TenantRunRow] { [] }

  func text(_ digest: TextDigest) async throws(JournalError) -> [UInt8]? { nil }

  func post(_ request: RunRequest) async throws(JournalError) {
    throw .unknownRun(prefix: request.run.text)
  }

  func requests(after cursor: JournalCursor) async throws(JournalError) -> RequestPage {
    RequestPage([], next: cursor)
  }
}

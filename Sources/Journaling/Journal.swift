package import Events

/// A durable record of runs that any number of processes share.
///
/// What is recorded is never changed or taken away. A run has at most one owner, and only the owner
/// records its events. Reads need no notification: whoever repeats them with the latest cursor misses
/// nothing. Every conformance passes the same suite of tests.
package protocol Journal: Sendable {
  /// Records `commit` whole or not at all.
  ///
  /// It is durable when this returns `committed`. To send the same commit again is harmless: it is
  /// recorded once. A run has the locks of `RunStart.tenant` from its first event to its last, and again
  /// from the event that resumes it; a lock whose holder no living process drives is taken over.
  func commit(_ commit: JournalCommit) async -> CommitOutcome

  /// Begins to record `commit`, without waiting, and calls `ended` once, on any thread; returns false, and does
  /// nothing, where commits need a task of their own.
  func begin(
    _ commit: JournalCommit, ended: @escaping @Sendable (CommitOutcome) -> Void
  ) -> Bool

  /// Makes this process the owner of `run`, with a higher epoch than every owner before.
  ///
  /// A run that is not over has its locks again; one that is over gets them when it is resumed. Throws
  /// `owned` while another owner lives, `blocked` while a living process drives a run that holds one of
  /// the locks, and `unknownRun`. The epoch counts even when nothing is recorded under it.
  func claim(_ run: RunID) async throws(JournalError) -> RunClaim

  /// Gives up the ownership of a run that is not over; who owns it no more gives up nothing.
  func release(_ run: RunID, epoch: Int) async throws(JournalError)

  /// Everything that is recorded of `run`, its secrets as they were.
  ///
  /// Throws `unknownRun`.
  func record(of run: RunID) async throws(JournalError) -> RunRecord

  /// The runs of the tenants of `rollout`, in the order of the tenants.
  func tenantRuns(of rollout: RunID) async throws(JournalError) -> [TenantRunRow]

  /// The text that was stored under `digest`, or nil.
  func text(_ digest: TextDigest) async throws(JournalError) -> [UInt8]?

  /// Leaves a request for whoever owns its run, now or later.
  ///
  /// Throws `unknownRun`, `over`, `decided` for a second decision on a step, and `notARollout` for what
  /// only rollouts can be asked. A run that ends takes its requests with it.
  func post(_ request: RunRequest) async throws(JournalError)

  /// The requests to the runs of this process that come after `cursor`, oldest first, and where to
  /// read on.
  ///
  /// A request is there until a commit says that it is handled.
  func requests(after cursor: JournalCursor) async throws(JournalError) -> RequestPage
}

extension Journal {
  /// Commits need a task of their own.
  package func begin(
    _ commit: JournalCommit, ended: @escaping @Sendable (CommitOutcome) -> Void
  ) -> Bool {
    false
  }
}

/// How far somebody has read; only the journal that made it knows what it means.
package struct JournalCursor: Sendable, Hashable {
  /// Where its journal stands there.
  package let position: Int64

  /// Only a journal makes cursors, for its own use.
  package init(_ position: Int64) {
    self.position = position
  }

  /// Before everything.
  package static let start = JournalCursor(0)
}

import Journaling
import Synchronization

/// The commits that were sent, in their order.
final class CommitLog: Sendable {
  private let commits = Mutex<[JournalCommit]>([])

  var all: [JournalCommit] { commits.withLock { $0 } }

  func add(_ commit: JournalCommit) { commits.withLock { $0.append(commit) } }
}

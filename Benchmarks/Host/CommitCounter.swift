import Events
import Journaling
import Synchronization

/// Counts what is recorded.
final class CommitCounter: Sendable {
  private let state = Mutex((commits: 0, events: 0, steps: 0))

  var counts: (commits: Int, events: Int, steps: Int) { state.withLock { $0 } }

  func count(_ commit: JournalCommit) {
    let events = commit.parts.flatMap(\.events)
    let steps = events.count { if case .stepFinished = $0.kind { true } else { false } }
    state.withLock { state in
      state.commits += 1
      state.events += events.count
      state.steps += steps
    }
  }
}

package import Events
package import Journaling
package import Operations

/// The rollout's own record in the journal, as far as it is written.
package struct RolloutRecord: Sendable {
  /// The id of the record.
  package let rollout: RunID
  private let journal: any Journal
  private let epoch: Int
  private var head: JournalHead
  /// Recorded with the first event.
  private var texts: [StoredText]
  /// The requests that are handled and still in the journal.
  var handled: [PostedRequest.Number] = []

  /// A new record, whose first event is recorded with `texts`.
  package init(new rollout: RunID, in journal: any Journal, texts: [StoredText]) {
    self.rollout = rollout
    self.journal = journal
    self.texts = texts
    epoch = 0
    head = .empty
  }

  /// A record that is continued under `claim`.
  package init(continuing rollout: RunID, in journal: any Journal, under claim: RunClaim) {
    self.rollout = rollout
    self.journal = journal
    texts = []
    epoch = claim.epoch
    head = claim.head
  }

  /// Records `events` and returns them as recorded; throws `RolloutFailure` when that is impossible.
  mutating func add(_ events: [RolloutEvent], at moment: Moment) async throws -> [RunEvent] {
    guard !events.isEmpty || !handled.isEmpty else { return [] }
    let recorded = events.enumerated().map { offset, event in
      RunEvent(sequence: head.count + offset, at: moment, kind: .rollout(event))
    }
    let part = JournalCommit.Part(run: rollout, expected: head, epoch: epoch, events: recorded)
    let commit = JournalCommit(recorded.isEmpty ? [] : [part], handled: handled, texts: texts)
    try await write(commit)
    (texts, handled) = ([], [])
    return recorded
  }

  /// How often a commit is sent while another process holds the journal.
  private static let tries = 12

  private mutating func write(_ commit: JournalCommit) async throws {
    for remaining in (0..<Self.tries).reversed() {
      switch await journal.commit(commit) {
      case .committed(let heads):
        head = heads.first ?? head
        return
      case .unknown(.locked) where remaining > 0: continue
      case .conflict(let error), .unknown(let error): throw RolloutFailure.unrecorded(error)
      case .fenced(_, let owner): throw RolloutFailure.lost(to: owner)
      case .blocked(let run, let other):
        throw RolloutFailure.unrecorded(.blocked(run: run, by: other))
      }
    }
  }

  /// Gives the record up, so that another process may continue it.
  func release() async {
    try? await journal.release(rollout, epoch: epoch)
  }

  /// The requests of other processes after `cursor`.
  func requests(after cursor: JournalCursor) async -> RequestPage {
    (try? await journal.requests(after: cursor)) ?? RequestPage([], next: cursor)
  }
}

import Events
import Synchronization

/// The runs in progress that this process recorded something of, with what never changes of their rows.
///
/// What comes next of one is recorded without its row being read. Nothing depends on it: the row is only changed
/// where it is as the writer knows it.
final class KnownRuns: Sendable {
  struct Run: Sendable {
    var number: Int64
    var kind: RecordKind
  }

  private let runs = Mutex<[RunID: Run]>([:])

  subscript(id: RunID) -> Run? {
    get { runs.withLock { $0[id] } }
    set { runs.withLock { $0[id] = newValue } }
  }
}

import Events
import Journaling

/// How far the ledger is read.
struct LedgerPosition: Sendable {
  /// What a page is read for.
  enum Purpose: Sendable, Hashable {
    /// Everything, to act from now on.
    case everything
    /// What other processes changed.
    case news
  }

  var cursor = JournalCursor.start
  /// The triggers that the scheduler knows.
  var triggers: [ScheduleTrigger] = []
  var isReading = false
}

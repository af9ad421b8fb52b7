import Events
import Journaling
import Notifications
import Operations

extension NoticeOutbox {
  /// The outbox in `journal`.
  init(in journal: some ScheduleLedger) {
    self.init(
      take: { try await journal.takeNotices(due: $0, limit: $1, hold: $2) },
      delay: { try await journal.delay(notice: $0, until: $1) },
      remove: { try await journal.remove(notice: $0) })
  }
}

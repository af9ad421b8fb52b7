package import Events
import Operations
import Synchronization

/// Delivers the notifications that one process makes, as soon as they are recorded.
///
/// Each is attempted at once, and again as the policy says, until it is settled or the process does not wait
/// any longer. What is left then is in the outbox, for whoever serves the journal.
package final class NoticeDispatch: Sendable {
  private let delivery: NoticeDelivery
  private let inbox: AsyncStream<StoredNotice>.Continuation
  private let notices: AsyncStream<StoredNotice>
  private let unsettled = Mutex(0)

  /// A dispatch by `delivery`, to which nothing was given yet.
  package init(_ delivery: NoticeDelivery) {
    self.delivery = delivery
    (notices, inbox) = AsyncStream.makeStream()
  }

  /// How long others leave a notification to the process that makes it (`RolloutNotifier`).
  package static var headStart: Duration { NoticeDelivery.hold }

  /// How many notifications are neither delivered nor given up.
  package var left: Int { unsettled.withLock { $0 } }

  /// Delivers these, which are recorded.
  package func add(_ notices: [StoredNotice]) {
    unsettled.withLock { $0 += notices.count }
    for notice in notices { inbox.yield(notice) }
  }

  /// Nothing else comes.
  package func finish() { inbox.finish() }

  /// Returns when nothing else comes and everything is settled, and at once when the task is cancelled.
  package func run() async {
    await withDiscardingTaskGroup { group in
      for await notice in notices { group.addTask { await self.settle(notice) } }
    }
  }

  private func settle(_ notice: StoredNotice) async {
    var number = 1
    while !Task.isCancelled {
      switch await delivery.attempt(notice, number: number, headStart: Self.headStart) {
      case .delivered, .givenUp:
        return unsettled.withLock { $0 -= 1 }
      case .again(let moment):
        number += 1
        try? await delivery.sleep(max(.zero, moment - delivery.now()))
      }
    }
  }
}

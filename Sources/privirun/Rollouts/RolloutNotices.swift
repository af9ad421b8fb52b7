import Events
import Reporting
import Synchronization

/// What happened to tenants of which no event says so, until it is reported.
final class RolloutNotices: Sendable {
  enum Notice: Sendable {
    /// The run waits for a decision and was left.
    case left(RunID)
    /// The tenant cannot start before that run gives up a lock.
    case held(String, until: RunID)
  }

  private let notices = Mutex<[Notice]>([])
  private let arrival: AsyncStream<Void>.Continuation

  /// Yields whenever something came since the last time; for one reader.
  let arrivals: AsyncStream<Void>

  init() {
    (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func add(_ notice: Notice) {
    notices.withLock { $0.append(notice) }
    arrival.yield()
  }

  /// Reports what came since the last time, in order.
  func report(to reporter: RolloutReporter) async {
    let taken = notices.withLock { notices in
      defer { notices = [] }
      return notices
    }
    for notice in taken {
      switch notice {
      case .left(let run): await reporter.leave(run, as: .waiting)
      case .held(let tenant, let other): await reporter.hold(tenant, until: other)
      }
    }
  }
}

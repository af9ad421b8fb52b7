package import Journaling
package import Operations
import Synchronization

/// What a daemon reports about itself: set by its loop, read by whoever asks over HTTP.
package final class DaemonStatus: Sendable {
  private let current: Mutex<DaemonFacts>

  /// The status of a daemon that is starting at `moment`; `uptime` counts on a clock that never jumps and
  /// stands still while the machine is suspended.
  package init(at moment: Moment, uptime: Duration) {
    current = Mutex(DaemonFacts(since: moment, turnedAt: uptime))
  }

  /// All facts as they are now.
  package var facts: DaemonFacts { current.withLock { $0 } }

  /// Sets what the daemon does from `moment` on; does nothing where it does so already.
  package func enter(_ state: DaemonState, at moment: Moment) {
    current.withLock { facts in
      guard facts.state != state else { return }
      facts.state = state
      facts.since = moment
    }
  }

  /// Sets which process acts on schedules; nil while none is known.
  package func setActing(_ process: OwnerIdentity?) {
    current.withLock { $0.acting = process }
  }

  /// Shows that the scheduler turned at `uptime`.
  package func turned(at uptime: Duration) {
    current.withLock { $0.turnedAt = uptime }
  }

  /// Shows that the journal took what was recorded.
  package func committed() {
    current.withLock { $0.journal = .writable }
  }

  /// Shows that the journal did not take what was recorded; the first failure since a success counts.
  package func commitFailed(at moment: Moment) {
    current.withLock { facts in
      if facts.journal == .writable { facts.journal = .failing(since: moment) }
    }
  }

  /// Sets of which schedules the ledgers cannot be used.
  package func setUnusable(_ schedules: [String]) {
    current.withLock { $0.unusable = schedules }
  }

  /// Sets how the rollout files are.
  package func setFiles(_ counts: ServedCounts) {
    current.withLock { $0.files = counts }
  }
}

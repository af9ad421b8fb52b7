package import Events
package import Operations
import Synchronization

/// What a daemon counts, for Prometheus.
///
/// Series that name a schedule exist for schedules that are served, and go with them.
package final class ServiceMetrics: Sendable {
  private let current: Mutex<MetricValues>

  /// No counts yet of the program of that version.
  package init(version: String) {
    current = Mutex(MetricValues(version: version))
  }

  /// All values as they are now.
  package var values: MetricValues { current.withLock { $0 } }

  /// Sets how a schedule stands; nil removes the schedule and its counts.
  package func set(_ gauges: ScheduleGauges?, of schedule: String) {}

  /// Counts the verdicts of ticks; a schedule that is not served counts only in the totals.
  package func decided(_ ticks: [Tick], schedule: String) {}

  /// Counts a rollout that was started at `moment` for `due`.
  package func started(_ schedule: String, due: Moment, at moment: Moment) {}

  /// Counts a rollout that ended at `moment`, with how many tenants ended how; nil `schedule` where no
  /// schedule is known.
  package func ended(
    _ schedule: String?, _ outcome: Outcome, _ tenants: TenantCounts, at moment: Moment
  ) {}

  /// Sets whether this process holds the lease.
  package func setLease(_ lease: LeaseHolding) {}

  /// Sets what the daemon does.
  package func enter(_ state: DaemonState) {}

  /// Counts a commit that the journal did not take.
  package func commitFailed() {}

  /// Counts an attempt to deliver a notification.
  package func attempted(_ result: NoticeAttempt) {}

  /// Sets how many notifications wait for their delivery.
  package func setPendingNotices(_ count: Int) {}

  /// Sets how the rollout files are.
  package func setFiles(_ counts: ServedCounts) {}
}

/// Whether this process holds the lease.
package enum LeaseHolding: Sendable, Hashable {
  case held
  case notHeld
}

/// How an attempt to deliver a notification ended.
package enum NoticeAttempt: String, Sendable, Hashable, CaseIterable {
  case delivered
  /// It failed, and another follows.
  case failed
  /// It failed, and none follows.
  case givenUp = "given-up"
}

/// How a schedule stands.
package struct ScheduleGauges: Sendable, Hashable {
  /// The next due instant; nil when there is none.
  package var next: Moment?
  /// Whether it is paused.
  package var isPaused: Bool
  /// Whether its rollout is in progress.
  package var isInProgress: Bool

  /// A schedule whose next due instant is `next`.
  package init(next: Moment?, isPaused: Bool = false, isInProgress: Bool = false) {
    self.next = next
    self.isPaused = isPaused
    self.isInProgress = isInProgress
  }
}

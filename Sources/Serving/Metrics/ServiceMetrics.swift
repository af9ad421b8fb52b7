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

  /// Sets how a schedule stands; nil removes the schedule with its counts.
  package func set(_ gauges: ScheduleGauges?, of schedule: String) {
    current.withLock { values in
      guard let gauges else {
        values.schedules[schedule] = nil
        return
      }
      values.schedules[schedule, default: ScheduleSeries(gauges)].gauges = gauges
    }
  }

  /// Another process acts on the schedules: how they stand is not known any more, and the counts stay.
  package func forgetGauges() {
    current.withLock { values in
      for name in values.schedules.keys { values.schedules[name]?.gauges = nil }
    }
  }

  /// Counts the due instants of ticks by verdict; those of a schedule that is not served in the totals only.
  package func decided(_ ticks: [Tick], schedule: String) {
    current.withLock { values in
      for tick in ticks {
        let verdict = CountedVerdict(tick.verdict)
        values.ticks[verdict, default: 0] += tick.count
        values.schedules[schedule]?.ticks[verdict, default: 0] += tick.count
      }
    }
  }

  /// Counts a rollout that was started at `moment`, and was to be started at `due`: the due instant and its
  /// jitter.
  package func started(_ schedule: String, due: Moment, at moment: Moment) {
    current.withLock { values in
      values.startDelay.add(max(.zero, moment - due))
      values.schedules[schedule]?.startedAt = moment
    }
  }

  /// Counts a rollout that ended at `moment`, with how many tenants ended in which state; nil `schedule` where
  /// no schedule is known.
  package func ended(
    _ schedule: String?, _ outcome: Outcome, _ tenants: TenantCounts, at moment: Moment
  ) {
    current.withLock { values in
      // Nothing was to be changed: that is a success, too.
      values.rollouts[outcome.allowsContinuation ? .succeeded : outcome, default: 0] += 1
      for state in TenantState.allCases { values.tenants[state] += tenants[state] }
      if outcome.allowsContinuation, let schedule {
        values.schedules[schedule]?.succeededAt = moment
      }
    }
  }

  /// Sets what the daemon does.
  package func enter(_ state: DaemonState) {
    current.withLock { $0.state = state }
  }

  /// Sets whether this process holds the lease.
  package func setLease(_ lease: LeaseHolding) {
    current.withLock { $0.lease = lease }
  }

  /// Counts a commit, a reading or an attempt at the lease that the journal did not do.
  package func journalFailed() {
    current.withLock { $0.journalFailures += 1 }
  }

  /// Counts an attempt to deliver a notification.
  package func attempted(_ result: NoticeAttempt) {
    current.withLock { $0.attempts[result, default: 0] += 1 }
  }

  /// Sets how many notifications wait for their delivery.
  package func setPendingNotices(_ count: Int) {
    current.withLock { $0.pendingNotices = count }
  }

  /// Sets how the rollout files are.
  package func setFiles(_ counts: ServedCounts) {
    current.withLock { $0.files = counts }
  }
}

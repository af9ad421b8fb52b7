package import Events
package import Operations

/// The values of all metrics at one moment.
package struct MetricValues: Sendable, Hashable {
  /// The version of the program.
  package var version: String
  /// What the daemon does.
  package var state = DaemonState.starting
  /// Whether this process holds the lease.
  package var lease = LeaseHolding.notHeld
  /// The schedules that are served, by name.
  package var schedules: [String: ScheduleSeries] = [:]
  /// How many due instants got which verdict.
  package var ticks: [CountedVerdict: Int] = [:]
  /// How many rollouts ended how.
  package var rollouts: [Outcome: Int] = [:]
  /// How many tenants of rollouts that ended were in which state then.
  package var tenants = TenantCounts()
  /// How long after they were to be started rollouts were started.
  package var startDelay = DelayHistogram()
  /// How often the journal did not do what was asked.
  package var journalFailures = 0
  /// How many attempts to deliver a notification ended how.
  package var attempts: [NoticeAttempt: Int] = [:]
  /// How many notifications wait for their delivery.
  package var pendingNotices = 0
  /// How the rollout files are.
  package var files = ServedCounts()

  /// No counts yet.
  package init(version: String) {
    self.version = version
  }
}

/// What is counted of one schedule.
package struct ScheduleSeries: Sendable, Hashable {
  /// How it stands; nil while another process acts on it.
  package var gauges: ScheduleGauges?
  /// How many due instants got which verdict.
  package var ticks: [CountedVerdict: Int] = [:]
  /// When its latest rollout was started; nil before the first one of this process.
  package var startedAt: Moment?
  /// When a rollout of it last ended well; nil before the first one of this process.
  package var succeededAt: Moment?

  /// A schedule of which nothing is counted yet.
  package init(_ gauges: ScheduleGauges) {
    self.gauges = gauges
  }
}

/// How a schedule stands, as the process knows that acts on it.
package struct ScheduleGauges: Sendable, Hashable {
  /// When its next rollout is to start, jitter included; nil when none is.
  package var next: Moment?
  /// Whether it is paused.
  package var isPaused: Bool
  /// Whether its rollout is in progress.
  package var isInProgress: Bool

  /// A schedule whose next rollout is to start at `next`.
  package init(next: Moment?, isPaused: Bool = false, isInProgress: Bool = false) {
    self.next = next
    self.isPaused = isPaused
    self.isInProgress = isInProgress
  }
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

/// A verdict without its rollout and reasons.
package enum CountedVerdict: String, Sendable, Hashable, CaseIterable {
  case ran
  case caughtUp = "caught-up"
  case triggered
  case skippedOverlap = "skipped-overlap"
  case skippedWindow = "skipped-window"
  case paused
  case missed
  case failedToStart = "failed-to-start"

  /// The word of `verdict`.
  package init(_ verdict: TickVerdict) {
    self =
      switch verdict {
      case .ran: .ran
      case .caughtUp: .caughtUp
      case .triggered: .triggered
      case .skippedOverlap: .skippedOverlap
      case .skippedWindow: .skippedWindow
      case .paused: .paused
      case .missed: .missed
      case .failedToStart: .failedToStart
      }
  }
}

import Events
import Operations

extension MetricValues {
  /// All metrics in the text format of Prometheus, always in the same order.
  package func text(_ process: ProcessUsage?) -> [UInt8] {
    let perSchedule = CountedVerdict.allCases.count + 5
    var text = MetricsText(samples: 100 + schedules.count * perSchedule)
    addDaemon(to: &text)
    addTicks(to: &text)
    addSchedules(to: &text)
    addRollouts(to: &text)
    addNotices(to: &text)
    if let process { process.add(to: &text) }
    return text.bytes
  }

  private func addDaemon(to text: inout MetricsText) {
    text.begin("privirun_build_info", .gauge, "The version of the program, as a label.")
    text.sample([("version", version)], .integer(1))
    text.begin("privirun_daemon_state", .gauge, "1 for the current state, 0 for the others.")
    for state in DaemonState.allCases {
      text.sample([("state", state.rawValue)], MetricNumber(state == self.state))
    }
    text.add(
      "privirun_lease_held", .gauge, MetricNumber(lease == .held),
      "1 while this process holds the lease.")
    text.add(
      "privirun_journal_failures_total", .counter, .integer(journalFailures),
      "Failures of the journal: of commits, of reads, and of taking or renewing the lease.")
    text.begin(
      "privirun_rollout_files", .gauge,
      "Rollout files: valid, with an error while the last valid version is served, and not served.")
    for (state, count) in [
      ("good", files.good), ("kept", files.kept.count), ("bad", files.bad.count),
    ] {
      text.sample([("state", state)], .integer(count))
    }
  }

  private func addTicks(to text: inout MetricsText) {
    text.begin("privirun_ticks_total", .counter, "Due instants of all schedules by verdict.")
    for verdict in CountedVerdict.allCases {
      text.sample([("verdict", verdict.rawValue)], .integer(ticks[verdict, default: 0]))
    }
    text.begin(
      "privirun_start_delay_seconds", .histogram,
      "Delay of starts after the planned start, jitter included.")
    var sum = 0
    for (bound, count) in zip(DelayHistogram.bounds, startDelay.buckets) {
      sum += count
      let bound = MetricNumber.seconds(bound).text
      text.sample(suffix: "_bucket", [("le", bound)], .integer(sum))
    }
    text.sample(suffix: "_bucket", [("le", "+Inf")], .integer(startDelay.count))
    text.sample(suffix: "_sum", [], .seconds(startDelay.sum))
    text.sample(suffix: "_count", [], .integer(startDelay.count))
  }

  private func addSchedules(to text: inout MetricsText) {
    let schedules = schedules.sorted { $0.key < $1.key }
    text.begin(
      "privirun_schedule_ticks_total", .counter, "Due instants of a schedule by verdict.")
    for (name, series) in schedules {
      for verdict in CountedVerdict.allCases {
        let count = series.ticks[verdict, default: 0]
        text.sample([("schedule", name), ("verdict", verdict.rawValue)], .integer(count))
      }
    }
    func add(
      _ name: String, _ help: String, _ value: (ScheduleSeries, ScheduleGauges) -> MetricNumber?
    ) {
      text.begin(name, .gauge, help)
      for (schedule, series) in schedules {
        guard let gauges = series.gauges, let value = value(series, gauges) else { continue }
        text.sample([("schedule", schedule)], value)
      }
    }
    func seconds(_ moment: Moment?) -> MetricNumber? {
      moment.map { .seconds(.nanoseconds($0.nanoseconds)) }
    }
    add(
      "privirun_schedule_next_timestamp_seconds",
      "When the next rollout of the schedule is planned to start, jitter included."
    ) { seconds($1.next) }
    add(
      "privirun_schedule_last_start_timestamp_seconds",
      "Last start of a rollout of the schedule since this process started."
    ) { series, _ in seconds(series.startedAt) }
    add(
      "privirun_schedule_last_success_timestamp_seconds",
      "Last successful end of a rollout of the schedule since this process started."
    ) { series, _ in seconds(series.succeededAt) }
    add("privirun_schedule_paused", "Whether the schedule is paused.") {
      MetricNumber($1.isPaused)
    }
    add("privirun_schedule_rollout_in_progress", "Whether a rollout of it is in progress.") {
      MetricNumber($1.isInProgress)
    }
  }

  private func addRollouts(to text: inout MetricsText) {
    text.add(
      "privirun_rollouts_in_progress", .gauge,
      .integer(schedules.values.count { $0.gauges?.isInProgress ?? false }),
      "Rollouts of schedules that are in progress.")
    text.begin("privirun_rollouts_ended_total", .counter, "Rollouts that ended by outcome.")
    for outcome in Self.outcomes {
      text.sample([("outcome", outcome.rawValue)], .integer(rollouts[outcome, default: 0]))
    }
    text.begin(
      "privirun_tenants_ended_total", .counter,
      "Tenants of ended rollouts by final state.")
    for state in TenantState.allCases {
      text.sample([("state", state.rawValue)], .integer(tenants[state]))
    }
  }

  /// The outcomes that a rollout can have.
  private static let outcomes = [Outcome.succeeded, .failed, .cancelled, .inDoubt]

  private func addNotices(to text: inout MetricsText) {
    text.begin(
      "privirun_notification_attempts_total", .counter,
      "Attempts to deliver a notification, by result.")
    for result in NoticeAttempt.allCases {
      text.sample([("result", result.rawValue)], .integer(attempts[result, default: 0]))
    }
    text.add(
      "privirun_notifications_pending", .gauge, .integer(pendingNotices),
      "Undelivered notifications in the journal.")
  }
}

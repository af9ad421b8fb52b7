import Events
import Journaling
import Networking
import Notifications
import Operations
import Planning
import Reporting
import Rollouts

/// A rollout whose tenants were planned, or searched for drift: it leaves no record.
struct PlannedRollout: Sendable {
  /// Names the plan in the ids of notifications.
  let id: RunID
  let report: RolloutPlanReport
  let prepared: PreparedRollout
  let environmentName: String?
  let options: JournalSettings
  /// Trust and proxies of what is sent besides requests to the service.
  let connections: TransportOptions

  /// Whether every tenant was planned, and would not fail.
  var outcome: Outcome {
    report.failed || report.hasConflicts || report.comparedNothing ? .failed : .succeeded
  }

  /// Whether there is something to do, or something drifted.
  var isDifferent: Bool {
    switch prepared.definition.mode {
    case .drift: report.hasDrift
    case .apply, .plan: report.hasWork
    }
  }

  /// The notifications that follow; none for a plan of a rollout that is to be applied, which is only looked at.
  ///
  /// `schedule` says which due instant the schedule started it for.
  func notices(
    schedule: NotifiedSchedule? = nil, at moment: Moment, headStart: Duration
  ) -> [StoredNotice] {
    guard prepared.definition.mode != .apply else { return [] }
    return prepared.planNotifier(in: environmentName, schedule: schedule, headStart: headStart)
      .notices(ofPlan: id, outcome, drift: drift, at: moment)
  }

  private var drift: NotifiedDrift? {
    guard prepared.definition.mode == .drift, report.hasDrift else { return nil }
    return NotifiedDrift(
      tenants: report.driftedTenants, added: report.drifted(.added),
      changed: report.drifted(.changed), removed: report.drifted(.removed))
  }

  /// Records the notifications that follow, and delivers them.
  func notify(_ environment: [String: String], isQuiet: Bool) async throws {
    let clock = try WallClock()
    let notices = notices(at: clock.now(), headStart: NoticeDispatch.headStart)
    guard !notices.isEmpty else { return }
    let journal = try options.writerForRunning()
    var commit = JournalCommit([])
    commit.notices = notices
    switch await journal.commit(commit) {
    case .committed: break
    case .conflict(let error), .unknown(let error):
      throw CommandFailure(
        .invalid, "the notifications cannot be recorded: \(error)", hint: error.hint)
    case .fenced, .blocked:
      throw CommandFailure(.fault, "internal error: notifications belong to no run")
    }
    let own = OwnNotices(
      journal: journal, connections: connections, environment: environment, clock: clock,
      isQuiet: isQuiet)
    try await own.delivering { $0.add(notices) }
  }
}

extension PreparedRollout {
  /// What makes the notifications about a rollout that leaves no record.
  func planNotifier(
    in environmentName: String?, schedule: NotifiedSchedule?, headStart: Duration
  ) -> RolloutNotifier {
    var rollout = NotifiedRollout(name: definition.name, file: definition.file)
    rollout.playbook = checked.planned.name
    rollout.mode = definition.mode
    rollout.environment = environmentName
    return RolloutNotifier(
      of: rollout,
      routes: definition.noticeRoutes(
        startedBy: schedule == nil ? .person : .schedule, absolute: CommandPath.absolute),
      schedule: schedule, commands: FollowUpCommands(planning: definition.file),
      headStart: headStart)
  }
}

import Events
import Expressions
import Journaling
import Machine
import Operations
import Planning

/// Finds the latest run of a plan.
struct LatestRun {
  let journal: SQLiteJournal
  let options: JournalSettings
  /// The environment of `privirun.yaml` that is used.
  var selected: SelectedEnvironment?

  /// So many runs of other inputs are passed over at most.
  private static let mostRuns = 10_000

  /// So many runs may have started since one that was cut off a moment ago.
  private static let mostRecentRuns = 100

  /// The latest run of the same playbook, with the same inputs, in the same folder; nil when it
  /// succeeded, or there is none.
  ///
  /// A run that started its own sandbox cannot be continued.
  func unfinished(of plan: Plan, _ pinned: PinnedPlan) throws -> RunID? {
    let runs = try options.translated { () throws(JournalError) in
      try journal.reader.runs(limit: Self.mostRuns)
    }
    for summary in runs
    where summary.playbook == plan.playbook.name && summary.file == plan.playbook.file {
      guard try isSame(summary.run, plan, pinned) else { continue }
      guard let outcome = summary.outcome else { return summary.run }
      let isOver =
        try outcome.allowsContinuation
        || RecordedRun.wasUndone(summary.run, in: journal, options)
      return isOver ? nil : summary.run
    }
    return nil
  }

  /// The settings of a new run of `plan` at `service` that starts now.
  ///
  /// What a run with the same inputs did, which was cut off a moment before, may not show yet.
  func settings(
    for plan: Plan, at service: ServiceOrigins?, startingAt now: Moment
  ) throws -> RunSettings {
    var settings = RunSettings()
    let limit = settings.lookups.absence
    let runs = try options.translated { () throws(JournalError) in
      try journal.reader.recentRuns(
        of: plan.playbook.name, in: plan.playbook.file, activeAfter: now + (.zero - limit),
        among: Self.mostRecentRuns)
    }
    for summary in runs where !(summary.outcome?.allowsContinuation ?? false) {
      let record = try options.translated { () throws(JournalError) in
        try journal.reader.record(of: summary.run, secrets: .unsealed)
      }
      guard case .runStarted(let start)? = record.events.first?.kind, start.service == service,
        Value.map(start.inputs).revealed == Value.map(plan.inputs).revealed
      else { continue }
      let age = max(.zero, now - summary.lastEventAt)
      settings.lookups.unsettled = max(settings.lookups.unsettled, limit - age)
    }
    return settings
  }

  /// Whether the run was started in the environment that is used; one of none counts where it calls the
  /// same service.
  private func isHere(_ start: RunStart) -> Bool {
    guard start.environment == nil, let selected else {
      return start.environment == selected?.name
    }
    return start.service.map { $0 == ServiceOrigins(selected.addresses) } ?? true
  }

  private func isSame(_ run: RunID, _ plan: Plan, _ pinned: PinnedPlan) throws -> Bool {
    let record = try options.translated { () throws(JournalError) in
      try journal.reader.record(of: run, secrets: .unsealed)
    }
    guard case .runStarted(let start)? = record.events.first?.kind, let other = start.pinned,
      start.reused == nil, !(start.service?.isOwnSandbox ?? false)
    else { return false }
    return isHere(start) && start.planDigest == plan.digest && other.outline == pinned.outline
      && other.folder == pinned.folder && other.files == pinned.files
      && Value.map(start.inputs).revealed == Value.map(plan.inputs).revealed
  }
}

import Events
import Hosting
import Journaling
import Reporting
import Rollouts
import Running

/// Continues a recorded rollout, as `rollout resume` and `rollout retry` do.
struct RolloutContinuation {
  let journal: SQLiteJournal
  let options: JournalSettings
  let service: ServiceSettings
  let output: OutputOptions
  let confirmation: ConfirmationOptions
  /// Whether the process that drives the rollout is ended first.
  let takesOver: Bool
  let environment: [String: String]
  /// Whether a rollout that only a person brings any further is left.
  let noWait: Bool

  func perform(
    _ summary: RolloutSummary, runningAgain tenants: RolloutResumption.Tenants
  ) async throws -> ExitStatus {
    try refuseNothingToDo(summary, tenants)
    let origin = RecordedEnvironment(
      of: "rollout \(summary.rollout)", name: summary.start?.environment,
      service: summary.start?.service)
    let service = try origin.checked(service, environment)
    try origin.confirm(service, "continue the rollout `\(summary.name)`", confirmation)
    let recorded = try await RecordedRollout(
      summary, in: journal, options, takingOver: takesOver)
    do {
      return try await drive(recorded, service.withAbsolutePaths, tenants)
    } catch let failure as CommandFailure where [.invalid, .inDoubt].contains(failure.status) {
      // It was not continued: another process may.
      try? await journal.release(summary.rollout, epoch: recorded.claim.epoch)
      throw failure
    }
  }

  private func drive(
    _ recorded: RecordedRollout, _ service: ServiceSettings,
    _ tenants: RolloutResumption.Tenants
  ) async throws -> ExitStatus {
    let start = recorded.start
    let prepared = try await recorded.prepared(environment)
    let target = try service.target(
      for: prepared.anyPlan, environment: environment, startedWith: start.service)
    let (standings, rows) = try options.translated { () throws(JournalError) in
      (
        try journal.reader.tenantRuns(of: start.rollout).map { TenantStanding($0) },
        try journal.reader.allTenantRows(of: start.rollout)
      )
    }
    let machine = try recorded.machine(prepared.limits, standings, runningAgain: tenants)
    let secrets = target.secrets
    let connections = try service.connections(environment)
    let plans = rows.count < start.tenantCount ? try self.plans(of: prepared) : nil
    return try await target.withTransport { transport, origins in
      let clock = try WallClock()
      let paced = LiveRollout.paced(transport, prepared.limits, clock)
      return try await SavedTenantPlans.with(
        plans, over: paced, at: origins, environment,
        trace: output.trace(environment: environment)
      ) { plans in
        let runs = TenantRuns(
          prepared: prepared, start: start, journal: journal, options: options, service: origins,
          secrets: secrets, clock: clock, environment: environment, plans: plans)
        return try await LiveRollout(
          prepared: prepared, start: start, machine: machine,
          record: RolloutRecord(
            continuing: start.rollout, under: recorded.claim, limits: prepared.groupLimits),
          runs: runs, transport: paced, output: output, environment: environment,
          noWait: noWait, connections: connections, tracesRequests: service.sendsTraceContext
        ).perform(after: recorded.events, rows)
      }
    }
  }

  /// The plans that the tenants without a run keep to; nil where they keep to none.
  private func plans(of prepared: PreparedRollout) throws -> SavedTenantPlans? {
    // The folder may be another one by now; the open journal knows where its key is.
    try prepared.origin.savedPlan.map { path in
      try SavedTenantPlans(at: path, options, key: journal.reader.keyPath)
    }
  }

  /// A rollout is not continued of which every tenant succeeded, or took back what it changed.
  private func refuseNothingToDo(
    _ summary: RolloutSummary, _ tenants: RolloutResumption.Tenants
  ) throws {
    guard let outcome = summary.outcome else { return }
    let commands = RolloutCommands(of: summary.rollout, journal: options.named)
    if outcome == .succeeded {
      throw CommandFailure(
        .invalid, "rollout \(summary.rollout) has already ended (\(outcome.rawValue))",
        hint: summary.file.isEmpty
          ? nil : "`privirun rollout run \(summary.file)` starts another one")
    }
    let rows = try options.translated { () throws(JournalError) in
      try journal.reader.tenantRuns(of: summary.rollout)
    }
    let isWhole = rows.count >= summary.start?.tenantCount ?? 0
    guard isWhole, rows.allSatisfy({ $0.outcome != nil }) else { return }
    if tenants == .unsuccessful { return try refuseUndone(rows, of: summary) }
    guard outcome == .failed else { return }
    throw CommandFailure(
      .invalid, "every tenant of rollout \(summary.rollout) has ended, some of them failed",
      hint: "`\(commands.retry)` runs those again")
  }
  /// Nothing of a run goes on that took back what it changed, and a tenant has one run in a rollout.
  private func refuseUndone(_ rows: [TenantRunRow], of summary: RolloutSummary) throws {
    let unsuccessful = rows.filter { !($0.outcome?.allowsContinuation ?? false) }
    guard !unsuccessful.isEmpty,
      try unsuccessful.allSatisfy({ try RecordedRun.wasUndone($0.run, in: journal, options) })
    else { return }
    throw CommandFailure(
      .invalid,
      "what the tenants changed that did not succeed in rollout \(summary.rollout) was undone, so that "
        + "none of them can go on",
      hint: summary.file.isEmpty
        ? nil : "`privirun rollout run \(summary.file)` starts another rollout")
  }
}

import Events
import Journaling
import Logging
import Notifications
import Operations
import Reporting
import Rollouts
import Serving

/// A rollout of a daemon that plans, or looks for drift: nothing of it is recorded.
struct DaemonPlanning: Sendable {
  /// The most lines of a report that are logged.
  private static let mostLines = 200

  let rollouts: DaemonRollouts
  let ready: ReadyRollout

  private enum Ending: Sendable {
    case reported(PlannedRollout)
    case stopped(RolloutConclusion)
  }

  /// Plans every tenant, and logs the report.
  func perform(_ order: DriveOrder) async -> RolloutConclusion {
    let (stops, stop) = AsyncStream.makeStream(of: RolloutConclusion.self)
    let handle = RolloutControl.Handle(
      cancel: { stop.yield(.ended(.cancelled, TenantCounts())) }, drain: { stop.yield(.left) })
    guard order.control.attach(handle) else { return .left }
    defer { order.control.detach() }
    do {
      let ending = try await withThrowingTaskGroup(of: Ending.self) { group in
        defer { group.cancelAll() }
        group.addTask { .reported(try await planned()) }
        group.addTask {
          for await conclusion in stops { return .stopped(conclusion) }
          throw CancellationError()
        }
        guard let ending = try await group.next() else { throw CancellationError() }
        return ending
      }
      switch ending {
      case .stopped(let conclusion): return conclusion
      case .reported(let planned): return await conclude(planned)
      }
    } catch is CancellationError {
      return .left
    } catch {
      let refusal = CollectedDiagnostics(hiding: rollouts.options.secrets).refusal(error)
      rollouts.log.error("the plan failed", metadata: fields(refusal.reason))
      return .ended(.failed, TenantCounts())
    }
  }

  private func planned() async throws -> PlannedRollout {
    let (options, prepared, id) = (rollouts.options, ready.prepared, RunID.random)
    var making = RolloutPlanMaking(
      prepared: prepared, rollout: id, options: options.journal,
      reader: rollouts.journal.reader, labels: ready.labels,
      environmentName: ready.choice.selected?.name, environment: options.environment)
    making.endsAtSignals = false
    let report = try await rollouts.transports.withTransport(to: ready.target) {
      transport, origins in
      try await making.report(over: transport, at: origins, ready.target.secrets)
    }
    return PlannedRollout(
      id: id, report: report, prepared: prepared,
      environmentName: ready.choice.selected?.name, options: options.journal,
      connections: try options.service(ready.choice).connections(options.environment))
  }

  private func conclude(_ planned: PlannedRollout) async -> RolloutConclusion {
    let style = TerminalStyle(color: .none, symbols: .unicode)
    for line in planned.report.text(style, .summarized).split(separator: "\n")
      .prefix(Self.mostLines)
    {
      rollouts.log.info("\(line)", metadata: fields())
    }
    if planned.report.hasDrift { rollouts.log.warning("drift was found", metadata: fields()) }
    await notify(planned)
    return .ended(planned.outcome, TenantCounts())
  }

  /// Records the notifications that follow; whoever serves the journal delivers them.
  private func notify(_ planned: PlannedRollout) async {
    guard let now = try? WallClock().now() else { return }
    var commit = JournalCommit([])
    commit.notices = planned.notices(
      schedule: ready.prepared.origin.schedule, at: now, headStart: .zero)
    guard !commit.notices.isEmpty else { return }
    switch await rollouts.journal.commit(commit) {
    case .committed, .fenced, .blocked: break
    case .conflict(let error), .unknown(let error):
      rollouts.log.error(
        "notifications could not be recorded", metadata: fields(error.description))
    }
  }

  private func fields(_ reason: String? = nil) -> Logger.Metadata {
    var fields: Logger.Metadata = ["schedule": "\(ready.prepared.definition.name)"]
    if let reason { fields["reason"] = "\(reason)" }
    return fields
  }
}

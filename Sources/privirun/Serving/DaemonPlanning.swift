import Events
import Journaling
import Logging
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
    case reported(RolloutPlanReport)
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
        group.addTask { .reported(try await report()) }
        group.addTask {
          for await conclusion in stops { return .stopped(conclusion) }
          throw CancellationError()
        }
        guard let ending = try await group.next() else { throw CancellationError() }
        return ending
      }
      switch ending {
      case .stopped(let conclusion): return conclusion
      case .reported(let report): return conclude(report)
      }
    } catch is CancellationError {
      return .left
    } catch {
      let refusal = CollectedDiagnostics().refusal(error)
      rollouts.log.error("the plan failed", metadata: fields(refusal.reason))
      return .ended(.failed, TenantCounts())
    }
  }

  private func report() async throws -> RolloutPlanReport {
    let (options, prepared) = (rollouts.options, ready.prepared)
    var making = RolloutPlanMaking(
      prepared: prepared, options: options.journal, reader: rollouts.journal.reader,
      labels: ready.labels, environmentName: ready.choice.selected?.name,
      environment: options.environment)
    making.endsAtSignals = false
    return try await making.report(calling: ready.target)
  }

  private func conclude(_ report: RolloutPlanReport) -> RolloutConclusion {
    let text = report.text(TerminalStyle(color: .none, symbols: .unicode), .summarized)
    for line in text.split(separator: "\n").prefix(Self.mostLines) {
      rollouts.log.info("\(line)", metadata: fields())
    }
    if report.hasDrift { rollouts.log.warning("drift was found", metadata: fields()) }
    let failed = report.failed || report.hasConflicts || report.comparedNothing
    return .ended(failed ? .failed : .succeeded, TenantCounts())
  }

  private func fields(_ reason: String? = nil) -> Logger.Metadata {
    var fields: Logger.Metadata = ["schedule": "\(ready.prepared.definition.name)"]
    if let reason { fields["reason"] = "\(reason)" }
    return fields
  }
}

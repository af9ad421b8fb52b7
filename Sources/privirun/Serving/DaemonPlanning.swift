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
  let rollouts: DaemonRollouts
  let ready: ReadyRollout
  /// Names the rollout in the ids of notifications.
  let id: RunID

  private enum Ending: Sendable {
    case reported(PlannedRollout)
    case cancelled
    case left
  }

  /// Plans every tenant, and logs the counts and which tenants to look at.
  func perform(_ order: DriveOrder) async -> RolloutConclusion {
    let (stops, stop) = AsyncStream.makeStream(of: Ending.self)
    let handle = RolloutControl.Handle(
      cancel: { stop.yield(.cancelled) }, drain: { stop.yield(.left) })
    guard order.control.attach(handle) else { return .left }
    defer { order.control.detach() }
    do {
      let ending = try await withThrowingTaskGroup(of: Ending.self) { group in
        defer { group.cancelAll() }
        group.addTask { .reported(try await planned()) }
        group.addTask {
          for await ending in stops { return ending }
          throw CancellationError()
        }
        guard let ending = try await group.next() else { throw CancellationError() }
        return ending
      }
      switch ending {
      case .left: return .left
      case .cancelled: return .planned(.cancelled, notices(.cancelled))
      case .reported(let planned): return conclude(planned)
      }
    } catch is CancellationError {
      return .left
    } catch {
      let refusal = CollectedDiagnostics(hiding: rollouts.options.secrets).refusal(error)
      rollouts.log.error("the plan failed", metadata: fields(refusal.reason))
      return .planned(.failed, notices(.failed))
    }
  }

  private func planned() async throws -> PlannedRollout {
    let (options, prepared) = (rollouts.options, ready.prepared)
    var making = RolloutPlanMaking(
      prepared: prepared, rollout: id, options: options.journal,
      reader: rollouts.reader, labels: ready.labels,
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

  private func conclude(_ planned: PlannedRollout) -> RolloutConclusion {
    log(RolloutPlanSummary(planned.report), planned.outcome)
    let notices = Self.now.map {
      planned.notices(schedule: ready.prepared.origin.schedule, at: $0, headStart: .zero)
    }
    return .planned(planned.outcome, notices ?? [])
  }

  private func log(_ summary: RolloutPlanSummary, _ outcome: Outcome) {
    let log = rollouts.log
    var counts = fields(counts: summary.counts)
    counts["outcome"] = "\(outcome.rawValue)"
    switch ready.prepared.definition.mode {
    case .drift: log.info("looked for drift", metadata: counts)
    case .apply, .plan: log.info("plan made", metadata: counts)
    }
    for finding in summary.findings {
      switch finding.kind {
      case .drifted(let counts):
        log.warning("a tenant drifted", metadata: fields(of: finding.tenant, counts: counts))
      case .failed(let reason):
        log.warning("a tenant failed", metadata: fields(reason, of: finding.tenant))
      }
    }
    if summary.omitted > 0 {
      log.warning("and \(summary.omitted) more tenants failed or drifted", metadata: fields())
    }
  }

  /// The notifications about an end without a report.
  private func notices(_ outcome: Outcome) -> [StoredNotice] {
    guard let now = Self.now else { return [] }
    return ready.prepared.planNotifier(
      in: ready.choice.selected?.name, schedule: ready.prepared.origin.schedule, headStart: .zero
    ).notices(ofPlan: id, outcome, drift: nil, at: now)
  }

  private static var now: Moment? { try? WallClock().now() }

  private func fields(
    _ reason: String? = nil, of tenant: String? = nil, counts: [String: Int] = [:]
  ) -> Logger.Metadata {
    var fields = counts.mapValues { Logger.MetadataValue.stringConvertible($0) }
    fields["schedule"] = "\(ready.prepared.definition.name)"
    if let tenant { fields["tenant"] = "\(tenant)" }
    if let reason { fields["reason"] = "\(reason)" }
    return fields
  }
}

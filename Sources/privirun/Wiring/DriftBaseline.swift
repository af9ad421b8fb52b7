import Events
import Expressions
import Journaling
import Operations
import Planning
import Reporting

/// The latest run that succeeded of a playbook with the same inputs at a service: what is there is compared
/// with what it left.
struct DriftBaseline {
  let run: RunID
  let events: [RunEvent]
  let end: Moment

  /// So many runs of other inputs are passed over at most.
  private static let mostRuns = 10_000
  private static let mostRunsOfTenant = 20

  /// Finds the run in the journal; secrets among the inputs may differ, since a password may have been
  /// changed since.
  ///
  /// Throws with status 2 and what differs in the latest one that comes near, where there is none.
  ///
  /// With a `tenant`, only its runs in rollouts count.
  init(
    of plan: Plan, at service: ServiceOrigins?, tenant: String? = nil, in reader: JournalReader,
    _ options: JournalSettings
  ) throws {
    let filter = RunFilter(
      limit: tenant == nil ? Self.mostRuns : Self.mostRunsOfTenant,
      tenant: tenant.map { .named($0) }, outcomes: [.succeeded])
    let runs = try options.translated { () throws(JournalError) in try reader.runs(filter) }
    var nearest: (run: RunID, differences: [String])?
    for summary in runs
    where summary.playbook == plan.playbook.name
      && (tenant ?? summary.tenant?.name) == summary.tenant?.name
    {
      let record = try options.translated { () throws(JournalError) in
        try reader.record(of: summary.run, secrets: .unsealed)
      }
      guard case .runStarted(let start)? = record.events.first?.kind, let end = record.events.last
      else { continue }
      let differences = Self.differences(from: start, to: plan, at: service)
      guard !differences.isEmpty else {
        (run, events, self.end) = (summary.run, record.events, end.at)
        return
      }
      if differences.count < nearest?.differences.count ?? .max {
        nearest = (summary.run, differences)
      }
    }
    throw Self.nothing(like: plan, nearest)
  }

  /// What the report says of it.
  var summary: DriftReport.Baseline { DriftReport.Baseline(run: run, finishedAt: end) }

  private static func differences(
    from start: RunStart, to plan: Plan, at service: ServiceOrigins?
  ) -> [String] {
    var differences: [String] = []
    if start.file != plan.playbook.file {
      differences.append("the playbook was `\(start.file)`, and is `\(plan.playbook.file)`")
    }
    if start.service != service {
      let (was, now) = (start.service?.shortText ?? "none", service?.shortText ?? "none")
      differences.append(
        was == now
          ? "another address of the service \(now) was given"
          : "the service was \(was), and is \(now)")
    }
    for name in Set(start.inputs.names).union(plan.inputs.names).sorted() {
      let (was, now) = (start.inputs[name], plan.inputs[name])
      guard was?.revealed != now?.revealed, !(was?.holdsSecret ?? now?.holdsSecret ?? false),
        !(now?.holdsSecret ?? false)
      else { continue }
      differences.append("the input `\(name)` was \(shown(was)), and is \(shown(now))")
    }
    let scrubber = SecretScrubber(
      Value.map(start.inputs).secrets + Value.map(plan.inputs).secrets)
    return differences.map(scrubber.scrub)
  }

  private static func shown(_ value: Value?) -> String {
    value.map { "`\(JSON.text($0, unknowns: .shown))`" } ?? "not given"
  }

  private static func nothing(
    like plan: Plan, _ nearest: (run: RunID, differences: [String])?
  ) -> CommandFailure {
    let hint = "`privirun plan` without --drift-only compares the service with the playbook"
    guard let nearest else {
      return CommandFailure(
        .invalid, "no successful run of `\(plan.playbook.name)` is in the journal", hint: hint)
    }
    let differences = nearest.differences.map { "\n  - \($0)" }.joined()
    return CommandFailure(
      .invalid,
      "no successful run of this playbook with these inputs at this service is in the journal; "
        + "since run \(nearest.run):\(differences)",
      hint: hint)
  }
}

import EventSamples
import Events
import Expressions
import Operations
import Testing

@testable import Journaling

/// Writes rollouts and runs of tenants into a journal, each a minute after the one before.
struct RolloutRecords {
  let journal: SQLiteJournal
  private var minutes = 0

  init(_ journal: SQLiteJournal) {
    self.journal = journal
  }

  private mutating func nextMinute() -> Moment {
    defer { minutes += 1 }
    return SampleRun.beginning + .seconds(60 * minutes)
  }

  /// A rollout that has not ended, unless it has `outcome`.
  mutating func add(
    rollout id: RunID, called name: String = "onboard", tenants: Int = 3, _ outcome: Outcome? = nil
  ) throws {
    var start = SampleRollout.start(id, tenants: tenants)
    start.name = name
    let at = nextMinute()
    var events = [RunEvent(sequence: 0, at: at, kind: .rollout(.started(start)))]
    if let outcome {
      let result = RolloutResult(outcome: outcome, counts: TenantCounts())
      events.append(
        RunEvent(sequence: 1, at: at + .seconds(1), kind: .rollout(.finished(result))))
    }
    try journal.append(events, run: id)
  }

  /// The run of a tenant, in a commit for its start and one for its end, if it has one.
  mutating func add(
    run: RunID, of rollout: RunID, _ index: Int, _ name: String, labels: [RunLabel] = [],
    _ result: RunResult? = nil
  ) throws {
    let start = SampleRollout.tenantStart(run, of: rollout, index, name: name, labels: labels)
    try add(start, result)
  }

  /// A run of its own.
  mutating func add(run: RunID, labels: [RunLabel] = [], _ result: RunResult? = nil) throws {
    let start = RunStart(
      run: run, playbook: "onboard-tenant", file: "onboard-tenant.yaml", planDigest: "",
      inputs: ["pin": .secret(text: "planted")], seed: 1, version: "1", labels: labels)
    try add(start, result)
  }

  private mutating func add(_ start: RunStart, _ result: RunResult?) throws {
    let at = nextMinute()
    try journal.append(
      [RunEvent(sequence: 0, at: at, kind: .runStarted(start))], run: start.run)
    guard let result else { return }
    try journal.append(
      [
        RunEvent(sequence: 1, at: at + .seconds(1), kind: .cancelRequested()),
        RunEvent(sequence: 2, at: at + .seconds(2), kind: .runFinished(result)),
      ], run: start.run)
  }
}

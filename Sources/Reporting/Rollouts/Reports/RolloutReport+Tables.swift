import Diagnostics
import Events
import Operations
import Playbooks

extension RolloutReport {
  private static let head = [
    "tenant", "state", "run", "labels", "started", "ended", "milliseconds", "created", "changed",
    "removed", "drift", "unchanged", "class", "operation", "status", "message", "hint", "step",
    "file", "line",
  ]

  /// A row for each tenant, below a row with the names of the columns.
  func writeTable(to write: (String) throws -> Void) throws {
    try write(CSVText.row(Self.head))
    try source.visit { try write(CSVText.row(cells(of: $0))) }
  }

  private func cells(of row: TenantRow) -> [String] {
    let failure = row.refusal == nil ? row.failure : nil
    let kinds: [StateChange.Kind] = [.create, .change, .remove, .drift, .unchanged]
    let start: [String?] = [
      row.name, row.state.rawValue, row.run?.text, row.labels.text, row.startedAt?.text,
      row.endedAt?.text, row.elapsed(at: nil).map { "\($0.wholeNanoseconds / 1_000_000)" },
    ]
    let end: [String?] = [
      failure?.kind.rawValue, failure?.operation, failure?.status.map(String.init), row.reason,
      row.state.needsAttention ? row.hint : nil, row.failedStep.map { "\($0)" },
      failure?.location?.file, failure?.location.map { "\($0.line)" },
    ]
    return start.map { $0 ?? "" } + kinds.map { "\(row.changes[$0])" } + end.map { $0 ?? "" }
  }

  /// A test case for each tenant, named by it.
  func writeJUnit(_ digest: RolloutDigest, to write: (String) throws -> Void) throws {
    let names = ["rollout", "playbook", "environment", "service", "tenants", "stopped"]
    let facts = facts(digest).filter { names.contains($0.name) }
    let labels = view.start?.labels.map { ("label \($0.name)", $0.value) } ?? []
    let elapsed = view.startedAt.flatMap { start in digest.latestAt.map { $0 - start } }
    let suite = JUnitSuite(
      name: title, file: view.start?.file,
      properties: facts.map { (name: $0.name, value: $0.text) } + labels, cases: [],
      startedAt: view.startedAt, time: elapsed)
    try write(suite.opening(digest.verdicts))
    try source.visit { row in
      let entry = JUnitSuite.Case(name: row.name, verdict: row.verdict, time: row.elapsed(at: nil))
      try write(suite.element(entry))
    }
    try write(JUnitSuite.closing)
  }
}

extension TenantRow {
  /// How a test case for the tenant ends: one that is not known to be as asked does not pass.
  var verdict: JUnitSuite.Verdict {
    let run = run.map { ["run: \($0)"] } ?? []
    let step = failedStep.map { ["step: \($0)"] } ?? []
    switch state {
    case .succeeded, .unchanged: return .passed
    case .failed where refusal != nil:
      let hint = hint.map { ["next: \($0)"] } ?? []
      return .error(type: "not-started", message: reason ?? state.words, details: hint)
    case .failed: return .init(failure, in: .failed, besides: run + step)
    case .inDoubt: return .init(failure, in: .inDoubt, besides: run + step)
    case .cancelled: return .skipped(message: reason ?? state.words)
    case .waiting, .running, .notStarted: return .skipped(message: state.usualReason)
    }
  }
}

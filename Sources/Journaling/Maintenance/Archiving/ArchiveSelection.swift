import Events
import Expressions
import Operations

/// Decides what leaves a journal, from its records, which it sees from the newest to the oldest.
struct ArchiveSelection: Sendable {
  /// What else is known of the journal.
  struct Surroundings: Sendable {
    /// The id of the journal's key.
    var key: [UInt8]
    /// The record that was begun last.
    var newest: RunID?
    /// The numbers of the records that hold locks.
    var locked: Set<Int64> = []
    /// The numbers of the records that requests wait for.
    var requested: Set<Int64> = []
    /// The rollouts whose results schedules have not recorded yet.
    var scheduled: Set<RunID> = []
  }

  /// What a run compares with, to find drift.
  private struct Baseline: Hashable {
    var playbook: String
    var file: String
    var tenant: String?
    var service: ServiceOrigins?
    /// Those of a run of its own, secrets apart: its tenant is among them.
    var inputs: [String: Value]
  }

  /// So long after a run that did not succeed, its effects may still not show: a new run looks at it.
  private static let settling = Duration.seconds(60)

  private let cutoff: Moment
  private let now: Moment
  private let surroundings: Surroundings
  private var units: [String: ArchiveUnit] = [:]
  /// The ids of the units, the newest first.
  private var order: [String] = []
  private var baselines: Set<Baseline> = []
  private var names: Set<String> = []
  /// The units that reuse results, with the run that they come from.
  private var reuses: [(unit: String, run: RunID)] = []
  /// The units of the runs whose results are reused.
  private var reusedUnits: [RunID: String] = [:]

  /// Selects what has no event at `cutoff` or later.
  init(before cutoff: Moment, at now: Moment, _ surroundings: Surroundings) {
    self.cutoff = cutoff
    self.now = now
    self.surroundings = surroundings
  }

  mutating func add(_ row: RunRow) {
    let id = ArchiveUnit.id(of: row)
    var unit = units[id] ?? ArchiveUnit(id)
    if units[id] == nil { order.append(id) }
    unit.add(row)
    lookAtState(of: row, &unit)
    if isLatest(row) { unit.keep(row.line.kind == .run ? .baseline : .latestRollout) }
    units[id] = unit
    let run = row.summary.run
    if reusedUnits[run] != nil { reusedUnits[run] = id }
    if case .runStarted(let start)? = row.firstEvent, let reused = start.reused {
      reuses.append((id, reused.run))
      reusedUnits[reused.run] = reusedUnits[reused.run] ?? reused.run.text
    }
  }

  private func lookAtState(of row: RunRow, _ unit: inout ArchiveUnit) {
    let summary = row.summary
    if summary.lastEventAt >= cutoff { unit.isRecent = true }
    switch summary.outcome {
    case nil: unit.keep(.unfinished)
    case .inDoubt?: unit.keep(.inDoubt)
    case .failed?, .cancelled?:
      if now - summary.lastEventAt < Self.settling { unit.isRecent = true }
    case .succeeded?, .unchanged?, .skipped?, .tolerated?: break
    }
    if row.owner != nil { unit.keep(.driven) }
    if surroundings.locked.contains(row.number) { unit.keep(.locked) }
    if surroundings.requested.contains(row.number) { unit.keep(.requested) }
    if surroundings.scheduled.contains(summary.run) { unit.keep(.scheduled) }
    if summary.run == surroundings.newest { unit.keep(.newest) }
    if let key = row.key, key != surroundings.key { unit.keep(.otherKey) }
  }

  /// Whether it is the first of its kind that is seen.
  private mutating func isLatest(_ row: RunRow) -> Bool {
    if let name = row.line.name { return names.insert(name).inserted }
    guard row.summary.outcome == .succeeded else { return false }
    var start: RunStart?
    if case .runStarted(let first)? = row.firstEvent { start = first }
    var inputs: [String: Value] = [:]
    if row.line.tenant == nil, let start {
      for name in start.inputs.names {
        if let value = start.inputs[name], !value.holdsSecret { inputs[name] = value }
      }
    }
    return baselines.insert(
      Baseline(
        playbook: row.line.playbook, file: row.line.file, tenant: row.line.tenant,
        service: start?.service, inputs: inputs)
    ).inserted
  }

  /// The units that leave, the oldest first, and in `report` what stays.
  func leaving(notingIn report: inout ArchiveReport) -> [ArchiveUnit] {
    let units = withReused()
    for unit in units.values where !unit.isRecent {
      if let stay = unit.stay { report.note(stay, unit.records) }
    }
    return order.reversed().compactMap { units[$0] }.filter { !$0.isRecent && $0.stay == nil }
  }

  /// The units, where those stay whose results a run needs that stays.
  private func withReused() -> [String: ArchiveUnit] {
    var units = units
    var changes = true
    while changes {
      changes = false
      for (unit, run) in reuses {
        guard let reuser = units[unit], reuser.isRecent || reuser.stay != nil,
          let reused = reusedUnits[run], units[reused]?.stay == nil, units[reused] != nil
        else { continue }
        units[reused]?.keep(.reused)
        changes = true
      }
    }
    return units
  }
}

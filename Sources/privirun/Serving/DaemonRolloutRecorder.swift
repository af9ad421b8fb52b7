import Events
import Logging
import Operations
import Reporting

/// Logs what happens to a rollout of a daemon: its stages, what it waits for, and each tenant that did not
/// succeed.
struct DaemonRolloutRecorder: RolloutRecorder {
  private let log: Logger
  private let fields: Logger.Metadata
  private let commands: RolloutCommands
  /// Of tenants whose runs are in progress, or may go on.
  private var names: [RunID: String] = [:]
  private let hasStages: Bool

  /// A recorder of the rollout that began with `start`, whose schedule has its name.
  init(_ log: Logger, of start: RolloutStart, commands: RolloutCommands) {
    self.log = log
    self.commands = commands
    hasStages = start.stages.count > 1
    fields = ["schedule": "\(start.name)", "rollout": "\(start.rollout.text)"]
  }

  mutating func recall(_ event: RunEvent) {}

  mutating func recall(_ row: TenantRow) {
    if let run = row.run, !row.state.isSuccess { names[run] = row.name }
  }

  mutating func record(_ event: RunEvent, of run: RunID) {
    switch event.kind {
    case .rollout(let kind): record(kind)
    case .runStarted(let start): names[run] = start.tenant?.name
    case .runFinished(let result): end(run, result)
    case _: break
    }
  }

  mutating func leave(_ run: RunID, as state: TenantState) {
    write(.notice, "tenant waits for a decision", tenant: names[run], run)
  }

  mutating func hold(_ tenant: String, until other: RunID) {
    write(.info, "tenant waits: another run holds its lock", tenant: tenant, other)
  }

  mutating func tick(at now: Moment) {}

  private mutating func end(_ run: RunID, _ result: RunResult) {
    let name = names[run]
    guard !TenantState(result).isSuccess else {
      names[run] = nil
      return write(.debug, "tenant succeeded", tenant: name, run)
    }
    var more: Logger.Metadata = ["outcome": "\(result.outcome.rawValue)"]
    if let failure = result.failure { more["reason"] = "\(failure.message)" }
    if let step = result.failedStep { more["step"] = "\(step)" }
    write(.warning, "tenant did not succeed", tenant: name, run, more)
  }

  private func record(_ event: RolloutEvent) {
    switch event {
    // The scheduler reports the beginning and the end.
    case .started, .resumed, .finished: break
    case .stageStarted where !hasStages, .stageProved where !hasStages: break
    case .stageStarted(let stage, let tenants):
      write(
        .info, "stage started",
        ["stage": .stringConvertible(stage), "tenants": .stringConvertible(tenants)])
    case .stageProved(let stage):
      write(.info, "stage succeeded", ["stage": .stringConvertible(stage)])
    case .baking(let stage, let until):
      write(
        .info, "waiting before the next stage",
        ["stage": .stringConvertible(stage), "until": "\(until.text)"])
    case .gateEvaluated(let stage, let isOpen):
      write(
        isOpen ? .info : .warning, isOpen ? "the gate is open" : "the gate is closed",
        ["stage": .stringConvertible(stage)])
    case .approvalRequested(let stage):
      write(
        .notice, "waiting for an approval",
        ["stage": .stringConvertible(stage), "hint": "`\(commands.approve)` gives it"])
    case .approvalDecided(let stage, _):
      write(.notice, "the approval was decided on", ["stage": .stringConvertible(stage)])
    case .tenantRefused(let refusal):
      var more: Logger.Metadata = ["tenant": "\(refusal.tenant)", "reason": "\(refusal.reason)"]
      if let hint = refusal.hint { more["hint"] = "\(hint)" }
      write(.warning, "tenant has no run", more)
    case .paused: write(.notice, "paused", ["hint": "`\(commands.unpause)` ends it"])
    case .unpaused: write(.notice, "unpaused")
    case .stopping(let stop):
      write(.warning, "no further tenant starts", ["reason": "\(stop.text)"])
    }
  }

  private func write(
    _ level: Logger.Level, _ message: Logger.Message, _ more: Logger.Metadata = [:]
  ) {
    log.log(level: level, message, metadata: fields.merging(more) { $1 })
  }

  private func write(
    _ level: Logger.Level, _ message: Logger.Message, tenant: String?, _ run: RunID,
    _ more: Logger.Metadata = [:]
  ) {
    var more = more
    more["run"] = "\(run.text)"
    if let tenant { more["tenant"] = "\(tenant)" }
    write(level, message, more)
  }
}

import Events
import Journaling
import Logging
import Operations
import Reporting
import Schedules

/// The words of a daemon's log about schedules and their rollouts.
extension Logger {
  func write(_ tick: Tick, of schedule: String, _ overlap: Schedule.Overlap) {
    var fields = Metadata.of(schedule, tick.verdict.rollout)
    fields["due"] = "\(tick.due.text)"
    fields["verdict"] = "\(tick.verdict.name)"
    if tick.count > 1 {
      fields["through"] = "\(tick.through.text)"
      fields["count"] = .stringConvertible(tick.count)
    }
    if let person = tick.verdict.person { fields["by"] = "\(person)" }
    if case .failedToStart(let reason, _) = tick.verdict { fields["reason"] = "\(reason)" }
    log(level: tick.verdict.level(overlap), "due instant decided", metadata: fields)
  }

  func write(_ pause: SchedulePause?, of schedule: String) {
    guard let pause else { return notice("schedule resumed", .of(schedule, nil)) }
    switch pause.cause {
    case .person(let person, let reason):
      var fields = Metadata.of(schedule, nil, reason)
      fields["by"] = "\(person)"
      notice("schedule paused", fields)
    case .failure(let rollout):
      warning("schedule paused: its rollout did not succeed", .of(schedule, rollout))
    }
  }

  func write(
    _ outcome: Outcome, _ counts: TenantCounts, of schedule: String, _ rollout: RunID?
  ) {
    var fields = Metadata.of(schedule, rollout, counts)
    fields["outcome"] = "\(outcome.rawValue)"
    switch outcome {
    case .succeeded, .unchanged, .skipped, .tolerated: info("rollout ended", fields)
    case .cancelled: warning("rollout ended", fields)
    case .failed, .inDoubt: error("rollout ended", fields)
    }
  }

  /// Writes what happened to a rollout that was started before.
  func write(_ event: DaemonEvent) {
    switch event {
    case .resumed(let schedule, let rollout): info("rollout resumed", .of(schedule, rollout))
    case .followed(let schedule, let rollout, let process):
      var fields = Metadata.of(schedule, rollout)
      fields.merge(.of(process)) { $1 }
      info("rollout driven by another process", fields)
    case .waiting(let schedule, let rollout, let counts):
      notice("rollout waits for decisions on its tenants", .of(schedule, rollout, counts))
    case .notResumed(let schedule, let rollout, let refusal, .triesAgain(let pause)):
      var fields = Metadata.of(schedule, rollout, refusal)
      fields["again"] = "\(ElapsedText.text(pause))"
      error("the rollout cannot be resumed yet", fields)
    case .notResumed(let schedule, let rollout, let refusal, .givesUp):
      error(
        "the rollout cannot be resumed, and is recorded as in doubt",
        .of(schedule, rollout, refusal))
    case .left(let schedule, let rollout):
      notice("rollout left to the next process", .of(schedule, rollout))
    case .faulty(let schedule, let rollout, let message):
      critical(
        "internal error in a rollout, which is recorded as in doubt",
        .of(schedule, rollout, message))
    case .turned, .entered, .acts, .recorded, .decided, .pauseChanged, .unreadable, .unusable,
      .started, .refused, .ended,
      .journalFailed, .journalWorked:
      break
    }
  }
}

extension TickVerdict {
  /// A due instant without a rollout deserves a look, unless that is what its schedule asks for.
  fileprivate func level(_ overlap: Schedule.Overlap) -> Logger.Level {
    switch self {
    case .ran, .caughtUp, .triggered, .paused: .info
    case .skippedOverlap: overlap == .skip ? .info : .warning
    case .skippedWindow, .missed: .warning
    case .failedToStart: .error
    }
  }
}

extension Logger {
  func info(_ message: Logger.Message, _ fields: Metadata) { info(message, metadata: fields) }
  func notice(_ message: Logger.Message, _ fields: Metadata) { notice(message, metadata: fields) }
  func warning(_ message: Logger.Message, _ fields: Metadata) { warning(message, metadata: fields) }
  func error(_ message: Logger.Message, _ fields: Metadata) { error(message, metadata: fields) }
  func critical(_ message: Logger.Message, _ fields: Metadata) {
    critical(message, metadata: fields)
  }
}

extension Logger.Metadata {
  /// The fields of a schedule and its rollout.
  static func of(
    _ schedule: String, _ rollout: RunID?, _ reason: String? = nil, _ hint: String? = nil
  ) -> Self {
    var fields: Self = ["schedule": "\(schedule)"]
    if let rollout { fields["rollout"] = "\(rollout.text)" }
    if let reason { fields["reason"] = "\(reason)" }
    if let hint { fields["hint"] = "\(hint)" }
    return fields
  }

  /// The fields that name a process.
  static func of(_ process: OwnerIdentity) -> Self {
    ["process": .stringConvertible(Int(process.process)), "host": "\(process.host)"]
  }

  /// The fields of a rollout whose tenants stand like this.
  static func of(_ schedule: String, _ rollout: RunID?, _ counts: TenantCounts) -> Self {
    var fields = of(schedule, rollout)
    for state in TenantState.allCases where counts[state] > 0 {
      fields[state.rawValue] = .stringConvertible(counts[state])
    }
    return fields
  }

  static func of(_ schedule: String, _ rollout: RunID?, _ refusal: ResumeRefusal) -> Self {
    switch refusal {
    case .owned: of(schedule, rollout, "another process drives it")
    case .hindered(let reason, let hint), .impossible(let reason, let hint):
      of(schedule, rollout, reason, hint)
    }
  }
}

extension JournalError {
  fileprivate var hintFields: Logger.Metadata { hint.map { ["hint": "\($0)"] } ?? [:] }

  /// The fields of a failure.
  var fields: Logger.Metadata {
    var fields = hintFields
    fields["reason"] = "\(description)"
    return fields
  }
}

import Events
import Operations

extension RolloutReport {
  /// One object on one line (`schemas/rollout-report.schema.json`), a piece for each tenant.
  func writeJSON(_ digest: RolloutDigest, to write: (String) throws -> Void) throws {
    let head = RolloutJSON.head(
      view, progress, counts: digest.counts, reasons: digest.reasons, changes: digest.changes,
      latestAt: digest.latestAt
    ).line
    // The object is closed behind its last member.
    try write(head.dropLast() + ",\"tenants\":[")
    var isFirst = true
    try source.visit { row in
      try write((isFirst ? "" : ",") + RolloutJSON.tenant(row).line)
      isFirst = false
    }
    try write("]}\n")
  }
}

/// What programs read of a rollout: the form has a version of its own, and may only grow.
enum RolloutJSON {
  /// The rollout as a whole, with its reasons.
  static func head(
    _ view: RolloutView, _ progress: RunProgress?, tick: ListedTick? = nil, counts: TenantCounts,
    reasons: ReasonTable, changes: ChangeCounts, latestAt: Moment?
  ) -> EncodedJSON {
    let start = view.start
    let elapsed = view.startedAt.flatMap { start in latestAt.map { $0 - start } }
    return .object([
      "version": .count(EncodedEvent.version), "rollout": start.map { .text($0.rollout.text) },
      "name": start.map { .text($0.name) }, "file": start.map { .text($0.file) },
      "playbook": start.map { .text($0.playbook) },
      "tenantsFile": start.map { .text($0.tenantsFile) },
      "mode": start.map { .text($0.mode.rawValue) },
      "environment": start?.environment.map(EncodedJSON.text),
      "service": start?.service.map(EncodedEvent.json(of:)),
      "labels": start.flatMap { EncodedEvent.json(of: $0.labels) },
      "schedule": tick?.startJSON,
      "programVersion": start.map { .text($0.version) },
      "startedAt": view.startedAt.map(EncodedJSON.instant),
      "lastEventAt": latestAt.map(EncodedJSON.instant),
      "elapsedMilliseconds": elapsed.map(EncodedJSON.milliseconds),
      "outcome": (view.result?.outcome).map { .text($0.rawValue) },
      "stop": (view.result?.stop ?? view.stop).map(stop),
      "paused": view.isPaused ? .bool(true) : nil, "waitsFor": view.hold.map(hold),
      "stages": start.map { stages($0.stages, view) },
      "progress": progress.map { .text($0.state.rawValue) }, "driver": progress?.driverJSON,
      "since": (progress?.since).map(EncodedJSON.instant),
      "counts": json(counts), "changes": changes.isEmpty ? nil : EncodedEvent.json(of: changes),
      "reasons": reasons.json,
    ])
  }

  /// One tenant.
  static func tenant(_ row: TenantRow) -> EncodedJSON {
    .object([
      "tenant": .text(row.name), "state": .text(row.state.rawValue),
      "run": row.run.map { .text($0.text) }, "labels": EncodedEvent.json(of: row.labels),
      "startedAt": row.startedAt.map(EncodedJSON.instant),
      "endedAt": row.endedAt.map(EncodedJSON.instant),
      "elapsedMilliseconds": row.elapsed(at: nil).map(EncodedJSON.milliseconds),
      "changes": row.changes.isEmpty ? nil : EncodedEvent.json(of: row.changes),
      "failure": row.failure.map(EncodedEvent.json(of:)),
      "failedStep": row.failedStep.map { .text($0.description) },
      "refusal": row.refusal.map { refusal in
        .object(["reason": .text(refusal.reason), "hint": refusal.hint.map(EncodedJSON.text)])
      },
    ])
  }

  /// Every state with its number, which may be 0.
  static func json(_ counts: TenantCounts) -> EncodedJSON {
    .object(
      TenantState.allCases.map { .init(name: $0.rawValue, value: .count(counts[$0])) })
  }

  private static func stages(_ sizes: [Int], _ view: RolloutView) -> EncodedJSON {
    .list(
      sizes.enumerated().map { index, tenants in
        let stage = view.stages.last { $0.number == index + 1 }
        return .object([
          "tenants": .count(tenants), "startedAt": stage.map { .instant($0.startedAt) },
          "provedAt": stage?.provedAt.map(EncodedJSON.instant),
        ])
      })
  }

  private static func hold(_ hold: RolloutView.Hold) -> EncodedJSON {
    switch hold {
    case .baking(let until): .object(["kind": "baking", "until": .instant(until)])
    case .approval(let since): .object(["kind": "approval", "since": .instant(since)])
    }
  }

  private static func stop(_ stop: RolloutStop) -> EncodedJSON {
    let text = EncodedJSON.text(stop.text)
    return switch stop {
    case .failures(let count, let limit):
      .object([
        "reason": "failures", "text": text, "count": .count(count), "limit": .count(limit),
      ])
    case .stageFailed(let stage):
      .object(["reason": "stage-failed", "text": text, "stage": .count(stage)])
    case .gateShut(let stage):
      .object(["reason": "gate-shut", "text": text, "stage": .count(stage)])
    case .cancelled: .object(["reason": "cancelled", "text": text])
    case .deadline: .object(["reason": "deadline", "text": text])
    }
  }
}

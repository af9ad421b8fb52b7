import Events
import Operations

/// The form that `schemas/rollout-plan.schema.json` describes.
extension RolloutPlanReport {
  /// One line of JSON with all tenants, the first ones with their whole plans; secrets masked.
  package var json: String {
    let plans = Dictionary(
      whole.map { ($0.tenant, $0.plan) }, uniquingKeysWith: { first, _ in first })
    return EncodedJSON.object([
      "version": .count(EncodedEvent.version), "type": "rollout-plan",
      "rollout": .text(heading.name), "file": .text(heading.file),
      "playbook": .text(heading.playbook), "mode": .text(heading.mode.rawValue),
      "service": heading.service.map(EncodedEvent.json(of:)),
      "environment": heading.environment.map(EncodedJSON.text), "offline": .bool(omitsReads),
      "tenantCount": .count(heading.tenantCount),
      "stages": .list(heading.stages.map(EncodedJSON.count)), "limits": heading.limits,
      "complete": .bool(!failed), "hasWork": .bool(hasWork), "hasConflicts": .bool(hasConflicts),
      "hasDrift": heading.mode == .drift ? .bool(hasDrift) : nil, "tenantCounts": tenantCounts,
      "counts": heading.mode == .drift ? nil : tenants.counts.json,
      "drift": heading.mode == .drift ? tenants.driftCounts.driftJSON : nil,
      "votes": .list(votes.kinds.map { $0.vote.json($0.entry) }),
      "longestWait": heading.mode == .drift ? nil : wait.json,
      "finals": .list(
        finals.all.map { step, entry in
          .object([
            "action": .text(step.sign.rawValue), "subject": .text(step.subject),
            "count": .count(entry.count), "tenantCount": .count(entry.tenants),
          ])
        }),
      "lifetimes": .list(
        lifetimes.all.map { warning, entry in
          .object([
            "step": .text(warning.step.description), "text": .text(warning.text),
            "tenantCount": .count(entry.tenants),
          ])
        }), "reasons": reasons.json, "gone": .list(heading.gone.map(EncodedJSON.text)),
      "tenants": .list(tenants.rows.map { json($0, plans[$0.tenant]) }),
    ]).line + "\n"
  }

  private var tenantCounts: EncodedJSON {
    let complete = tenants.count { $0.ending == .complete }
    func count(_ ending: TenantOutline.Ending) -> EncodedJSON {
      .count(tenants.count { $0.ending == ending })
    }
    return .object([
      "notable": .count(notable), "quiet": .count(complete - notable), "failed": count(.failed),
      "incomplete": count(.incomplete), "refused": count(.refused), "missing": .count(missing),
    ])
  }

  private func json(_ row: TenantOutlines.Row, _ plan: TenantPlan?) -> EncodedJSON {
    let outline = tenants[row]
    let isPlanned = outline.ending != .refused
    let isWork = isPlanned && outline.subject == .work
    return .object([
      "tenant": .text(row.tenant), "outcome": .text(outline.ending.rawValue),
      "cause": row.problem?.cause.map(EncodedJSON.text),
      "failure": row.problem?.failure.map(EncodedEvent.json(of:)),
      "failedStep": row.problem?.step.map { .text($0.description) },
      "refusal": row.problem?.refusal.map { refusal in
        .object(["reason": .text(refusal.reason), "hint": refusal.hint.map(EncodedJSON.text)])
      },
      "hasWork": isWork ? .bool(outline.isNotable) : nil,
      "counts": isWork ? outline.counts.json : nil,
      "votes": isWork ? .count(outline.votes) : nil,
      "possibleVotes": outline.possibleVotes > 0 ? .count(outline.possibleVotes) : nil,
      "worstWaitMilliseconds": isWork ? outline.wait.map(EncodedJSON.milliseconds) : nil,
      "finals": isWork ? .count(outline.finals) : nil,
      "hasDrift": isPlanned && !isWork ? .bool(outline.isNotable) : nil,
      "drift": isPlanned && !isWork ? outline.counts.driftJSON : nil, "since": row.since?.json,
      "plan": plan.flatMap(\.encoded),
    ])
  }
}

extension RolloutPlanReport.Heading {
  fileprivate var limits: EncodedJSON {
    .object([
      "concurrency": .count(concurrency), "maxFailures": maxFailures.map(EncodedJSON.count),
      "votesAtOnce": votesAtOnce.map(EncodedJSON.count), "pace": pace.map(EncodedJSON.number),
      "bakeMilliseconds": bake.map(EncodedJSON.milliseconds), "gate": gate.map(EncodedJSON.text),
      "deadlineMilliseconds": deadline.map(EncodedJSON.milliseconds),
    ])
  }
}

extension RolloutPlanReport.TenantPlan {
  fileprivate var encoded: EncodedJSON? {
    switch self {
    case .plan(let report): report.encoded
    case .drift(let report): report.encoded
    case .refused: nil
    }
  }
}

extension RolloutWait {
  fileprivate var json: EncodedJSON {
    .object([
      "votesMilliseconds": votes.map(EncodedJSON.milliseconds),
      "bakeMilliseconds": .milliseconds(bake), "approvals": .count(approvals),
      "totalMilliseconds": total.map(EncodedJSON.milliseconds),
    ])
  }
}

extension PlannedVote {
  fileprivate func json(_ entry: TenantTally<RolloutVotes.Kind>.Entry) -> EncodedJSON {
    .object([
      "event": .text(event), "policy": policy.map(EncodedJSON.text),
      "certain": .bool(certainty == .certain), "voterCount": voterCount.map(EncodedJSON.count),
      "worstWaitMilliseconds": worstWait.map(EncodedJSON.milliseconds),
      "remark": remark.map(EncodedJSON.text), "count": .count(entry.count),
      "tenantCount": .count(entry.tenants),
    ])
  }
}

extension TenantProblem {
  fileprivate var failure: Failure? {
    if case .failed(let failure, _) = self { failure } else { nil }
  }

  fileprivate var step: StepPath? {
    if case .failed(_, let step) = self { step } else { nil }
  }

  /// How planning was stopped.
  fileprivate var cause: String? {
    if case .incomplete(let cause) = self { cause } else { nil }
  }

  fileprivate var refusal: TenantRefusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }
}

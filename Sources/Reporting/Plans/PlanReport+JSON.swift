import Events
import Expressions
import Operations
import Playbooks

/// The form that `schemas/plan.schema.json` describes.
extension PlanReport {
  /// One line of JSON with all steps that have something to show; secrets masked, unknown values marked.
  package var json: String { encoded.line + "\n" }

  /// The same as a part of other documents.
  var encoded: EncodedJSON {
    .object([
      "version": .count(EncodedEvent.version), "type": "plan",
      "playbook": heading.playbook.map(EncodedJSON.text),
      "file": heading.file.map(EncodedJSON.text), "labels": EncodedEvent.json(of: heading.labels),
      "service": heading.service.map(EncodedEvent.json(of:)),
      "environment": heading.environment.map(EncodedJSON.text),
      "offline": .bool(heading.reads == .omitted), "outcome": .text(ending.word),
      "cause": ending.cause.map(EncodedJSON.text),
      "failure": ending.failure.map(EncodedEvent.json(of:)),
      "failedStep": ending.step.map { .text($0.description) }, "hasWork": .bool(hasWork),
      "counts": counts.json, "steps": .list(items.map(\.json)), "votes": .list(votes.map(\.json)),
      "lifetimes": .list(lifetimes.map(\.json)),
      "finals": .list(finals.map { .text($0.path.description) }),
      "withoutUndo": withoutUndo.isEmpty
        ? nil : .list(withoutUndo.map { .text($0.description) }),
    ])
  }
}

extension PlanCounts {
  /// Every sign with its number, which may be 0.
  var json: EncodedJSON {
    .object([
      "create": .count(self[.create]), "change": .count(self[.change]),
      "remove": .count(self[.remove]), "drift": .count(self[.drift]),
      "conflict": .count(self[.conflict]),
      "unknown": .count(self[.unknown]), "unchanged": .count(self[.unchanged]),
      "skipped": .count(self[.skipped]), "failed": .count(self[.failed]),
    ])
  }
}

extension PlannedItem {
  fileprivate var json: EncodedJSON {
    .object([
      "step": .text(path.description), "label": .text(step.label), "title": .text(title),
      "kind": step.kind.map { .text($0.rawValue) }, "subject": subject.map(EncodedJSON.text),
      "action": sign.map { .text($0.rawValue) }, "reason": reason.map(EncodedJSON.text),
      "differences": differences.isEmpty ? nil : .list(differences.map(\.json)),
      "final": isFinal ? .bool(true) : nil, "outcome": outcome.map { .text($0.rawValue) },
      "failure": failure.map(EncodedEvent.json(of:)), "notice": notice.map(EncodedJSON.text),
      "steps": children.isEmpty ? nil : .list(children.map(\.json)),
    ])
  }
}

extension Lookup.Difference {
  fileprivate var json: EncodedJSON {
    .object([
      "field": .text(field), "found": EncodedValue.json(found), "asked": EncodedValue.json(asked),
      "secret": asked.holdsSecret || found.holdsSecret ? .bool(true) : nil,
    ])
  }
}

extension PlannedVote {
  fileprivate var json: EncodedJSON {
    .object([
      "event": .text(event), "policy": policy.map(EncodedJSON.text),
      "certain": .bool(certainty == .certain), "voterCount": voterCount.map(EncodedJSON.count),
      "voters": .list(voters.map(EncodedJSON.text)),
      "worstWaitMilliseconds": worstWait.map(EncodedJSON.milliseconds),
      "remark": remark.map(EncodedJSON.text),
      "steps": .list(steps.map { .text($0.description) }),
    ])
  }
}

extension LifetimeWarning {
  fileprivate var json: EncodedJSON {
    .object(["step": .text(step.description), "text": .text(text)])
  }
}
